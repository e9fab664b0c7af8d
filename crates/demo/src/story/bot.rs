//! What happens while the bot has the conversation.

use domain::{
    conversation::{AnswerOutcome, BotWork, Event, Said},
    entry::{
        body::{AnswerChoice, AnswerSource, Message},
        fact,
    },
    journal::Actor,
    refusal::Refusal,
    time::{SECOND, Ts},
};

use super::{Stage, Step, Story};
use crate::{profile::Day, words::Entry};

/// The category of remarks that need no knowledge.
const SMALL_TALK: &str = "small_talk";
/// The category of questions about a product.
const ATTRIBUTE: &str = "attribute";
/// The category of a request for a person while nobody is there.
const HUMAN_REQUEST: &str = "human_request";
/// Some open the window and change their minds.
const CHANGED_MINDS: f64 = 0.08;
/// The share of customers who ask for a person although the bot has answered everything.
const WANT_A_PERSON: f64 = 0.24;
/// The share of questions after which the bot asks which of several was meant.
const ASKS_BACK: f64 = 0.07;
/// How many times as many questions the bot cannot answer during an outage.
const MISSES_IN_OUTAGE: f64 = 3.5;

/// What the bot knows of its answer.
struct Found<'a> {
    outcome: AnswerOutcome,
    category: Option<&'a str>,
    source: Option<AnswerSource>,
    /// How sure it is, in thousandths.
    confidence: usize,
}

impl Story {
    /// The customer talks to the bot first: asks a few questions, and then leaves or asks for a person.
    pub(super) fn with_bot(&mut self, stage: Stage<'_>, day: &Day, product: Option<usize>) -> Result<(), Refusal> {
        if self.chance.is_likely(CHANGED_MINDS) {
            return self.fall_silent();
        }
        if self.chance.is_likely(0.14) {
            self.make_small_talk(stage)?;
        }
        let mut misses = 0;
        for _ in 0..=self.chance.low(3) {
            misses += usize::from(!self.take_turn(stage, day, product)?);
        }
        self.good_will -= 0.12 * misses as f64;
        let wish = if self.in_outage { 0.6 } else { WANT_A_PERSON + if misses > 0 { 0.3 } else { 0.0 } };
        self.decide(stage, wish)
    }

    /// The customer asks for a person, with this probability, or leaves.
    pub(super) fn decide(&mut self, stage: Stage<'_>, wish: f64) -> Result<(), Refusal> {
        if self.chance.is_likely(wish) {
            self.wait(5, 40);
            self.next = Step::Ask;
            return Ok(());
        }
        self.leave(stage)?;
        self.may_return(0.04);
        Ok(())
    }

    /// The customer asks something; returns whether the bot had an answer.
    fn take_turn(&mut self, stage: Stage<'_>, day: &Day, product: Option<usize>) -> Result<bool, Refusal> {
        self.wait(8, 50);
        if let Some(product) = product
            && self.chance.is_likely(0.6)
        {
            return self.ask_about(stage, product);
        }
        let misses = if self.in_outage { day.misses * MISSES_IN_OUTAGE } else { day.misses };
        if self.chance.is_likely(misses) {
            let phrases = &stage.words.phrases;
            let asked = self.one_of(if self.in_outage { &phrases.outage.openings } else { &phrases.unknown });
            self.say(Said::text(asked))?;
            return self.miss(stage).map(|()| false);
        }
        let entry = self.entry(stage);
        if !self.in_outage && self.chance.is_likely(ASKS_BACK) {
            return self.ask_back(stage, entry);
        }
        let asked = self.phrasing(stage, entry);
        self.say(Said::text(asked))?;
        self.answer_from(stage, entry).map(|()| true)
    }

