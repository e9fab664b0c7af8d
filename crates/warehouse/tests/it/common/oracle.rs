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
    /// What the customer did with the bot, in order.
    steps: Vec<Step>,
    /// When the customer came back with another conversation.
    back: Option<i64>,
    /// Whether an agent had it.
    had_agent: bool,
}

/// Something that the customer did with the bot: a turn, or asking for a person.
/// Requests by their reason.
const HANDOFFS: [&str; 7] = ["handoff_asked", "handoff_button", "handoff_wish", "handoff_misses", "handoff_mood", "handoff_repetition", "handoff_danger"];

struct Step {
    number: i64,
    at: i64,
    is_turn: bool,
    /// The entry of the knowledge, if the bot answered.
    entry: Option<String>,
    is_judged: Option<String>,
    /// Whether it helped, if the customer said so.
    has_helped: Option<bool>,
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
    /// Stretches at work.
    pub work: Values,
    /// Stretches with conversations.
    pub busy: Values,
    /// The same for each conversation.
    pub contact: Values,
    /// Slots over time.
    pub slot: Values,
}

/// The durations of one company in the half-open window.
pub fn durations(facts: &[Fact], tenant: TenantId, from: i64, to: i64) -> Durations {
    let mut all = Durations::default();
    for entries in conversations(facts, tenant).values() {
        read(entries, &mut |_, _, _| {}, &mut all);
    }
    for fact in work_facts(facts, tenant) {
        work(fact, &mut |_, _, _| {}, &mut all);
    }
    let Durations { answered, abandoned, first_reply, reply, handle, talk, bot_reply, work, busy, contact, slot } = &mut all;
    for values in [answered, abandoned, first_reply, reply, handle, talk, bot_reply, work, busy, contact, slot] {
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
    conversations.values_mut().for_each(forget_undone_ends);
    conversations
}

/// An end that an agent took back was none: neither the end nor what took it back is left.
fn forget_undone_ends(entries: &mut Entries<'_>) {
    let undone: Vec<i64> = entries.iter().filter(|(_, fact)| fact.kind == "reopened" && facts_of(fact)["undo"] == true).map(|(seq, _)| *seq).collect();
    for seq in undone {
        let end = entries.range(..seq).rev().find(|(_, fact)| fact.kind == "resolved").map(|(end, _)| *end);
        entries.remove(&seq);
        if let Some(end) = end {
            entries.remove(&end);
        }
    }
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
        "bot_deflected",
        "bot_back",
        "turn_answered",
        "turn_offered",
        "poor_answer",
        "poor_asked",
        "poor_repeated",
        "poor_rated",
        "request_button",
        "request_words",
        "bot_rated",
        "bot_rated_good",
        "person_rated",
        "person_rated_good",
        "judged_right",
        "judged",
        "poor_unhelpful",
        "answer_rated",
        "answer_helped",
        "work",
        "busy",
    ];
    let mut all: BTreeMap<&'static str, Things> = keys.into_iter().chain(HANDOFFS).map(|key| (key, Things::new())).collect();
    for (id, entries) in conversations(facts, tenant) {
        let count = &mut |key: &'static str, number, at| {
            if from <= at && at < to {
                all.get_mut(key).unwrap().insert((id, number, at));
            }
        };
        read(&entries, count, &mut Durations::default());
    }
    for fact in work_facts(facts, tenant) {
        let id = Uuid::from_u128(fact.stream_id.as_u128() ^ fact.seq as u128);
        let count = &mut |key: &'static str, number, at| {
            if from <= at && at < to {
                all.get_mut(key).unwrap().insert((id, number, at));
            }
        };
        work(fact, count, &mut Durations::default());
    }
    all
}

