//! Events that matter to the numbers, read from facts of the journal; all other facts are ignored. [`crate::rows::Event`] is their form, and a contract.

use std::{collections::HashMap, sync::Arc};

use db::feed::Fact;
use domain::{
    conversation::{Channel, Outcome},
    entry::{
        self, EntryKind,
        body::{AskedVia, AssignedHow, BeganWith},
        fact::AssignedIn,
    },
    handoff_reason::HandoffReason,
    id::{AgentId, SiteId, TenantId},
    journal::ActorKind,
    stream::StreamKind,
    text::Lang,
    time::Ts,
};
use jiff::tz::TimeZone;
use uuid::Uuid;

pub use crate::rows::Event;
use crate::{window, work};

/// The kinds of events.
pub mod kind {
    /// An episode began. `how`: who had it first.
    pub const BEGAN: &str = "session.began";
    /// The customer said something. `how`: who had the conversation and so had to answer.
    pub const SAID: &str = "customer.message";
    /// The bot answered the message `ref_seq`.
    pub const ANSWERED: &str = "bot.answer";
    /// An agent said something.
    pub const REPLIED: &str = "agent.message";
    /// The customer asked for a person; `ref_seq` is the message that was the request, if one was. `how`: how the customer asked; `outcome`: why.
    pub const REQUESTED: &str = "human.requested";
    /// The conversation entered a queue.
    pub const QUEUED: &str = "queue.entered";
    /// The customer stopped waiting.
    pub const LEFT: &str = "queue.left";
    /// An agent was given the conversation.
    pub const ASSIGNED: &str = "agent.assigned";
    /// The conversation went back to the queue because its agent was lost.
    pub const RETURNED: &str = "agent.lost";
    /// An agent handed the conversation back to the bot.
    pub const HANDED_BACK: &str = "agent.handed_back";
    /// The episode ended. `outcome`: how; `ms`: the wait, if it was given up.
    pub const RESOLVED: &str = "session.resolved";
    /// An agent took the end of the episode back: it did not end.
    pub const RESUMED: &str = "session.resumed";
    /// The customer rated the episode.
    pub const RATED: &str = "session.rated";
    /// The customer came back with a new conversation within 72 hours of the end of the episode.
    pub const BACK: &str = "customer.back";
    /// Somebody judged the bot's answer to the message `ref_seq`. `outcome`: the verdict.
    pub const JUDGED: &str = "answer.judged";
    /// The customer said whether the bot's answer to the message `ref_seq` helped. `flag`: 1 if it did; `how`: `settles` if that decides how the episode ended.
    pub const HELPED: &str = "answer.rated";

    /// An agent worked for a time, in one state and with one number of conversations. `how`: the state.
    pub const WORKED: &str = "agent.worked";

    /// Every kind.
    pub const EACH: [&str; 17] =
        [BEGAN, SAID, ANSWERED, REPLIED, REQUESTED, QUEUED, LEFT, ASSIGNED, RETURNED, HANDED_BACK, RESOLVED, RESUMED, RATED, BACK, JUDGED, HELPED, WORKED];
}

/// What [`kind::HELPED`] says of an answer that decides how the episode ended.
pub const SETTLES: &str = "settles";

/// What the record knows and facts do not say. It is looked up when an event is read, and stays with the event.
#[derive(Clone)]
pub struct Directory {
    /// The companies to which the facts belong; of one that is missing, nothing is known.
    pub companies: HashMap<TenantId, Company>,
    /// Turns the id of a customer of a company into a name that leads back to nobody without a key.
    pub pseudonym: Pseudonym,
}

/// Computes the pseudonym of a company's customer.
pub type Pseudonym = Arc<dyn Fn(TenantId, Uuid) -> String + Send + Sync>;

/// What is known of a company.
#[derive(Debug, Clone)]
pub struct Company {
    /// The time zone, which determines when its days begin.
    pub zone: TimeZone,
    /// The groups of the agents who belong to one.
    pub groups: HashMap<AgentId, String>,
    /// The departments of the agents who belong to one.
    pub departments: HashMap<AgentId, String>,
    /// The categories of its goods.
    pub categories: HashMap<String, String>,
}

impl Company {
    /// A company of which only the time zone is known.
    pub fn in_zone(zone: TimeZone) -> Self {
        Self { zone, groups: HashMap::new(), departments: HashMap::new(), categories: HashMap::new() }
    }
}

