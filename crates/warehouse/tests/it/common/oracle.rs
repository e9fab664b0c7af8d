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
    turn_numbers: Vec<i64>,
    requests: Vec<i64>,
    ratings: Vec<(i64, i64)>,
    waits_since: Option<i64>,
    /// Whether an agent has had it.
    was_served: bool,
    /// When the first wait ended, how long it was, and whether an agent ended it.
    waited: Option<(i64, i64, bool)>,
    /// When the customer wanted a person.
    wants_person: Option<i64>,
    replied: Option<i64>,
    answered: Option<i64>,
    /// When it ended, and how as far as the bot knows.
    ended: Option<(i64, String)>,
    settled: Option<bool>,
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

/// A value with the time at which it counts.
pub type Values = Vec<(i64, i64)>;

/// The values of one company that indicators add up, compare or distribute.
#[derive(Debug, Default)]
pub struct Durations {
    /// First waits that an agent ended.
    pub answered: Values,
    /// First waits that the customer gave up, not by accident.
    pub abandoned: Values,
    /// First replies of a person.
    pub first_reply: Values,
    /// Rounds.
    pub reply: Values,
    /// Services, from the beginning to the end.
    pub handle: Values,
    /// The talk of services.
    pub talk: Values,
    /// First answers of the bot.
    pub bot_reply: Values,
}

/// The durations of one company in the half-open window.
pub fn durations(facts: &[Fact], tenant: TenantId, from: i64, to: i64) -> Durations {
    let mut all = Durations::default();
    for entries in conversations(facts, tenant).values() {
        read(entries, &mut |_, _, _| {}, &mut all);
    }
    let Durations { answered, abandoned, first_reply, reply, handle, talk, bot_reply } = &mut all;
    for values in [answered, abandoned, first_reply, reply, handle, talk, bot_reply] {
        values.retain(|(at, _)| from <= *at && *at < to);
    }
    all
}

type Entries<'f> = BTreeMap<i64, &'f Fact>;

fn conversations(facts: &[Fact], tenant: TenantId) -> BTreeMap<Uuid, Entries<'_>> {
    let mut conversations: BTreeMap<Uuid, Entries<'_>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.tenant_id == tenant.uuid() && fact.stream_kind == "conversation") {
        conversations.entry(fact.stream_id).or_default().insert(fact.seq, fact);
    }
    conversations
}

/// Everything that each counting indicator of one company counts in the half-open window.
pub fn things(facts: &[Fact], tenant: TenantId, from: i64, to: i64) -> BTreeMap<&'static str, Things> {
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
        "first_reply",
        "reply",
        "handled",
        "bot_reply",
        "bot_ended",
        "bot_contained",
        "bot_confirmed",
        "bot_assumed",
    ];
    let mut all: BTreeMap<&'static str, Things> = keys.into_iter().map(|key| (key, Things::new())).collect();
    for (id, entries) in conversations(facts, tenant) {
        let count = &mut |key: &'static str, number, at| {
            if from <= at && at < to {
                all.get_mut(key).unwrap().insert((id, number, at));
            }
        };
        read(&entries, count, &mut Durations::default());
    }
    all
}

fn facts_of(fact: &Fact) -> Value {
    serde_json::from_str(&fact.facts).unwrap()
}

fn read(entries: &Entries<'_>, count: &mut dyn FnMut(&'static str, i64, i64), durations: &mut Durations) {
    conversation(entries, count, durations);
    people(entries, count, durations);
}

/// Whether the conversation leaves its agent with this entry.
fn leaves_agent(fact: &Fact) -> bool {
    ["assigned", "queued", "returned", "handed_back", "resolved"].contains(&fact.kind.as_str()) || gets_agent(fact)
}

/// Whether an agent gets the conversation with this entry.
fn gets_agent(fact: &Fact) -> bool {
    fact.kind == "assigned" || fact.kind == "reopened" && facts_of(fact)["with"] == "agent"
}

fn answers_left(fact: &Fact) -> bool {
    fact.kind == "assigned" && facts_of(fact)["how"] == "left_message"
}

fn is_message(fact: &Fact, by: &str) -> bool {
    fact.kind == "message" && fact.actor_kind == by && (by == "agent" || facts_of(fact)["to"] == "agent")
}