    /// An entry of the knowledge that the customer's matter is about.
    fn entry<'a>(&mut self, stage: Stage<'a>) -> &'a Entry {
        let entries = stage.words.of_theme(self.theme);
        &stage.words.entries[entries[self.chance.low(entries.len())]]
    }

    /// How the customer asks for an entry.
    fn phrasing(&mut self, stage: Stage<'_>, entry: &Entry) -> String {
        if self.in_outage {
            return self.one_of(&stage.words.phrases.outage.openings);
        }
        if self.chance.is_likely(0.4) { entry.question.get(self.c.lang).to_owned() } else { self.chance.pick(entry.phrasings(self.c.lang)).clone() }
    }

    /// A question about a product, answered from the catalogue.
    fn ask_about(&mut self, stage: Stage<'_>, product: usize) -> Result<bool, Refusal> {
        let lang = self.c.lang;
        let product = &stage.words.goods[product];
        let (asked, answer) = stage.words.about_product(product, self.chance.is_likely(0.6), lang);
        self.say(Said::text(asked))?;
        let source = AnswerSource { id: product.id.clone(), title: product.name.get(lang).to_owned() };
        self.answer(stage, &answer, Found { outcome: AnswerOutcome::Attribute, category: Some(ATTRIBUTE), source: Some(source), confidence: 1_000 })?;
        Ok(true)
    }

    /// Several entries may be meant: the customer chooses one, or gives up. Returns whether there was an answer.
    fn ask_back(&mut self, stage: Stage<'_>, entry: &Entry) -> Result<bool, Refusal> {
        let lang = self.c.lang;
        let asked = self.chance.pick(entry.phrasings(lang)).clone();
        self.say(Said::text(asked))?;
        let choice = |entry: &Entry| AnswerChoice { id: entry.id.clone(), text: entry.question.get(lang).to_owned() };
        let meant: Vec<AnswerChoice> = [entry].into_iter().chain(stage.words.alternatives(entry)).map(choice).collect();
        let found = Found { outcome: AnswerOutcome::DidYouMean, category: Some(&entry.topic), source: None, confidence: 450 + self.chance.below(150) };
        let text = stage.words.phrases.did_you_mean.get(lang);
        let mut said = self.answer_to_last(text, found);
        if let Message::Answer { options, .. } = &mut said.message {
            *options = meant;
        }
        self.bot_says(stage, said)?;
        if !self.chance.is_likely(0.7) {
            return Ok(false);
        }
        self.wait(3, 20);
        let text = entry.question.get(lang).to_owned();
        let fact = fact::Message { choice: Some(entry.id.clone()), ..fact::Message::default() };
        self.say(Said { message: Message::Choice { text, answer: entry.id.clone(), ord: None }, fact })?;
        self.answer_from(stage, entry).map(|()| true)
    }

    /// The bot answers from an entry of its knowledge.
    fn answer_from(&mut self, stage: Stage<'_>, entry: &Entry) -> Result<(), Refusal> {
        let lang = self.c.lang;
        let source = AnswerSource { id: entry.id.clone(), title: entry.question.get(lang).to_owned() };
        let confidence = 700 + self.chance.below(280);
        let found = Found { outcome: AnswerOutcome::Confident, category: Some(&entry.topic), source: Some(source), confidence };
        self.answer(stage, entry.answer.get(lang), found)
    }

    /// The bot has no answer.
    fn miss(&mut self, stage: Stage<'_>) -> Result<(), Refusal> {
        let text = stage.words.phrases.no_answer.get(self.c.lang);
        let confidence = 100 + self.chance.below(250);
        self.answer(stage, text, Found { outcome: AnswerOutcome::NoAnswer, category: None, source: None, confidence })
    }

    fn make_small_talk(&mut self, stage: Stage<'_>) -> Result<(), Refusal> {
        self.wait(3, 15);
        let (lang, remark) = (self.c.lang, self.chance.pick(&stage.words.phrases.small_talk));
        self.say(Said::text(remark.asked.get(lang)))?;
        let found = Found { outcome: AnswerOutcome::SmallTalk, category: Some(SMALL_TALK), source: None, confidence: 1_000 };
        self.answer(stage, remark.answer.get(lang), found)
    }

    /// What the bot says to a customer who returns, when no person is there for them.
    pub(super) fn answer_again(&mut self, stage: Stage<'_>) -> Result<(), Refusal> {
        if self.chance.is_likely(0.4) {
            self.miss(stage)?;
            return self.decide(stage, 0.6);
        }
        let entry = self.entry(stage);
        self.answer_from(stage, entry)?;
        self.decide(stage, 0.2)
    }

    /// The customer asks for a person in words while nobody is there, and is told so.
    pub(super) fn ask_in_vain(&mut self, stage: Stage<'_>, opens: Option<Ts>, promise: Option<Ts>) -> Result<(), Refusal> {
        let phrases = &stage.words.phrases;
        let asked = self.one_of(&phrases.asking);
        self.say(Said::text(asked))?;
        let lang = self.c.lang;
        let fact = fact::Message {
            of: Some(self.head.seq),
            outcome: Some(AnswerOutcome::Closed),
            intent: Some(Some(HUMAN_REQUEST.to_owned())),
            ..fact::Message::default()
        };
        let mut message = Message::answer(AnswerOutcome::Closed, phrases.closed.get(lang), lang, None);
        if let Message::Answer { opens_at, promised_by, .. } = &mut message {
            (*opens_at, *promised_by) = (opens, promise);
        }
        self.bot_says(stage, Said { message, fact })
    }

    fn answer(&mut self, stage: Stage<'_>, text: &str, found: Found<'_>) -> Result<(), Refusal> {
        let said = self.answer_to_last(text, found);
        self.bot_says(stage, said)
    }

    /// An answer to the last message.
    fn answer_to_last(&self, text: &str, found: Found<'_>) -> Said {
        let Found { outcome, category, source, confidence } = found;
        let fact = fact::Message {
            of: Some(self.head.seq),
            outcome: Some(outcome),
            intent: Some(category.map(str::to_owned)),
            entry: Some(source.as_ref().map(|source| source.id.clone())),
            lang: Some(self.c.lang),
            confidence: Some(confidence as f32 / 1_000.0),
            ..fact::Message::default()
        };
        Said { message: Message::answer(outcome, text, self.c.lang, source), fact }
    }

    fn bot_says(&mut self, stage: Stage<'_>, said: Said) -> Result<(), Refusal> {
        self.at = self.at.plus(180 + self.chance.long_tailed(350.0).min(8 * SECOND));
        match said.fact.outcome {
            // A customer who says thank you after a miss was not answered.
            None | Some(AnswerOutcome::SmallTalk) => {}
            Some(outcome) => self.bot = BotWork::of([(outcome, None)]),
        }
        let bot = Actor::bot(stage.cast.bot_name.get(self.c.lang));
        self.happens(Event::BotSays { said, epoch: self.c.epoch }, &bot)
    }
}