impl Directory {
    /// The zone in which a company's days begin.
    pub fn zone(&self, tenant: TenantId) -> TimeZone {
        self.companies.get(&tenant).map_or(TimeZone::UTC, |company| company.zone.clone())
    }
}

/// The entries of a conversation that are counted; what comes after them is not. The rows of a conversation are derived from all of its events together, so
/// nobody may make one so long that nothing else is counted meanwhile.
pub const MOST_ENTRIES: i64 = 20_000;

/// A fact of a kind that matters, but not in a form that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl Event {
    /// The number of events that a fact contains. There are none if it does not matter to the numbers, or cannot be read.
    pub fn count_in(fact: &Fact) -> usize {
        parse(fact).map_or(0, |events| events.len())
    }

    /// Parses a fact: its events. There are none if it does not matter to the numbers; of an agent's work, there is one for each quarter of an hour.
    pub fn read(fact: &Fact, directory: &Directory) -> Result<Vec<Self>, Malformed> {
        let events = parse(fact)?;
        Ok(events.into_iter().map(|event| event.known(fact, directory)).collect())
    }

    /// The same event with what the record knows of it.
    fn known(mut self, fact: &Fact, directory: &Directory) -> Self {
        self.tenant_id = fact.tenant_id;
        self.happened_at = fact.at;
        let tenant = TenantId::new(fact.tenant_id);
        self.day_key = window::day_key(Ts(self.since.unwrap_or(fact.at)), &directory.zone(tenant));
        if self.kind == kind::WORKED {
            self.conversation_id = work::id_of(fact.stream_id, fact.seq);
        } else {
            (self.conversation_id, self.seq) = (fact.stream_id, fact.seq);
        }
        match fact.actor_id {
            Some(id) if fact.actor_kind == ActorKind::Customer.as_str() => self.customer = Some((directory.pseudonym)(tenant, id)),
            Some(id) if self.kind == kind::REPLIED => self.agent = Some(AgentId::new(id).to_string()),
            _ => {}
        }
        if let Some(company) = directory.companies.get(&tenant) {
            let agent: Option<AgentId> = self.agent.as_ref().and_then(|agent| agent.parse().ok());
            let place = |of: &HashMap<AgentId, String>| agent.and_then(|agent| of.get(&agent).cloned());
            (self.group_id, self.department) = (place(&company.groups), place(&company.departments));
            self.category = self.goods.as_ref().and_then(|goods| company.categories.get(goods).cloned());
        }
        self
    }
}

/// What a fact says, without whose it is and when it happened.
fn parse(fact: &Fact) -> Result<Vec<Event>, Malformed> {
    let Some(known) = EntryKind::parse(&fact.kind).filter(|kind| matters(*kind)) else { return Ok(Vec::new()) };
    let read = || entry::Fact::read(known, &fact.facts).map_err(|_| Malformed);
    match StreamKind::parse(&fact.stream_kind) {
        Some(StreamKind::Work) => match read()? {
            entry::Fact::Worked(worked) => Ok(work::events(&worked).map(|event| Event { kind: kind::WORKED.to_owned(), ..event }).collect()),
            _ => Ok(Vec::new()),
        },
        Some(StreamKind::Conversation) if fact.seq <= MOST_ENTRIES => Ok(what(read()?, &fact.actor_kind).into_iter().collect()),
        _ => Ok(Vec::new()),
    }
}

/// Whether facts of this kind matter to the numbers; all others need not be parsed.
const fn matters(kind: EntryKind) -> bool {
    use EntryKind::{
        AnswerJudged, AnswerRated, Assigned, CameBack, HandedBack, HumanRequested, LeftQueue, Message, Opened, Queued, Rated, Reopened, Resolved, Returned,
        Worked,
    };
    matches!(
        kind,
        Opened
            | Reopened
            | Message
            | HumanRequested
            | Queued
            | Assigned
            | LeftQueue
            | Returned
            | HandedBack
            | Resolved
            | Rated
            | CameBack
            | AnswerJudged
            | AnswerRated
            | Worked
    )
}