/// What agents of the company did, each entry once.
fn work_facts(facts: &[Fact], tenant: TenantId) -> Vec<&Fact> {
    let of = facts.iter().filter(|fact| fact.tenant_id == tenant.uuid() && fact.kind == "worked");
    of.map(|fact| ((fact.stream_id, fact.seq), fact)).collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Work, quarter by quarter, back from its end: 48 hours of it at most.
fn work(fact: &Fact, count: &mut dyn FnMut(&'static str, i64, i64), durations: &mut Durations) {
    const QUARTER: i64 = 900_000;
    let told = facts_of(fact);
    let [since, until, open, capacity] = ["since", "until", "open", "capacity"].map(|name| told[name].as_i64().unwrap());
    let begin = since.max(until - 48 * 3_600_000);
    let slots = match told["state"].as_str().unwrap() {
        "available" => open.max(capacity),
        "busy" => open,
        "break" if open > 0 => open,
        _ => return,
    };
    let mut pieces = Vec::new();
    let mut end = until;
    while end > begin {
        let start = begin.max((end - 1) / QUARTER * QUARTER);
        pieces.push((start, end - start));
        end = start;
    }
    for (number, (start, ms)) in pieces.into_iter().rev().enumerate() {
        count("work", number as i64, start);
        durations.work.push((start, ms));
        durations.slot.push((start, slots * ms));
        if open > 0 {
            count("busy", number as i64, start);
            durations.busy.push((start, ms));
            durations.contact.push((start, open * ms));
        }
    }
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
    let mut answered: BTreeMap<i64, String> = BTreeMap::new();
    let mut verdicts: BTreeMap<i64, String> = BTreeMap::new();
    for fact in entries.values().filter(|fact| fact.kind == "answer_judged") {
        let told = facts_of(fact);
        verdicts.insert(told["of"].as_i64().unwrap(), told["verdict"].as_str().unwrap().to_owned());
    }
    let mut helped: BTreeMap<i64, bool> = BTreeMap::new();
    for fact in entries.values().filter(|fact| fact.kind == "answer_rated") {
        let told = facts_of(fact);
        helped.insert(told["question"].as_i64().unwrap(), told["helpful"].as_bool().unwrap());
    }
    for fact in entries.values().filter(|fact| fact.kind == "message" && fact.actor_kind == "bot") {
        let told = facts_of(fact);
        let of = told["of"].as_i64().unwrap();
        outcomes.insert(of, told["outcome"].as_str().unwrap().to_owned());
        answered.remove(&of);
        if told["outcome"] == "confident" {
            answered.insert(of, told["entry"].as_str().unwrap().to_owned());
        }
    }
    let mut sessions: BTreeMap<i64, Session> = BTreeMap::new();
    for (seq, fact) in entries {
        let told = facts_of(fact);
        if fact.kind == "answer_judged" || fact.kind == "answer_rated" && told["settles"] != true {
            continue;
        }
        let session = sessions.entry(told["ep"].as_i64().unwrap()).or_default();
        match (fact.kind.as_str(), fact.actor_kind.as_str()) {
            ("opened" | "reopened", _) => {
                session.with_bot = told["with"] == "bot";
                session.created = fact.at;
                session.waits_since = (told["with"] == "queue").then_some(fact.at);
                session.was_served = told["with"] == "agent";
                session.had_agent |= told["with"] == "agent";
                session.wants_person = session.waits_since;
            }
            ("came_back", _) => session.back = session.back.or(Some(fact.at)),
            ("queued", _) => session.waits_since = session.waits_since.or(Some(fact.at)),
            ("assigned", _) => {
                if told["how"] == "routed" || told["how"] == "taken" {
                    session.ended_waiting(fact.at, true);
                }
                session.was_served = true;
                session.had_agent = true;
            }
            ("left_queue", _) => session.ended_waiting(fact.at, false),
            ("resolved", _) => {
                if told["outcome"] == "abandoned_in_queue" {
                    session.ended_waiting(fact.at, false);
                }
                // What was said of an end that was taken back says nothing of this one.
                session.settled = None;
                session.ended = Some((fact.at, told["outcome"].as_str().unwrap().to_owned()));
            }
            ("message", "agent") => session.replied = session.replied.or(Some(fact.at)),
            ("message", "bot") if session.turn_numbers.contains(&told["of"].as_i64().unwrap()) => session.answered = session.answered.or(Some(fact.at)),
            ("message", "customer") if told["to"] == "bot" && told["command"] != true && !commands.contains(seq) => {
                session.turns.push(fact.at);
                session.turn_numbers.push(*seq);
                count("dialogue", *seq, fact.at);
                let entry = answered.get(seq).cloned();
                let is_judged = verdicts.get(seq).cloned().filter(|_| entry.is_some());
                let has_helped = helped.get(seq).copied().filter(|_| entry.is_some());
                session.steps.push(Step { number: *seq, at: fact.at, is_turn: true, entry, is_judged, has_helped });
                if outcomes.get(seq).is_some_and(|outcome| outcome == "did_you_mean") {
                    count("turn_offered", *seq, fact.at);
                }
                if outcomes.get(seq).is_some_and(|outcome| outcome == "no_answer") {
                    count("no_answer", *seq, fact.at);
                }
            }
            ("message", "customer") if told["to"] == "bot" => {
                session.steps.push(Step { number: *seq, at: fact.at, is_turn: false, entry: None, is_judged: None, has_helped: None });
            }
            ("human_requested", _) => {
                session.steps.push(Step { number: *seq, at: fact.at, is_turn: false, entry: None, is_judged: None, has_helped: None });
                count(if told["via"] == "button" { "request_button" } else { "request_words" }, *seq, fact.at);
                let reason = told["reason"].as_str().unwrap_or(if told["via"] == "button" { "button" } else { "asked" });
                if let Some(key) = HANDOFFS.iter().find(|key| key.strip_prefix("handoff_") == Some(reason)) {
                    count(key, *seq, fact.at);
                }
                session.requests.push(fact.at);
                session.wants_person = session.wants_person.or(Some(fact.at));
                count("transfer_request", *seq, fact.at);
            }
            ("answer_rated", _) => session.settled = told["helpful"].as_bool(),
            ("rated", _) => {
                session.ratings.push((fact.at, told["score"].as_i64().unwrap()));
                session.settled = told["solved"].as_bool().or(session.settled);
            }
            _ => {}
        }
    }
    for (episode, session) in &sessions {
        let last_score = session.ratings.last().map(|(_, score)| *score);
        for (n, step) in session.steps.iter().enumerate().filter(|(_, step)| step.entry.is_some()) {
            count("turn_answered", step.number, step.at);
            let next = session.steps.get(n + 1);
            let poor = if step.is_judged.as_deref() == Some("wrong") {
                Some("judged_wrong")
            } else if step.has_helped == Some(false) {
                Some("poor_unhelpful")
            } else if next.is_some_and(|next| !next.is_turn) {
                Some("poor_asked")
            } else if next.is_some_and(|next| next.entry == step.entry) {
                Some("poor_repeated")
            } else if next.is_none() && last_score.is_some_and(|score| score < 3) {
                Some("poor_rated")
            } else {
                None
            };
            if let Some(why) = poor {
                count("poor_answer", step.number, step.at);
                if why != "judged_wrong" {
                    count(why, step.number, step.at);
                }
            }
            if let Some(has_helped) = step.has_helped {
                count("answer_rated", step.number, step.at);
                if has_helped {
                    count("answer_helped", step.number, step.at);
                }
            }
            if let Some(verdict) = step.is_judged.as_deref().filter(|verdict| *verdict != "unclear") {
                count("judged", step.number, step.at);
                if verdict == "right" {
                    count("judged_right", step.number, step.at);
                }
            }
        }
        if let (Some((first, _)), Some(score)) = (session.ratings.first(), last_score) {
            let (rated, good) = if session.had_agent { ("person_rated", "person_rated_good") } else { ("bot_rated", "bot_rated_good") };
            count(rated, *episode, *first);
            if score > 3 {
                count(good, *episode, *first);
            }
        }
        // A message of an agent before anybody asked for a person is no first reply.
        if let (Some(at), Some(since)) = (session.replied, session.wants_person)
            && at >= since
        {
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
    let began: BTreeMap<i64, i64> = sessions.iter().map(|(episode, session)| (*episode, session.created)).collect();
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
            let next = began.get(&(episode + 1)).copied();
            let away = [next, session.back].into_iter().flatten().map(|back| back - at).filter(|ms| *ms >= 0).min().unwrap_or(i64::MAX);
            let bot = outcome == "bot_resolved_assumed" && away > 3 * 24 * 3_600_000;
            for (key, counts) in [
                ("bot_contained", alone),
                ("bot_deflected", alone && away > 24 * 3_600_000),
                ("bot_back", alone && away <= 3 * 24 * 3_600_000),
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
