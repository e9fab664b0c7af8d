//! Writes seven days of the demo operator's traffic, so that no panel is blank: it is replayed through the same rules that live traffic goes through.
//!
//! The same start time gives the same history: the random numbers come from a fixed seed.

use db::Shard;
use domain::{
    conversation::{AnswerOutcome, Assignee, BOT_IDLE_MS, BotWork, Channel, Conversation, Event, Opening, REOPEN_WINDOW_MS, ReopenTo, Said},
    entry::{
        body::{AnswerSource, AskedVia, Message, Routing, RoutingCandidate},
        fact,
    },
    id::{ConversationId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, Head, NewEntry, StoredEntry},
    policy::{Grants, Permission, Scope},
    rating::{self, BEST, MIDDLE, WORST},
    text::{Bilingual, Lang},
    time::{DAY, HOUR, SECOND, Ts},
};
use serde::Deserialize;
use store::staff::Member;
use uuid::Uuid;

use super::SetupError;
use crate::App;

const WORDS: &str = include_str!("../../../../demo/history.json");
const KNOWLEDGE: &str = include_str!("../../../../demo/knowledge-1.jsonl");
/// The approximate number of sessions in each hour of a day: quiet nights, a morning and an afternoon peak, an evening.
const BY_HOUR: [u64; 24] = [2, 1, 1, 1, 1, 2, 3, 5, 9, 12, 13, 11, 8, 8, 10, 11, 11, 9, 7, 8, 9, 7, 5, 3];
/// How conversations are rated: three in four are good.
const SCORES: [i64; 12] = [BEST, BEST, BEST, BEST, BEST, BEST - 1, BEST - 1, BEST - 1, MIDDLE, MIDDLE - 1, WORST, BEST];
/// How many days before today.
const DAYS: i64 = 7;
/// How many conversations are stored in one write, so that none takes long.
const PER_WRITE: usize = 12;

#[derive(Deserialize)]
struct Words {
    followed: Vec<Bilingual>,
    replies: Vec<Bilingual>,
    unknown: Vec<Bilingual>,
    comments: Vec<Bilingual>,
    no_answer: Bilingual,
}
#[derive(Deserialize)]
struct Faq {
    id: String,
    question: Bilingual,
    answer: Bilingual,
}

/// The company, site, queue, bot and staff of the history.
pub struct Cast {
    /// The company.
    pub tenant: TenantId,
    /// Its site.
    pub site: SiteId,
    /// Its queue.
    pub queue: QueueId,
    /// The queue's name.
    pub queue_name: Bilingual,
    /// The bot's name.
    pub bot_name: Bilingual,
    /// The staff.
    pub staff: Vec<Member>,
}

