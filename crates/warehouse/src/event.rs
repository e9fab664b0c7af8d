//! What a fact of the journal says to the numbers; all others say nothing.

use db::feed::Fact;
use serde::Deserialize;
use uuid::Uuid;

/// A fact that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Whose.
    pub tenant: Uuid,
    /// In which conversation.
    pub conversation: Uuid,
    /// In which episode of it.
    pub episode: i64,
    /// The number of its entry.
    pub seq: i64,
    /// When.
    pub at: i64,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An episode began.
    Began {
        /// Who had it first.
        with: String,
        /// The customer's language.
        lang: Option<String>,
        /// On which channel.
        channel: Option<String>,
        /// On which site.
        site: Option<String>,
        /// The product asked about.
        goods: Option<String>,
        /// In which queue, if it began by waiting there.
        queue: Option<String>,
    },
    /// The customer said something to the bot.
    Turn {
        /// It was known at once to be a request for a person, and is no turn.
        command: bool,
    },
    /// The bot answered.
    Answer {
        /// The number of the turn.
        of: i64,
        /// What came of it.
        outcome: String,
        /// What the bot took it for.
        intent: Option<String>,
    },
    /// The customer asked for a person.
    Request {
        /// The number of the words that were the request, if it was words to the bot.
        of: Option<i64>,
    },
    /// The conversation waits in a queue.
    Queued {
        /// In which.
        queue: String,
    },
    /// A wait in a queue came to its end.
    WaitEnded {
        /// By an agent who took the conversation, or by the customer who gave up.
        answered: bool,
        /// After how many milliseconds.
        wait_ms: i64,
    },
    /// An agent has it without a wait: a colleague passed it on, or it answers what was left for later. What waits after that was answered before.
    Served,
    /// The customer rated.
    Rated {
        /// 1 to 5.
        score: i64,
    },
}

/// A fact of a kind that matters, but not of the form this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

#[derive(Deserialize)]
struct Facts {
    ep: Option<i64>,
    with: Option<String>,
    lang: Option<String>,
    channel: Option<String>,
    site: Option<String>,
    goods: Option<String>,
    to: Option<String>,
    queue: Option<String>,
    of: Option<i64>,
    outcome: Option<String>,
    intent: Option<String>,
    score: Option<i64>,
    how: Option<String>,
    wait_ms: Option<i64>,
    #[serde(default)]
    command: bool,
}

impl Event {
    /// Reads a fact: nothing if it does not matter here.
    pub fn read(fact: &Fact) -> Result<Option<Self>, Malformed> {
        if fact.stream_kind != "conversation" {
            return Ok(None);
        }
        let told = |what: fn(Facts) -> Option<What>| -> Result<Option<Self>, Malformed> {
            let facts: Facts = serde_json::from_str(&fact.facts).map_err(|_| Malformed)?;
            let episode = facts.ep.ok_or(Malformed)?;
            let (tenant, conversation) = (fact.tenant_id, fact.stream_id);
            Ok(what(facts).map(|what| Self { tenant, conversation, episode, seq: fact.seq, at: fact.at, what }))
        };
        let wanted = |event: Result<Option<Self>, Malformed>| event.and_then(|event| event.map(Some).ok_or(Malformed));
        match (fact.kind.as_str(), fact.actor_kind.as_str()) {
            ("opened" | "reopened", _) => {
                wanted(told(|f| Some(What::Began { with: f.with?, lang: f.lang, channel: f.channel, site: f.site, goods: f.goods, queue: f.queue })))
            }
            ("message", "customer") => told(|f| (f.to.as_deref() == Some("bot")).then_some(What::Turn { command: f.command })),
            ("message", "bot") => told(|f| Some(What::Answer { of: f.of?, outcome: f.outcome?, intent: f.intent })),
            ("human_requested", _) => wanted(told(|f| Some(What::Request { of: f.of }))),
            ("queued", _) => told(|f| Some(What::Queued { queue: f.queue? })),
            ("assigned", _) => told(|f| match f.how.as_deref() {
                Some("routed" | "taken") => Some(What::WaitEnded { answered: true, wait_ms: f.wait_ms? }),
                _ => Some(What::Served),
            }),
            ("left_queue", _) => told(|f| Some(What::WaitEnded { answered: false, wait_ms: f.wait_ms? })),
            ("resolved", _) => {
                told(|f| (f.outcome.as_deref() == Some("abandoned_in_queue")).then_some(What::WaitEnded { answered: false, wait_ms: f.wait_ms? }))
            }
            ("rated", _) => wanted(told(|f| Some(What::Rated { score: f.score? }))),
            _ => Ok(None),
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

    #[test]
    fn a_wait_ends_with_an_agent_or_without_one() {
        let ended = |answered| Ok(Some(What::WaitEnded { answered, wait_ms: 900 }));
        assert_eq!(read("assigned", "system", r#"{"ep":1,"how":"routed","wait_ms":900}"#), ended(true));
        assert_eq!(read("assigned", "system", r#"{"ep":1,"how":"taken","wait_ms":900}"#), ended(true));
        assert_eq!(read("left_queue", "customer", r#"{"ep":1,"wait_ms":900}"#), ended(false));
        assert_eq!(read("resolved", "customer", r#"{"ep":1,"outcome":"abandoned_in_queue","wait_ms":900}"#), ended(false));
        for how in ["transferred", "left_message"] {
            assert_eq!(read("assigned", "system", &format!(r#"{{"ep":1,"how":"{how}","wait_ms":0}}"#)), Ok(Some(What::Served)));
        }
        assert_eq!(read("resolved", "agent", r#"{"ep":1,"outcome":"resolved"}"#), Ok(None));
    }

    #[test]
    fn fields_of_a_later_release_are_passed_over_and_a_broken_fact_is_told() {
        assert_eq!(read("human_requested", "customer", r#"{"ep":1,"via":"button","mood":"cross"}"#), Ok(Some(What::Request { of: None })));
        assert_eq!(read("routing", "system", "[]"), Ok(None));
        for (kind, facts) in [("rated", r#"{"ep":1}"#), ("rated", "{"), ("opened", r#"{"with":"bot"}"#), ("human_requested", "{}")] {
            assert_eq!(read(kind, "customer", facts), Err(Malformed), "{kind} {facts}");
        }
    }
}
