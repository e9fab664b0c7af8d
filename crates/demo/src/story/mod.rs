//! One conversation, from its opening to its end. Whatever happens in it is decided by the domain's rules.
//!
//! A story is told in steps. What depends on whether an agent is free is a step of its own, so that stories that take place at the same time can be told
//! in the order of time.

mod bot;
mod later;
mod person;

use domain::{
    conversation::{BOT_IDLE_MS, BotWork, Channel, Conversation, Event, Opening, ReopenTo, Said, State},
    entry::body::RatingReasonRef,
    id::{AgentId, ConversationId, QueueId, VisitorId},
    journal::{Actor, Head, NewEntry, StoredEntry},
    rating::{BEST, MIDDLE, WORST, is_good},
    refusal::Refusal,
    text::{Bilingual, Lang},
    time::{HOUR, SECOND, Ts},
};

use crate::{
    cast::Cast,
    chance::Chance,
    profile::{Day, Profile},
    roster::Roster,
    words::{Talk, Words},
};

/// Nobody returns more often than this.
const MOST_EPISODES: i64 = 3;

/// What all stories have in common.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// Who takes part.
    pub cast: &'a Cast,
    /// What is said.
    pub words: &'a Words,
    /// How traffic varies.
    pub profile: &'a Profile,
}

/// A customer who is about to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The customer.
    pub visitor: VisitorId,
    /// The customer's language.
    pub lang: Lang,
    /// When the customer opens the chat.
    pub at: Ts,
}

/// What happens next in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing: it is over.
    Over,
    /// The customer asks for a person.
    Ask,
    /// The customer returns after the end.
    Return,
    /// Somebody answers the message that was left.
    AnswerLeft,
}

/// A message that was left for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The number of the episode it ended.
    pub episode: i64,
    /// The number of its entry.
    pub seq: i64,
    /// The queue it is for.
    pub queue: QueueId,
    /// When it was left.
    pub at: Ts,
    /// When an answer was promised by.
    pub promised_by: Option<Ts>,
    /// When it was handled, by whom, and whether by an answer.
    pub done: Option<(Ts, AgentId, bool)>,
}

/// What the customer wrote beside the score of a rating.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The comment.
    pub comment: Option<String>,
    /// Whether the matter is settled.
    pub solved: Option<bool>,
}

/// A conversation as it is written into the record.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The conversation as it was at the end of each episode before the last, and as it is now.
    pub episodes: Vec<(Conversation, Option<Verdict>)>,
    /// Its entries.
    pub entries: Vec<StoredEntry>,
    /// The head of its stream.
    pub head: Head,
    /// The messages left in it.
    pub left: Vec<Left>,
}

/// A conversation that is being told.
#[derive(Debug, Clone)]
pub struct Story {
    c: Conversation,
    entries: Vec<StoredEntry>,
    head: Head,
    /// The conversation at the end of earlier episodes.
    earlier: Vec<Conversation>,
    /// The ratings, by episode.
    verdicts: Vec<(i64, Verdict)>,
    left: Vec<Left>,
    /// The time of the next step, or of what is being told.
    at: Ts,
    next: Step,
    /// What the bot did last.
    bot: BotWork,
    theme: usize,
    /// Whether the customer writes because of an outage.
    in_outage: bool,
    /// The probability that the customer is pleased.
    good_will: f64,
    chance: Chance,
}

impl Story {
    /// Begins a story: the customer opens the chat and talks to the bot.
    pub fn begin(stage: Stage<'_>, day: &Day, visit: Visit, mut chance: Chance) -> Result<Self, Refusal> {
        let Visit { visitor, lang, at } = visit;
        let theme = chance.choose(&day.weights_at(at));
        let in_outage = theme == stage.words.disrupted && day.outage_at(at).is_some();
        let all = stage.words.goods.len();
        // Few goods are asked about by many, whatever the season: a week of them has to make some popular.
        let product = (theme == stage.words.sold && chance.is_likely(0.5)).then(|| chance.low(all).min(chance.low(all)).min(chance.low(all)));
        let id = ConversationId::new(chance.uuid(at));
        let goods = product.map(|product| stage.words.goods[product].id.clone());
        let (tenant, site) = (stage.cast.tenant, stage.cast.site);
        let (c, opened) = Conversation::open(Opening { id, tenant, site, visitor, channel: Channel::Web, lang, product: goods }, at);
        let mut story = Self {
            c,
            entries: Vec::new(),
            head: Head::default(),
            earlier: Vec::new(),
            verdicts: Vec::new(),
            left: Vec::new(),
            at,
            next: Step::Over,
            bot: BotWork::Nothing,
            theme,
            in_outage,
            good_will: 0.82,
            chance,
        };
        story.store(opened);
        story.with_bot(stage, day, product)?;
        Ok(story)
    }

    /// When the next step is due; `None` if the story is over.
    pub fn due(&self) -> Option<Ts> {
        (self.next != Step::Over).then_some(self.at)
    }

    /// Tells the next step.
    pub fn go_on(&mut self, stage: Stage<'_>, roster: &mut Roster<'_>) -> Result<(), Refusal> {
        match std::mem::replace(&mut self.next, Step::Over) {
            Step::Over => Ok(()),
            Step::Ask => self.ask_for_person(stage, roster),
            Step::Return => self.return_after_the_end(stage, roster),
            Step::AnswerLeft => self.answer_left(stage, roster),
        }
    }

