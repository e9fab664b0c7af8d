//! Computes the numbers as a patient reader of the rules would: each window from all facts, without any state. Uses neither the definitions nor the reducer.

use std::collections::{BTreeMap, BTreeSet};

use db::feed::Fact;
use domain::id::TenantId;
use serde_json::Value;
use uuid::Uuid;

/// The counted items, as (conversation, number of the entry or episode, time).
pub type Things = BTreeSet<(Uuid, i64, i64)>;

#[derive(Default)]
struct Session {
    with_bot: bool,
    created: i64,
    turns: Vec<i64>,
    requests: Vec<i64>,
    ratings: Vec<(i64, i64)>,
    waits_since: Option<i64>,
    /// Whether an agent has had it.
    was_served: bool,
    /// When the first wait ended, how long it was, and whether an agent ended it.
    waited: Option<(i64, i64, bool)>,
}

impl Session {
    fn ended_waiting(&mut self, at: i64, answered: bool) {
        if self.was_served {
            return;
        }
        let since = self.waits_since.unwrap_or(at);
        self.waited = self.waited.or(Some((at, at - since, answered)));
    }
}

/// Everything that each counting indicator of one company counts in the half-open window.
pub fn things(facts: &[Fact], tenant: TenantId, from: i64, to: i64) -> BTreeMap<&'static str, Things> {
    let mut conversations: BTreeMap<Uuid, BTreeMap<i64, &Fact>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.tenant_id == tenant.uuid() && fact.stream_kind == "conversation") {
        conversations.entry(fact.stream_id).or_default().insert(fact.seq, fact);
    }
    let keys = [
        "session_created",
        "session_used",
        "session_rated",
        "session_transferred",
        "dialogue",
        "no_answer",
        "transfer_request",
        "rating_good",
        "rating_mid",
        "rating_poor",
        "wait_ended",
        "answered",
        "answered_in_time",
        "abandoned",
    ];
    let mut all: BTreeMap<&'static str, Things> = keys.into_iter().map(|key| (key, Things::new())).collect();
    for (id, entries) in conversations {
        conversation(&entries, &mut |key, number, at| {
            if from <= at && at < to {
                all.get_mut(key).unwrap().insert((id, number, at));
            }
        });
    }
    all
}

fn conversation(entries: &BTreeMap<i64, &Fact>, count: &mut dyn FnMut(&'static str, i64, i64)) {
    let facts_of = |fact: &Fact| -> Value { serde_json::from_str(&fact.facts).unwrap() };
    // Messages that turned out to be a request for a person are not turns.
    let commands: BTreeSet<i64> = entries.values().filter(|fact| fact.kind == "human_requested").filter_map(|fact| facts_of(fact)["of"].as_i64()).collect();
    // The bot's last answer to each turn.
    let mut outcomes: BTreeMap<i64, String> = BTreeMap::new();
    for fact in entries.values().filter(|fact| fact.kind == "message" && fact.actor_kind == "bot") {
        let told = facts_of(fact);
        outcomes.insert(told["of"].as_i64().unwrap(), told["outcome"].as_str().unwrap().to_owned());
    }
    let mut sessions: BTreeMap<i64, Session> = BTreeMap::new();
    for (seq, fact) in entries {
        let told = facts_of(fact);
        let session = sessions.entry(told["ep"].as_i64().unwrap()).or_default();
        match (fact.kind.as_str(), fact.actor_kind.as_str()) {
            ("opened" | "reopened", _) => {
                session.with_bot = told["with"] == "bot";
                session.created = fact.at;
                session.waits_since = (told["with"] == "queue").then_some(fact.at);
                session.was_served = told["with"] == "agent";
            }
            ("queued", _) => session.waits_since = session.waits_since.or(Some(fact.at)),
            ("assigned", _) => {
                if told["how"] == "routed" || told["how"] == "taken" {
                    session.ended_waiting(fact.at, true);
                }
                session.was_served = true;
            }
            ("left_queue", _) => session.ended_waiting(fact.at, false),
            ("resolved", _) if told["outcome"] == "abandoned_in_queue" => session.ended_waiting(fact.at, false),
            ("message", "customer") if told["to"] == "bot" && told["command"] != true && !commands.contains(seq) => {
                session.turns.push(fact.at);
                count("dialogue", *seq, fact.at);
                if outcomes.get(seq).is_some_and(|outcome| outcome == "no_answer") {
                    count("no_answer", *seq, fact.at);
                }
            }
            ("human_requested", _) => {
                session.requests.push(fact.at);
                count("transfer_request", *seq, fact.at);
            }
            ("rated", _) => session.ratings.push((fact.at, told["score"].as_i64().unwrap())),
            _ => {}
        }
    }
    for (episode, session) in &sessions {
        let Some((at, waited, answered)) = session.waited else { continue };
        let given_up = !answered && waited > 5_000;
        for (key, counts) in
            [("wait_ended", answered || given_up), ("answered", answered), ("answered_in_time", answered && waited <= 20_000), ("abandoned", given_up)]
        {
            if counts {
                count(key, *episode, at);
            }
        }
    }
    for (episode, session) in sessions.into_iter().filter(|(_, session)| session.with_bot) {
        count("session_created", episode, session.created);
        if let Some(at) = session.turns.first() {
            count("session_used", episode, *at);
        }
        if let Some(at) = session.requests.first() {
            count("session_transferred", episode, *at);
        }
        if let (Some((first, _)), Some((_, score))) = (session.ratings.first(), session.ratings.last()) {
            count("session_rated", episode, *first);
            count(
                if *score > 3 {
                    "rating_good"
                } else if *score == 3 {
                    "rating_mid"
                } else {
                    "rating_poor"
                },
                episode,
                *first,
            );
        }
    }
}