/// Writes the history up to now. `offset_ms` is how far the company's clock is ahead of UTC, in milliseconds.
pub async fn write(app: &App, cast: &Cast, offset_ms: i64) -> Result<(), SetupError> {
    let words: Words = serde_json::from_str(WORDS)?;
    let faq: Vec<Faq> = KNOWLEDGE.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let now = app.env().now();
    let today = now.0 + offset_ms - (now.0 + offset_ms).rem_euclid(DAY) - offset_ms;
    let mut chance = Chance(0x5DEE_CE66_D1CE_4E5B);
    let mut finished = Vec::new();
    for day in -DAYS..=0 {
        for hour in 0..24_i64 {
            let weight = BY_HOUR[hour as usize];
            // The last two hours are busier, so that the charts of the last sixty minutes show something.
            let begin = today + day * DAY + hour * HOUR;
            let busy = if (now.0 - 2 * HOUR..now.0).contains(&begin) { 4 } else { 1 };
            for _ in 0..busy * (weight / 2 + chance.below(weight / 2 + 2) + if busy > 1 { 8 } else { 1 }) {
                let at = Ts(begin + chance.below(HOUR as u64) as i64);
                let story = Story::tell(cast, &words, &faq, at, now, &mut chance);
                // Conversations that would still be going on are left out.
                if story.head.last_at < now {
                    finished.push(story);
                }
            }
        }
    }
    let mut rest = finished.into_iter().peekable();
    while rest.peek().is_some() {
        let part: Vec<Finished> = rest.by_ref().take(PER_WRITE).collect();
        let (tenant, site) = (cast.tenant, cast.site);
        app.db()
            .writer()
            .write_patiently(Shard::Any, move |tx| {
                Box::pin(async move {
                    for Finished { conversation, entries, head } in part {
                        store::visitors::create(tx, tenant, conversation.visitor, site, conversation.lang).await?;
                        store::conversations::import(tx, &conversation, entries, head).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            })
            .await?;
    }
    Ok(())
}

#[derive(Clone)]
struct Finished {
    conversation: Conversation,
    entries: Vec<StoredEntry>,
    head: Head,
}

/// One conversation as it unfolds.
struct Story<'a> {
    cast: &'a Cast,
    c: Conversation,
    entries: Vec<StoredEntry>,
    head: Head,
    at: Ts,
    /// The bot's last action.
    bot: BotWork,
}

impl<'a> Story<'a> {
    fn tell(cast: &'a Cast, words: &Words, faq: &[Faq], at: Ts, now: Ts, chance: &mut Chance) -> Finished {
        let lang = if chance.in_hundred(85) { Lang::Zh } else { Lang::En };
        let visitor = VisitorId::new(chance.uuid(at));
        let id = ConversationId::new(chance.uuid(at));
        let opening = Opening { id, tenant: cast.tenant, site: cast.site, visitor, channel: Channel::Web, lang, product: None, page: None };
        let (c, opened) = Conversation::open(opening, at);
        let mut story = Story { cast, c, entries: Vec::new(), head: Head::default(), at, bot: BotWork::Nothing };
        story.store(opened);
        // Some open the window and change their minds.
        if !chance.in_hundred(10) {
            for _ in 0..=chance.below(3) {
                story.turn(words, faq, chance);
            }
        }
        if chance.in_hundred(27) {
            story.with_a_person(words, chance);
        } else if chance.in_hundred(45) {
            story.wait(30, 90, chance);
            story.happens(Event::End { bot: story.bot }, &Actor::customer(visitor.uuid()));
            story.rate(14, words, chance);
        } else {
            story.at = story.at.plus(BOT_IDLE_MS);
            story.happens(Event::Expire { bot: story.bot }, &Actor::system());
        }
        if story.c.resolved_at.is_some_and(|ended| now.since(ended) > REOPEN_WINDOW_MS) {
            story.at = story.c.resolved_at.unwrap_or(story.at).plus(REOPEN_WINDOW_MS);
            story.happens(Event::Expire { bot: story.bot }, &Actor::system());
        }
        Finished { conversation: story.c, entries: story.entries, head: story.head }
    }

    fn turn(&mut self, words: &Words, faq: &[Faq], chance: &mut Chance) {
        self.wait(8, 50, chance);
        let lang = self.c.lang;
        let unknown = chance.in_hundred(11);
        let entry = &faq[chance.below(faq.len() as u64) as usize];
        let asked = if unknown { chance.of(&words.unknown) } else { &entry.question };
        self.customer(asked.get(lang));
        let of = self.head.seq;
        self.at = self.at.plus(200 + chance.below(400) as i64);
        let (outcome, text, source) = if unknown {
            (AnswerOutcome::NoAnswer, words.no_answer.get(lang), None)
        } else {
            (AnswerOutcome::Confident, entry.answer.get(lang), Some(AnswerSource { id: entry.id.clone(), title: entry.question.get(lang).to_owned() }))
        };
        self.bot = BotWork::of([outcome]);
        let entry = source.as_ref().map(|source| Some(source.id.clone()));
        let fact = fact::Message { of: Some(of), outcome: Some(outcome), entry, lang: Some(lang), ..fact::Message::default() };
        let message = Message::answer(outcome, text, lang, source);
        let bot = Actor::bot(self.cast.bot_name.get(lang));
        self.happens(Event::BotSays { said: Said { message, fact }, epoch: self.c.epoch }, &bot);
    }

    fn with_a_person(&mut self, words: &Words, chance: &mut Chance) {
        let (lang, customer) = (self.c.lang, Actor::customer(self.c.visitor.uuid()));
        self.wait(5, 30, chance);
        self.happens(
            Event::RequestHuman { via: AskedVia::Button, of: None, queue: self.cast.queue, queue_name: self.cast.queue_name.get(lang).to_owned() },
            &customer,
        );
        self.wait(3, 95, chance);
        if chance.in_hundred(5) {
            self.happens(Event::End { bot: self.bot }, &customer);
            return;
        }
        let agents: Vec<&Member> = self.cast.staff.iter().filter(|m| Grants::of(m.role).scope(Permission::Desk) == Some(Scope::Own)).collect();
        let agent = agents[chance.below(agents.len() as u64) as usize];
        let to = Assignee { agent: agent.id, name: agent.name.clone(), number: agent.number.clone() };
        let candidate =
            RoutingCandidate { agent: agent.id, name: agent.name.clone(), open: 0, capacity: agent.capacity, last_assigned_at: None, skipped: None };
        let trace = Routing { candidates: vec![candidate], chosen: Some(agent.id), ..Routing::default() };
        self.happens(Event::Assign { to, trace }, &Actor::system());
        for _ in 0..2 + chance.below(3) {
            self.wait(8, 60, chance);
            let said = Said::text(chance.of(&words.followed).get(lang));
            self.happens(Event::AgentSays { said, agent: agent.id }, &Actor::agent(agent.id, &agent.name));
            self.wait(10, 80, chance);
            let reply = chance.of(&words.replies).get(lang).to_owned();
            self.customer(&reply);
        }
        self.wait(5, 40, chance);
        self.happens(Event::Resolve, &Actor::agent(agent.id, &agent.name));
        self.rate(52, words, chance);
    }

    fn rate(&mut self, percent: u64, words: &Words, chance: &mut Chance) {
        if !chance.in_hundred(percent) {
            return;
        }
        self.wait(5, 60, chance);
        let score = SCORES[chance.below(SCORES.len() as u64) as usize];
        let (good, middling) = (&words.comments[..2], &words.comments[2..]);
        let comment = chance.in_hundred(25).then(|| chance.of(if rating::is_good(score) { good } else { middling }).get(self.c.lang).to_owned());
        self.happens(Event::Rate { score, comment, solved: Some(score >= MIDDLE) }, &Actor::customer(self.c.visitor.uuid()));
    }

    fn customer(&mut self, words: &str) {
        let actor = Actor::customer(self.c.visitor.uuid());
        self.happens(Event::CustomerSays { said: Said::text(words), reopen: ReopenTo::Bot, product: None }, &actor);
    }

    fn wait(&mut self, from_s: i64, to_s: i64, chance: &mut Chance) {
        self.at = self.at.plus(from_s * SECOND + chance.below(((to_s - from_s) * SECOND) as u64) as i64);
    }

    fn happens(&mut self, event: Event, actor: &Actor) {
        if let Ok(transition) = self.c.apply(event, actor, self.at) {
            self.c = transition.next;
            for entry in transition.entries {
                self.store(entry);
            }
        }
    }

    fn store(&mut self, entry: NewEntry) {
        self.entries.push(self.head.number(entry, self.at));
    }
}

/// A xorshift generator: enough for a demo.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }
    fn in_hundred(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    fn of<'a>(&mut self, all: &'a [Bilingual]) -> &'a Bilingual {
        &all[self.below(all.len() as u64) as usize]
    }
    /// A UUIDv7 with this time.
    fn uuid(&mut self, at: Ts) -> Uuid {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[2..].copy_from_slice(&self.next().to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(at.0.max(0) as u64, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use domain::conversation::{Outcome, State};

    use super::*;

    #[test]
    fn every_story_ends_and_is_numbered_without_gaps() {
        let words: Words = serde_json::from_str(WORDS).unwrap();
        let faq: Vec<Faq> = KNOWLEDGE.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let id = Uuid::from_u128;
        let member = Member {
            id: domain::id::AgentId::new(id(1)),
            tenant: TenantId::new(id(2)),
            inbox: domain::id::InboxId::new(id(3)),
            email: String::new(),
            name: "a".into(),
            number: "1".into(),
            role: domain::staff::Role::Agent,
            password_hash: None,
            state: domain::staff::AgentState::Offline,
            state_since: Ts(0),
            capacity: 5,
            created_at: Ts(0),
        };
        let cast = Cast {
            tenant: TenantId::new(id(2)),
            site: SiteId::new(id(4)),
            queue: QueueId::new(id(5)),
            queue_name: Bilingual::default(),
            bot_name: Bilingual::default(),
            staff: vec![member],
        };
        let mut chance = Chance(1);
        let outcomes: Vec<Option<Outcome>> = (0..200)
            .map(|_| {
                let told = Story::tell(&cast, &words, &faq, Ts(1_000_000), Ts(DAY * 3), &mut chance);
                assert_eq!(told.conversation.state, State::Closed);
                assert!(told.entries.iter().map(|e| e.seq).eq(1..=told.head.seq));
                assert!(told.entries.is_sorted_by_key(|e| e.at));
                told.conversation.episode.outcome
            })
            .collect();
        for outcome in [Outcome::Resolved, Outcome::AbandonedInQueue, Outcome::BotResolvedAssumed, Outcome::BotUnanswered, Outcome::Dropped] {
            assert!(outcomes.contains(&Some(outcome)));
        }
    }
}