/// What happened, and in which episode.
fn what(fact: entry::Fact, by: &str) -> Option<Event> {
    let event = |kind: &str, episode: i64| Event { kind: kind.to_owned(), episode, ..Event::default() };
    Some(match fact {
        entry::Fact::Opened(f) => Event { goods: f.goods, ..began(f.ep, f.with, f.lang, f.channel, f.site) },
        entry::Fact::Reopened(f) if f.undo => event(kind::RESUMED, f.ep),
        entry::Fact::Reopened(f) => Event {
            queue: f.queue.map(|queue| queue.to_string()),
            agent: f.agent.map(|agent| agent.to_string()),
            ..began(f.ep, f.with, f.lang, f.channel, f.site)
        },
        entry::Fact::Message(f) if by == ActorKind::Customer.as_str() => {
            Event { how: Some(f.to?.as_str().to_owned()), flag: f.command.then_some(1), ..event(kind::SAID, f.ep) }
        }
        entry::Fact::Message(f) if by == ActorKind::Bot.as_str() => {
            let confidence = f.confidence.filter(|sure| sure.is_finite()).map(|sure| (f64::from(sure.clamp(0.0, 1.0)) * 1_000.0).round() as i64);
            Event {
                ref_seq: Some(f.of?),
                outcome: Some(f.outcome?.as_str().to_owned()),
                topic: f.intent.flatten(),
                entry: f.entry.flatten(),
                confidence,
                ..event(kind::ANSWERED, f.ep)
            }
        }
        entry::Fact::Message(f) if by == ActorKind::Agent.as_str() => event(kind::REPLIED, f.ep),
        entry::Fact::HumanRequested(f) => {
            // Requests of earlier releases tell only how the customer asked.
            let known = if f.via == AskedVia::Button { HandoffReason::Button } else { HandoffReason::Asked };
            let reason = f.reason.unwrap_or(known);
            Event { ref_seq: f.of, how: Some(f.via.as_str().to_owned()), outcome: Some(reason.as_str().to_owned()), ..event(kind::REQUESTED, f.ep) }
        }
        entry::Fact::Queued(f) => Event { queue: Some(f.queue.to_string()), ..event(kind::QUEUED, f.ep) },
        entry::Fact::Assigned(AssignedIn::Conversation(f)) => {
            Event { agent: Some(f.agent.to_string()), how: Some(f.how.as_str().to_owned()), ms: wait_before(f.how, f.wait_ms), ..event(kind::ASSIGNED, f.ep) }
        }
        entry::Fact::LeftQueue(f) => Event { ms: Some(f.wait_ms), ..event(kind::LEFT, f.ep) },
        entry::Fact::Returned(f) => event(kind::RETURNED, f.ep),
        entry::Fact::HandedBack(f) => event(kind::HANDED_BACK, f.ep),
        entry::Fact::Resolved(f) => Event {
            outcome: Some(f.outcome.as_str().to_owned()),
            how: Some(f.by.as_str().to_owned()),
            ms: f.wait_ms.filter(|_| f.outcome == Outcome::AbandonedInQueue),
            ..event(kind::RESOLVED, f.ep)
        },
        entry::Fact::Rated(f) => Event { score: Some(f.score), flag: f.solved.map(i64::from), ..event(kind::RATED, f.ep) },
        entry::Fact::CameBack(f) => event(kind::BACK, f.ep),
        entry::Fact::AnswerJudged(f) => Event { ref_seq: Some(f.of), outcome: Some(f.verdict.as_str().to_owned()), ..event(kind::JUDGED, f.ep) },
        entry::Fact::AnswerRated(f) => {
            Event { ref_seq: Some(f.question), flag: Some(i64::from(f.helpful)), how: f.settles.then(|| SETTLES.to_owned()), ..event(kind::HELPED, f.ep) }
        }
        _ => return None,
    })
}

/// The wait that ended with an agent; a conversation that came from a colleague or from the bot, or for an answer to a left message, has not
/// waited.
fn wait_before(how: AssignedHow, wait_ms: i64) -> Option<i64> {
    match how {
        AssignedHow::Routed | AssignedHow::Taken | AssignedHow::Accepted => Some(wait_ms),
        AssignedHow::Transferred | AssignedHow::LeftMessage | AssignedHow::TakenOver | AssignedHow::TakenFrom => None,
    }
}

