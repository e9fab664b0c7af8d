//! Events that matter to the numbers, read from facts of the journal; all other facts are ignored.

use db::feed::Fact;
use domain::{
    conversation::{Channel, Outcome, Owner},
    entry::{
        self, EntryKind,
        body::{AssignedHow, BeganWith},
        fact::AssignedIn,
    },
    id::{QueueId, SiteId},
    journal::ActorKind,
    stream::StreamKind,
    text::Lang,
};
use uuid::Uuid;

/// A fact that matters to the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The company it belongs to.
    pub tenant: Uuid,
    /// The conversation in which it happened.
    pub conversation: Uuid,
    /// The episode of the conversation.
    pub episode: i64,
    /// The number of its entry.
    pub seq: i64,
    /// When it happened, in milliseconds since the epoch.
    pub at: i64,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An episode began.
    Began {
        /// The party that had the conversation first.
        with: String,
        /// The customer's language.
        lang: Option<String>,
        /// The channel on which the customer writes.
        channel: Option<String>,
        /// The site on which the conversation takes place.
        site: Option<String>,
        /// The product that the customer asked about.
        goods: Option<String>,
        /// The queue, if the episode began by waiting in one.
        queue: Option<String>,
    },
    /// The customer sent a message to the bot.
    Turn {
        /// Whether it was recognised at once as a request for a person, and so does not count as a turn.
        command: bool,
    },
    /// The bot answered.
    Answer {
        /// The number of the turn.
        of: i64,
        /// The kind of answer.
        outcome: String,
        /// The intent that the bot recognised.
        intent: Option<String>,
    },
    /// The customer asked for a person.
    Request {
        /// The number of the message that was the request, if it was a message to the bot.
        of: Option<i64>,
    },
    /// The conversation entered a queue.
    Queued {
        /// The queue.
        queue: String,
    },
    /// A wait in a queue ended.
    WaitEnded {
        /// Whether an agent took the conversation; otherwise the customer gave up.
        answered: bool,
        /// The length of the wait in milliseconds.
        wait_ms: i64,
    },
    /// An agent has the conversation without a wait: a colleague transferred it, or the agent answers a left message. Later waits belong to a customer who has
    /// already been answered.
    Served,
    /// The customer rated the episode.
    Rated {
        /// The score; see [`domain::rating`].
        score: i64,
    },
}

/// A fact of a kind that matters, but not in a form that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl Event {
    /// Parses a fact; `None` if it does not matter to the numbers.
    pub fn read(fact: &Fact) -> Result<Option<Self>, Malformed> {
        let Some(kind) = EntryKind::parse(&fact.kind).filter(|_| fact.stream_kind == StreamKind::Conversation.as_str()) else { return Ok(None) };
        if !matters(kind) {
            return Ok(None);
        }
        let known = entry::Fact::read(kind, &fact.facts).map_err(|_| Malformed)?;
        let happened = |(episode, what): (i64, What)| Self { tenant: fact.tenant_id, conversation: fact.stream_id, episode, seq: fact.seq, at: fact.at, what };
        Ok(what(known, &fact.actor_kind).map(happened))
    }
}

/// Whether facts of this kind matter to the numbers; all others need not be parsed.
const fn matters(kind: EntryKind) -> bool {
    use EntryKind::{Assigned, HumanRequested, LeftQueue, Message, Opened, Queued, Rated, Reopened, Resolved};
    matches!(kind, Opened | Reopened | Message | HumanRequested | Queued | Assigned | LeftQueue | Resolved | Rated)
}

/// What happened, and in which episode.
fn what(fact: entry::Fact, by: &str) -> Option<(i64, What)> {
    let ended = |answered, wait_ms| What::WaitEnded { answered, wait_ms };
    Some(match fact {
        entry::Fact::Opened(f) => {
            let began = Began { with: f.with, lang: f.lang, channel: f.channel, site: f.site };
            (f.ep, began.what(f.goods, None))
        }
        entry::Fact::Reopened(f) => {
            let began = Began { with: f.with, lang: f.lang, channel: f.channel, site: f.site };
            (f.ep, began.what(None, f.queue))
        }
        entry::Fact::Message(f) if by == ActorKind::Customer.as_str() => (f.to == Some(Owner::Bot)).then_some((f.ep, What::Turn { command: f.command }))?,
        entry::Fact::Message(f) if by == ActorKind::Bot.as_str() => {
            (f.ep, What::Answer { of: f.of?, outcome: f.outcome?.as_str().to_owned(), intent: f.intent.flatten() })
        }
        entry::Fact::HumanRequested(f) => (f.ep, What::Request { of: f.of }),
        entry::Fact::Queued(f) => (f.ep, What::Queued { queue: f.queue.to_string() }),
        entry::Fact::Assigned(AssignedIn::Conversation(f)) => match f.how {
            AssignedHow::Routed | AssignedHow::Taken => (f.ep, ended(true, f.wait_ms)),
            AssignedHow::Transferred | AssignedHow::LeftMessage => (f.ep, What::Served),
        },
        entry::Fact::LeftQueue(f) => (f.ep, ended(false, f.wait_ms)),
        entry::Fact::Resolved(f) => (f.outcome == Outcome::AbandonedInQueue).then_some((f.ep, ended(false, f.wait_ms?)))?,
        entry::Fact::Rated(f) => (f.ep, What::Rated { score: f.score }),
        _ => return None,
    })
}