/// Rounds and services: each is looked up from its own end or beginning.
fn people(entries: &Entries<'_>, count: &mut dyn FnMut(&'static str, i64, i64), durations: &mut Durations) {
    for (seq, fact) in entries {
        if is_message(fact, "agent") {
            let Some((began, how)) = entries.range(..seq).rev().find(|(_, before)| leaves_agent(before)).filter(|(_, before)| gets_agent(before)) else {
                continue;
            };
            let replied = entries.range(began + 1..*seq).rev().find(|(_, before)| is_message(before, "agent")).map(|(at, _)| *at);
            let asked = entries.range(replied.unwrap_or(*began) + 1..*seq).find(|(_, before)| is_message(before, "customer")).map(|(_, asked)| asked.at);
            // The agent's first words answer what brought the customer here.
            let since = if replied.is_none() && how.kind == "assigned" && !answers_left(how) { Some(how.at) } else { asked };
            if let Some(since) = since {
                count("reply", *seq, fact.at);
                durations.reply.push((fact.at, fact.at - since));
            }
        }
        // Reopened for the answer to a left message, it is assigned at once: that is one service.
        if gets_agent(fact) && !entries.get(&(seq + 1)).is_some_and(|next| answers_left(next)) {
            let Some((end, over)) = entries.range(seq + 1..).find(|(_, later)| leaves_agent(later)) else { continue };
            let said: Vec<i64> =
                entries.range(seq + 1..*end).filter(|(_, said)| is_message(said, "agent") || is_message(said, "customer")).map(|(_, said)| said.at).collect();
            count("handled", *seq, over.at);
            durations.handle.push((over.at, over.at - fact.at));
            durations.talk.push((over.at, said.windows(2).map(|two| two[1] - two[0]).filter(|pause| *pause <= 300_000).sum()));
        }
    }
}

fn conversation(entries: &Entries<'_>, count: &mut dyn FnMut(&'static str, i64, i64), durations: &mut Durations) {
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
                session.wants_person = session.waits_since;
            }
            ("queued", _) => session.waits_since = session.waits_since.or(Some(fact.at)),
            ("assigned", _) => {
                if told["how"] == "routed" || told["how"] == "taken" {
                    session.ended_waiting(fact.at, true);
                }
                session.was_served = true;
            }
            ("left_queue", _) => session.ended_waiting(fact.at, false),
            ("resolved", _) => {
                if told["outcome"] == "abandoned_in_queue" {
                    session.ended_waiting(fact.at, false);
                }
                session.ended = Some((fact.at, told["outcome"].as_str().unwrap().to_owned()));
            }
            ("message", "agent") => session.replied = session.replied.or(Some(fact.at)),
            ("message", "bot") if session.turn_numbers.contains(&told["of"].as_i64().unwrap()) => session.answered = session.answered.or(Some(fact.at)),
            ("message", "customer") if told["to"] == "bot" && told["command"] != true && !commands.contains(seq) => {
                session.turns.push(fact.at);
                session.turn_numbers.push(*seq);
                count("dialogue", *seq, fact.at);
                if outcomes.get(seq).is_some_and(|outcome| outcome == "no_answer") {
                    count("no_answer", *seq, fact.at);
                }
            }
            ("human_requested", _) => {
                session.requests.push(fact.at);
                session.wants_person = session.wants_person.or(Some(fact.at));
                count("transfer_request", *seq, fact.at);
            }
            ("rated", _) => {
                session.ratings.push((fact.at, told["score"].as_i64().unwrap()));
                session.settled = told["solved"].as_bool().or(session.settled);
            }
            _ => {}
        }
    }
    for (episode, session) in &sessions {
        if let (Some(at), Some(since)) = (session.replied, session.wants_person) {
            count("first_reply", *episode, at);
            durations.first_reply.push((at, at - since));
        }
        let Some((at, waited, answered)) = session.waited else { continue };
        let given_up = !answered && waited > 5_000;
        if answered || given_up {
            if answered { &mut durations.answered } else { &mut durations.abandoned }.push((at, waited));
        }
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
        if let (Some(at), Some(turn)) = (session.answered, session.turns.first()) {
            count("bot_reply", episode, at);
            durations.bot_reply.push((at, at - turn));
        }
        if let (Some((at, outcome)), false) = (&session.ended, session.turns.is_empty()) {
            count("bot_ended", episode, *at);
            let alone = session.requests.is_empty() && outcome != "left_message" && outcome != "resolved";
            // The bot had the last word, and in this traffic it had always answered; the customer may say whether that settled it.
            let bot = outcome == "bot_resolved_assumed";
            for (key, counts) in [
                ("bot_contained", alone),
                ("bot_confirmed", alone && bot && session.settled == Some(true)),
                ("bot_assumed", alone && bot && session.settled.is_none()),
            ] {
                if counts {
                    count(key, episode, *at);
                }
            }
        }
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