    /// The conversation up to `now`; `None` if it would still be going on, or if a message left in it still waits for an answer.
    pub fn finish(mut self, now: Ts) -> Result<Option<Finished>, Refusal> {
        if self.c.state.is_open() || self.c.left_at.is_some() || self.head.last_at >= now {
            return Ok(None);
        }
        if let Some(due) = self.c.due_at.filter(|due| *due < now) {
            self.at = due;
            self.happens(Event::Expire { bot: self.bot }, &Actor::system())?;
        }
        let Self { c, entries, head, mut earlier, verdicts, left, .. } = self;
        earlier.push(c);
        let verdict = |c: &Conversation| verdicts.iter().rev().find(|(of, _)| *of == c.episode.number).map(|(_, verdict)| verdict.clone());
        let episodes = earlier.into_iter().map(|c| (verdict(&c), c)).map(|(verdict, c)| (c, verdict)).collect();
        Ok(Some(Finished { episodes, entries, head, left }))
    }

    /// What is said to each other about the customer's matter.
    fn talk<'a>(&self, stage: Stage<'a>) -> &'a Talk {
        let phrases = &stage.words.phrases;
        if self.in_outage { &phrases.outage } else { &phrases.themes[self.theme].talk }
    }

    /// One of several texts, in the customer's language.
    fn one_of(&mut self, texts: &[Bilingual]) -> String {
        self.chance.pick(texts).get(self.c.lang).to_owned()
    }

    const fn customer(&self) -> Actor {
        Actor::customer(self.c.visitor.uuid())
    }

    /// The customer says something; a conversation that has ended continues with the bot.
    fn say(&mut self, said: Said) -> Result<(), Refusal> {
        self.happens(Event::CustomerSays { said, reopen: ReopenTo::Bot, product: None }, &self.customer())
    }

    /// The customer ends a conversation with the bot, or falls silent.
    fn leave(&mut self, stage: Stage<'_>) -> Result<(), Refusal> {
        if self.chance.is_likely(0.45) {
            self.wait(15, 90);
            self.happens(Event::End { bot: self.bot }, &self.customer())?;
            return self.rate(stage, 0.24);
        }
        self.fall_silent()
    }

    /// The customer says nothing more, and the bot's patience ends.
    fn fall_silent(&mut self) -> Result<(), Refusal> {
        self.at = self.at.plus(BOT_IDLE_MS);
        self.happens(Event::Expire { bot: self.bot }, &Actor::system())
    }

    /// The customer rates the episode, with about this probability: an angry one has more to say.
    fn rate(&mut self, stage: Stage<'_>, probability: f64) -> Result<(), Refusal> {
        let eagerness = 1.0 + 0.5 * (0.8 - self.good_will).max(0.0);
        if !self.chance.is_likely(probability * eagerness) {
            return Ok(());
        }
        self.wait(5, 60);
        let score = if self.chance.is_likely(self.good_will) {
            [BEST, BEST - 1][self.chance.choose(&[0.68, 0.32])]
        } else {
            [MIDDLE, MIDDLE - 1, WORST][self.chance.choose(&[0.5, 0.28, 0.22])]
        };
        let comments = &stage.words.phrases.comments;
        let (texts, probability) = match score {
            ..MIDDLE => (&comments.poor, 0.5),
            MIDDLE => (&comments.middling, 0.3),
            _ => (&comments.good, 0.2),
        };
        let comment = self.chance.is_likely(probability).then(|| self.chance.pick(texts).get(self.c.lang).to_owned());
        let solved = self.chance.is_likely(0.85).then_some(score >= MIDDLE);
        self.verdicts.push((self.c.episode.number, Verdict { comment: comment.clone(), solved }));
        // One reason at most, and no chance of its own: what happens afterwards stays the same.
        let fitting: Vec<_> = stage.cast.rating_reasons.iter().filter(|reason| reason.is_praise == is_good(score)).collect();
        let pick = usize::from(self.c.id.uuid().as_bytes()[15]);
        let reasons = fitting.get(pick % (fitting.len() * 2).max(1)).map(|reason| RatingReasonRef { id: reason.id, name: reason.name.clone() });
        self.happens(Event::Rate { score, comment, solved, reasons: reasons.into_iter().collect() }, &self.customer())
    }

    /// Time passes, in seconds.
    fn wait(&mut self, from_s: i64, to_s: i64) {
        self.at = self.at.plus(self.chance.between(from_s * SECOND, to_s * SECOND));
    }

    /// The customer may return within the day, with this probability.
    fn may_return(&mut self, probability: f64) {
        let may = self.next == Step::Over && self.c.state == State::Resolved && self.c.left_at.is_none() && self.c.episode.number < MOST_EPISODES;
        if may && self.chance.is_likely(probability) {
            self.at = self.at.plus(self.chance.between(HOUR / 4, 9 * HOUR));
            self.next = Step::Return;
        }
    }

    fn happens(&mut self, event: Event, actor: &Actor) -> Result<(), Refusal> {
        let transition = self.c.apply(event, actor, self.at)?;
        self.c = transition.next;
        for entry in transition.entries {
            self.store(entry);
        }
        Ok(())
    }

    fn store(&mut self, entry: NewEntry) {
        self.entries.push(self.head.number(entry, self.at));
    }
}