/// How an episode began, whether it was the first or a later one.
struct Began {
    with: BeganWith,
    lang: Lang,
    channel: Channel,
    site: SiteId,
}

impl Began {
    fn what(self, goods: Option<String>, queue: Option<QueueId>) -> What {
        What::Began {
            with: self.with.as_str().to_owned(),
            lang: Some(self.lang.tag().to_owned()),
            channel: Some(self.channel.as_str().to_owned()),
            site: Some(self.site.to_string()),
            goods,
            queue: queue.map(|queue| queue.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, actor: &str, facts: &str) -> Result<Option<What>, Malformed> {
        let fact = Fact {
            xid: 0,
            pos: 1,
            tenant_id: Uuid::from_u128(1),
            stream_id: Uuid::from_u128(2),
            stream_kind: "conversation".into(),
            seq: 3,
            kind: kind.into(),
            at: 4,
            actor_kind: actor.into(),
            actor_id: None,
            facts: facts.into(),
        };
        Event::read(&fact).map(|event| event.map(|event| event.what))
    }

    #[test]
    fn only_what_the_customer_says_to_the_bot_is_a_turn() {
        assert_eq!(read("message", "customer", r#"{"ep":1,"to":"bot"}"#), Ok(Some(What::Turn { command: false })));
        assert_eq!(read("message", "customer", r#"{"ep":1,"to":"bot","command":true}"#), Ok(Some(What::Turn { command: true })));
        for to in ["queue", "agent", "nobody"] {
            assert_eq!(read("message", "customer", &format!(r#"{{"ep":1,"to":"{to}"}}"#)), Ok(None));
        }
        assert_eq!(read("message", "agent", r#"{"ep":1}"#), Ok(None));
    }

    #[test]
    fn an_answer_without_a_turn_says_nothing() {
        assert_eq!(read("message", "bot", r#"{"ep":1,"outcome":"confident"}"#), Ok(None));
        let answer = What::Answer { of: 7, outcome: "no_answer".into(), intent: None };
        assert_eq!(read("message", "bot", r#"{"ep":1,"outcome":"no_answer","of":7}"#), Ok(Some(answer)));
    }

    const AGENT: &str = r#""agent":"agt_00000000000000000000000000000005""#;

    #[test]
    fn a_wait_ends_with_an_agent_or_without_one() {
        let ended = |answered| Ok(Some(What::WaitEnded { answered, wait_ms: 900 }));
        for how in ["routed", "taken"] {
            assert_eq!(read("assigned", "system", &format!(r#"{{"ep":1,{AGENT},"how":"{how}","wait_ms":900}}"#)), ended(true));
        }
        assert_eq!(read("left_queue", "customer", r#"{"ep":1,"wait_ms":900}"#), ended(false));
        assert_eq!(read("resolved", "customer", r#"{"ep":1,"by":"customer","outcome":"abandoned_in_queue","wait_ms":900}"#), ended(false));
        for how in ["transferred", "left_message"] {
            assert_eq!(read("assigned", "system", &format!(r#"{{"ep":1,{AGENT},"how":"{how}","wait_ms":0}}"#)), Ok(Some(What::Served)));
        }
        assert_eq!(read("resolved", "agent", r#"{"ep":1,"by":"agent","outcome":"resolved"}"#), Ok(None));
    }

    #[test]
    fn fields_of_a_later_release_are_passed_over_and_a_broken_fact_is_told() {
        assert_eq!(read("human_requested", "customer", r#"{"ep":1,"via":"button","mood":"cross"}"#), Ok(Some(What::Request { of: None })));
        assert_eq!(read("routing", "system", "[]"), Ok(None));
        assert_eq!(read("of_a_later_release", "system", "[]"), Ok(None));
        for (kind, facts) in [("rated", r#"{"ep":1}"#), ("rated", "{"), ("opened", r#"{"with":"bot"}"#), ("human_requested", "{}")] {
            assert_eq!(read(kind, "customer", facts), Err(Malformed), "{kind} {facts}");
        }
    }
}