/// How an episode began, whether it was the first or a later one.
fn began(episode: i64, with: BeganWith, lang: Lang, channel: Channel, site: SiteId) -> Event {
    Event {
        kind: kind::BEGAN.to_owned(),
        episode,
        how: Some(with.as_str().to_owned()),
        lang: Some(lang.tag().to_owned()),
        channel: Some(channel.as_str().to_owned()),
        site: Some(site.to_string()),
        ..Event::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_names_every_column_and_every_kind() {
        let page = include_str!("../../../docs/METRICS.md");
        let contract = page.split("### The contract of events").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
        let first_cells = contract.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').nth(1).unwrap());
        let mut named: Vec<&str> = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let mut expected: Vec<&str> = Event::COLUMNS.iter().copied().chain(kind::EACH).collect();
        expected.sort_unstable();
        named.sort_unstable();
        named.dedup();
        assert_eq!(named, expected);
    }

    #[test]
    fn only_these_kinds_matter_and_no_other_is_even_parsed() {
        let matter = [
            "opened",
            "message",
            "human_requested",
            "queued",
            "assigned",
            "returned",
            "left_queue",
            "resolved",
            "reopened",
            "rated",
            "came_back",
            "answer_judged",
            "answer_rated",
            "handed_back",
            "worked",
        ];
        for kind in EntryKind::EACH {
            let parsed = read(kind.as_str(), "system", "not JSON").is_err();
            assert_eq!(parsed || *kind == EntryKind::Worked, matter.contains(&kind.as_str()), "{}", kind.as_str());
        }
    }

    const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));
    const AGENT: &str = "agt_00000000000000000000000000000005";

    fn directory() -> Directory {
        let mut company = Company::in_zone(TimeZone::UTC);
        company.groups = HashMap::from([(AGENT.parse().unwrap(), "grp_1".to_owned())]);
        company.departments = HashMap::from([(AGENT.parse().unwrap(), "dep_1".to_owned())]);
        company.categories = HashMap::from([("g-001".to_owned(), "phones".to_owned())]);
        Directory { companies: HashMap::from([(TENANT, company)]), pseudonym: Arc::new(|tenant, customer| format!("{tenant}/{}", customer.as_u128())) }
    }

    fn read(kind: &str, actor: &str, facts: &str) -> Result<Option<Event>, Malformed> {
        Event::read(&fact(kind, actor, facts), &directory()).map(|events| events.into_iter().next())
    }

    fn fact(kind: &str, actor: &str, facts: &str) -> Fact {
        Fact {
            xid: 0,
            pos: 1,
            tenant_id: TENANT.uuid(),
            stream_id: Uuid::from_u128(2),
            stream_kind: "conversation".into(),
            seq: 3,
            kind: kind.into(),
            v: 1,
            at: 4,
            actor_kind: actor.into(),
            actor_id: Some(Uuid::from_u128(5)),
            facts: facts.into(),
        }
    }

    #[test]
    fn what_a_customer_says_tells_who_had_to_answer() {
        let said = |facts: &str| read("message", "customer", facts).unwrap().map(|event| (event.kind, event.how, event.flag));
        assert_eq!(said(r#"{"ep":1,"to":"bot"}"#), Some((kind::SAID.into(), Some("bot".into()), None)));
        assert_eq!(said(r#"{"ep":1,"to":"bot","command":true}"#), Some((kind::SAID.into(), Some("bot".into()), Some(1))));
        assert_eq!(said(r#"{"ep":1,"to":"agent"}"#), Some((kind::SAID.into(), Some("agent".into()), None)));
        assert_eq!(said(r#"{"ep":1,"card":"g-001"}"#), None, "a product card needs no answer");
    }

    #[test]
    fn work_is_of_its_agent_and_of_the_day_on_which_it_was() {
        let fact = Fact {
            stream_kind: "work".into(),
            seq: MOST_ENTRIES + 1,
            at: domain::time::DAY + 70_000,
            ..fact("worked", "system", &format!(r#"{{"agent":"{AGENT}","since":86340000,"until":86460000,"state":"available","open":1,"capacity":3}}"#))
        };
        let events = Event::read(&fact, &directory()).unwrap();
        let told: Vec<_> = events.iter().map(|event| (event.day_key.as_deref().unwrap(), event.ms.unwrap(), event.happened_at, event.seq)).collect();
        assert_eq!(told, [("1970-01-01", 60_000, fact.at, 0), ("1970-01-02", 60_000, fact.at, 1)]);
        assert!(events.iter().all(|event| event.agent.as_deref() == Some(AGENT) && event.group_id.as_deref() == Some("grp_1")), "{events:?}");
        assert_eq!(events[0].conversation_id, events[1].conversation_id);
        assert_eq!(Event::count_in(&Fact { stream_kind: "conversation".into(), ..fact }), 0);
    }

    #[test]
    fn what_comes_after_very_many_entries_is_not_counted() {
        let at = |seq| {
            let mut fact = fact("message", "customer", r#"{"ep":1,"to":"bot"}"#);
            fact.seq = seq;
            Event::count_in(&fact) == 1
        };
        assert!(at(MOST_ENTRIES) && !at(MOST_ENTRIES + 1));
    }

    #[test]
    fn an_answer_without_a_turn_says_nothing() {
        assert_eq!(read("message", "bot", r#"{"ep":1,"outcome":"confident"}"#), Ok(None));
        let answer = read("message", "bot", r#"{"ep":1,"outcome":"no_answer","of":7,"intent":"kb-001"}"#).unwrap().unwrap();
        assert_eq!(
            (answer.kind.as_str(), answer.ref_seq, answer.outcome.as_deref(), answer.topic.as_deref()),
            (kind::ANSWERED, Some(7), Some("no_answer"), Some("kb-001"))
        );
    }

    #[test]
    fn a_wait_ends_with_an_agent_or_without_one() {
        let ended = |kind: &str, actor: &str, facts: &str| read(kind, actor, facts).unwrap().map(|event| (event.kind, event.ms));
        for (how, ms) in [("routed", Some(900)), ("taken", Some(900)), ("transferred", None), ("left_message", None), ("taken_over", None)] {
            let facts = format!(r#"{{"ep":1,"agent":"{AGENT}","how":"{how}","wait_ms":900}}"#);
            assert_eq!(ended("assigned", "system", &facts), Some((kind::ASSIGNED.into(), ms)), "{how}");
        }
        assert_eq!(ended("left_queue", "customer", r#"{"ep":1,"wait_ms":900}"#), Some((kind::LEFT.into(), Some(900))));
        let resolved = |outcome: &str| ended("resolved", "customer", &format!(r#"{{"ep":1,"by":"customer","outcome":"{outcome}","wait_ms":900}}"#));
        assert_eq!((resolved("abandoned_in_queue"), resolved("resolved")), (Some((kind::RESOLVED.into(), Some(900))), Some((kind::RESOLVED.into(), None))));
    }

    #[test]
    fn an_event_has_what_the_record_knows_of_its_company_and_a_pseudonym_for_the_customer() {
        let site = "sit_00000000000000000000000000000003";
        let opened =
            read("opened", "customer", &format!(r#"{{"ep":1,"with":"bot","lang":"en","channel":"web","site":"{site}","goods":"g-001"}}"#)).unwrap().unwrap();
        assert_eq!((opened.category.as_deref(), opened.customer, opened.day_key.as_deref()), (Some("phones"), Some(format!("{TENANT}/5")), Some("1970-01-01")));
        assert_eq!((opened.how.as_deref(), opened.site.as_deref(), opened.lang.as_deref()), (Some("bot"), Some(site), Some("en")));
        let reply = read("message", "agent", r#"{"ep":1}"#).unwrap().unwrap();
        assert_eq!(
            (reply.kind.as_str(), reply.agent.as_deref(), reply.group_id.as_deref(), reply.department.as_deref(), reply.customer),
            (kind::REPLIED, Some(AGENT), Some("grp_1"), Some("dep_1"), None)
        );
    }

    #[test]
    fn fields_of_a_later_release_are_passed_over_and_a_broken_fact_is_told() {
        assert!(read("human_requested", "customer", r#"{"ep":1,"via":"button","mood":"cross"}"#).unwrap().is_some());
        assert_eq!(read("routing", "system", "[]"), Ok(None));
        assert_eq!(read("of_a_later_release", "system", "[]"), Ok(None));
        for (kind, facts) in [("rated", r#"{"ep":1}"#), ("rated", "{"), ("opened", r#"{"with":"bot"}"#), ("human_requested", "{}")] {
            assert_eq!(read(kind, "customer", facts), Err(Malformed), "{kind} {facts}");
        }
    }
}
