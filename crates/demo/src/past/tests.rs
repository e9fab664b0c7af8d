//! Whole pasts: their stories keep to the rules, and vary as the profile says.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    conversation::{AnswerOutcome, Conversation, Outcome, State},
    entry::{
        Fact,
        body::{AssignedHow, BeganWith},
        fact::{self, AssignedIn},
    },
    id::{AgentId, VisitorId},
    journal::ActorKind,
    rating,
    time::{DAY, MINUTE},
};

use super::*;
use crate::{
    calendar::Zone,
    cast::{Cast, tests::cast},
    profile::Profile,
    words::{OPERATOR, Words},
};

/// Saturday 2026-11-21, noon in Shanghai.
const NOW: Ts = Ts(1_795_233_600_000);

struct World {
    cast: Cast,
    words: Words,
    profile: Profile,
}

impl World {
    fn new(seed: u64, per_day: u32) -> Self {
        let words = Words::read(OPERATOR).unwrap();
        let profile = Profile::new(&words, Zone::named("Asia/Shanghai", NOW), seed, per_day, NOW).unwrap();
        Self { cast: cast(3), words, profile }
    }

    fn stage(&self) -> Stage<'_> {
        Stage { cast: &self.cast, words: &self.words, profile: &self.profile }
    }

    /// The days from so many days ago until today.
    fn past(&self, days: i64) -> Past {
        let today = self.profile.zone().day(NOW);
        Past { days: (today - days..=today).collect(), now: NOW, lively_since: None, regulars: 30 }
    }

    /// All conversations of a past.
    fn tell(&self, past: &Past) -> Vec<Finished> {
        let mut teller = Teller::new(self.stage(), past);
        for &day in &past.days {
            teller.begin_day(day).unwrap();
            teller.go_on_until(self.profile.zone().begin(day + 1)).unwrap();
        }
        teller.end().unwrap();
        teller.take_finished()
    }
}

fn facts(story: &Finished) -> impl Iterator<Item = (Ts, ActorKind, Fact)> + '_ {
    story.entries.iter().map(|entry| (entry.at, entry.entry.actor.kind, entry.fact().expect("every fact can be read")))
}

fn last(story: &Finished) -> &Conversation {
    &story.episodes.last().unwrap().0
}

/// The waits that ended with an agent, in milliseconds, each with the time at which it ended.
fn waits(stories: &[Finished]) -> Vec<(Ts, i64)> {
    let wait = |(at, _, fact)| match fact {
        Fact::Assigned(AssignedIn::Conversation(assigned)) if matches!(assigned.how, AssignedHow::Routed | AssignedHow::Taken | AssignedHow::Accepted) => {
            Some((at, assigned.wait_ms))
        }
        _ => None,
    };
    stories.iter().flat_map(|story| facts(story).filter_map(wait)).collect()
}

#[test]
fn every_conversation_has_ended_is_numbered_without_gaps_and_can_be_read() {
    let world = World::new(3, 60);
    let stories = world.tell(&world.past(40));
    assert!(stories.len() > 1_200, "{}", stories.len());
    let mut ids = BTreeSet::new();
    for story in &stories {
        let c = last(story);
        assert!(ids.insert(c.id), "an id is used once");
        assert!(story.entries.iter().map(|entry| entry.seq).eq(1..=story.head.seq));
        assert!(story.entries.is_sorted_by_key(|entry| entry.at) && story.head.last_at < NOW);
        assert!(story.entries.iter().all(|entry| entry.body().is_some() && entry.fact().is_some()));
        assert!(matches!(c.state, State::Resolved | State::Closed) && c.left_at.is_none());
        assert_eq!(c.state == State::Closed, c.resolved_at.is_some_and(|ended| NOW.since(ended) > DAY), "closed a day after its end");
        assert!(story.episodes.iter().map(|(episode, _)| episode.episode.number).eq(1..=c.episode.number));
        assert!(story.episodes.iter().all(|(episode, _)| episode.episode.outcome.is_some() && episode.id == c.id));
        assert!(story.left.iter().all(|left| left.done.is_some_and(|(at, ..)| at > left.at)));
    }
}

/// `tell` panics if a rule refuses what is to happen.
#[test]
fn no_seed_breaks_a_rule_however_many_agents_there_are() {
    for seed in 100..108 {
        let world = World { cast: cast(1 + u128::from(seed % 4)), ..World::new(seed, 40) };
        assert!(!world.tell(&world.past(30)).is_empty(), "{seed}");
    }
}

/// What a conversation looks like to whoever reads nothing but its facts: the same as the rules left it.
#[test]
fn the_facts_lead_to_the_state_that_is_stored() {
    let world = World::new(4, 60);
    for story in world.tell(&world.past(20)) {
        let (mut state, mut agent, mut episode) = (State::Bot, None, 0);
        for (_, _, fact) in facts(&story) {
            match fact {
                Fact::Opened(opened) => episode = opened.ep,
                Fact::Reopened(reopened) => {
                    assert_eq!((state, reopened.ep), (State::Resolved, episode + 1));
                    episode = reopened.ep;
                    (state, agent) = match reopened.with {
                        BeganWith::Bot => (State::Bot, None),
                        BeganWith::Queue => (State::Queued, None),
                        BeganWith::Agent => (State::Active, reopened.agent),
                    };
                }
                Fact::Queued(_) => (state, agent) = (State::Queued, None),
                Fact::LeftQueue(_) => state = State::Bot,
                Fact::Assigned(AssignedIn::Conversation(assigned)) => (state, agent) = (State::Active, Some(assigned.agent)),
                Fact::Resolved(_) => state = State::Resolved,
                Fact::Closed(_) => state = State::Closed,
                _ => {}
            }
        }
        let c = last(&story);
        assert_eq!((state, agent, episode), (c.state, c.agent, c.episode.number), "{}", c.id);
    }
}

#[test]
fn everything_that_can_happen_does() {
    let world = World::new(5, 120);
    let stories = world.tell(&world.past(60));
    let outcomes: Vec<Outcome> = stories.iter().flat_map(|story| &story.episodes).filter_map(|(c, _)| c.episode.outcome).collect();
    for outcome in [
        Outcome::Resolved,
        Outcome::AbandonedInQueue,
        Outcome::LeftMessage,
        Outcome::Dropped,
        Outcome::BotResolvedConfirmed,
        Outcome::BotResolvedAssumed,
        Outcome::BotUnanswered,
    ] {
        assert!(outcomes.contains(&outcome), "{outcome:?}");
    }
    let kinds: BTreeSet<&str> = stories.iter().flat_map(|story| &story.entries).map(|entry| entry.kind.as_str()).collect();
    for kind in
        ["opened", "reopened", "human_requested", "left_queue", "assigned", "routing", "transferred", "returned", "note", "rated", "left_message_handled"]
    {
        assert!(kinds.contains(kind), "{kind}");
    }
    let answers: Vec<fact::Message> =
        stories.iter().flat_map(facts).filter_map(|(_, _, fact)| if let Fact::Message(said) = fact { Some(said) } else { None }).collect();
    for outcome in [
        AnswerOutcome::Confident,
        AnswerOutcome::DidYouMean,
        AnswerOutcome::NoAnswer,
        AnswerOutcome::SmallTalk,
        AnswerOutcome::Attribute,
        AnswerOutcome::Closed,
    ] {
        assert!(answers.iter().any(|said| said.outcome == Some(outcome)), "{outcome:?}");
    }
    assert!(answers.iter().any(|said| said.choice.is_some()), "a suggestion is chosen");
    let topics: BTreeSet<Option<String>> = answers.iter().filter_map(|said| said.intent.clone()).collect();
    assert!(topics.len() > 25, "most categories are asked about: {topics:?}");
    let verdicts: Vec<_> = stories.iter().flat_map(|story| &story.episodes).filter_map(|(c, verdict)| Some((c.episode.score?, verdict.clone()?))).collect();
    let has_comment = |score| verdicts.iter().any(|(of, verdict)| *of == score && verdict.comment.is_some());
    let mut scale = rating::SCALE;
    assert!(scale.all(has_comment), "a comment for each score");
    assert!(stories.iter().any(|story| last(story).episode.number == 3), "somebody returns twice");
}

#[test]
fn the_ratios_are_those_of_a_decent_operator() {
    let world = World::new(6, 120);
    let stories = world.tell(&world.past(60));
    let share = |some: usize, all: usize| some as f64 / all as f64;
    let asked = stories.iter().filter(|story| story.episodes[0].0.episode.human_requested_at.is_some()).count();
    assert!((0.15..0.4).contains(&share(asked, stories.len())), "asked for a person: {asked} of {}", stories.len());
    let waits = waits(&stories);
    let in_time = waits.iter().filter(|(_, wait)| *wait <= 20_000).count();
    assert!((0.6..0.95).contains(&share(in_time, waits.len())), "answered in time: {in_time} of {}", waits.len());
    let scores: Vec<i64> = stories.iter().flat_map(|story| &story.episodes).filter_map(|(c, _)| c.episode.score).collect();
    let good = scores.iter().filter(|score| rating::is_good(**score)).count();
    assert!((0.65..0.95).contains(&share(good, scores.len())), "good: {good} of {}", scores.len());
    let outcomes = stories.iter().flat_map(facts).filter_map(|(_, _, fact)| if let Fact::Message(said) = fact { said.outcome } else { None });
    let (mut missed, mut all) = (0, 0);
    for outcome in outcomes {
        all += 1;
        missed += usize::from(outcome == AnswerOutcome::NoAnswer);
    }
    assert!((0.05..0.2).contains(&share(missed, all)), "unanswered: {missed} of {all}");
}

#[test]
fn during_an_outage_people_wait_leave_complain_and_are_passed_on() {
    let world = World::new(7, 240);
    let past = world.past(60);
    let stories = world.tell(&past);
    let outages: Vec<_> = past.days.iter().filter_map(|day| world.profile.day(*day).outage).collect();
    assert!(outages.len() >= 3);
    let is_during = |at: Ts| outages.iter().any(|outage| (outage.from..outage.until).contains(&at));
    let (during, usual): (Vec<Finished>, Vec<Finished>) = stories.into_iter().partition(|story| is_during(last(story).created_at));
    assert!(during.len() > 100, "{}", during.len());
    let mean = |all: &[i64]| all.iter().sum::<i64>() as f64 / all.len() as f64;
    let wait = |stories: &[Finished]| mean(&waits(stories).into_iter().map(|(_, wait)| wait).collect::<Vec<_>>());
    assert!(wait(&during) > 3.0 * wait(&usual), "waits: {} {}", wait(&during), wait(&usual));
    let score = |stories: &[Finished]| mean(&stories.iter().flat_map(|story| &story.episodes).filter_map(|(c, _)| c.episode.score).collect::<Vec<_>>());
    assert!(score(&during) < score(&usual) - 0.4, "scores: {} {}", score(&during), score(&usual));
    let rate = |stories: &[Finished], is: fn(&Fact) -> bool| {
        stories.iter().filter(|story| facts(story).any(|(_, _, fact)| is(&fact))).count() as f64 / stories.len() as f64
    };
    let gave_up = |fact: &Fact| matches!(fact, Fact::LeftQueue(_)) || matches!(fact, Fact::Resolved(resolved) if resolved.outcome == Outcome::AbandonedInQueue);
    for (what, is) in [("gave up", gave_up as fn(&Fact) -> bool), ("transferred", |fact| matches!(fact, Fact::Transferred(_)))] {
        assert!(rate(&during, is) > 3.0 * rate(&usual, is), "{what}: {} {}", rate(&during, is), rate(&usual, is));
    }
}

#[test]
fn nobody_serves_more_than_the_capacity_and_only_in_working_hours() {
    let world = World::new(8, 900);
    let past = world.past(12);
    let stories = world.tell(&past);
    let mut changes: BTreeMap<AgentId, Vec<(Ts, i64)>> = BTreeMap::new();
    for story in &stories {
        let mut holds: Option<AgentId> = None;
        for (at, _, fact) in facts(story) {
            let next = match fact {
                Fact::Assigned(AssignedIn::Conversation(assigned)) => Some(assigned.agent),
                Fact::Reopened(reopened) => reopened.agent,
                Fact::Queued(_) | Fact::Resolved(_) => None,
                _ => continue,
            };
            if next != holds {
                for (agent, by) in holds.map(|agent| (agent, -1)).into_iter().chain(next.map(|agent| (agent, 1))) {
                    changes.entry(agent).or_default().push((at, by));
                    let time = world.profile.zone().time_of_day(at);
                    assert!(by < 0 || (8 * HOUR..22 * HOUR).contains(&time), "assigned at {} min", time / MINUTE);
                }
            }
            holds = next;
        }
    }
    assert_eq!(changes.len(), 3, "everybody serves");
    let mut most = 0;
    for mut of_agent in changes.into_values() {
        of_agent.sort_unstable();
        let mut open = 0;
        for (_, by) in of_agent {
            open += by;
            most = most.max(open);
        }
        assert_eq!(open, 0);
    }
    assert_eq!(most, 3, "the capacity is used, and not exceeded");
}

#[test]
fn customers_return_and_have_one_conversation_at_a_time() {
    let world = World::new(9, 60);
    let stories = world.tell(&world.past(40));
    let mut of_visitor: BTreeMap<VisitorId, Vec<(Ts, Ts)>> = BTreeMap::new();
    for story in &stories {
        of_visitor.entry(last(story).visitor).or_default().push((last(story).created_at, story.head.last_at));
    }
    let returned = of_visitor.values().filter(|visits| visits.len() > 1).count();
    assert!(returned > 80, "{returned} of {}", of_visitor.len());
    for visits in of_visitor.values_mut() {
        visits.sort_unstable();
        assert!(visits.windows(2).all(|two| two[0].1 < two[1].0), "{visits:?}");
    }
}

#[test]
fn the_same_seed_and_present_give_the_same_past_and_a_day_does_not_depend_on_which_others_are_told() {
    let world = World::new(10, 40);
    let told = |world: &World, days| format!("{:?}", world.tell(&world.past(days)));
    assert_eq!(told(&world, 5), told(&World::new(10, 40), 5));
    assert_ne!(told(&world, 5), told(&World::new(11, 40), 5));
    let begun = |days| world.tell(&world.past(days)).iter().map(|story| (last(story).created_at, last(story).id)).collect::<BTreeSet<_>>();
    assert!(begun(3).is_subset(&begun(6)));
}

#[test]
fn little_is_kept_in_memory_and_the_last_hours_are_lively_at_night() {
    let world = World::new(12, 200);
    let day = world.profile.zone().day(NOW);
    let now = world.profile.zone().begin(day).plus(3 * HOUR);
    let past = Past { days: (day - 20..=day).collect(), now, lively_since: Some(now.plus(-2 * HOUR)), regulars: 30 };
    let mut teller = Teller::new(world.stage(), &past);
    let mut told = 0;
    for &day in &past.days {
        teller.begin_day(day).unwrap();
        teller.go_on_until(world.profile.zone().begin(day + 1)).unwrap();
        assert!(teller.going_on.len() < 100, "{} go on", teller.going_on.len());
        told += teller.take_finished().len();
    }
    teller.end().unwrap();
    assert!(told > 2_000, "{told}");
    // Nobody works at that hour, and yet somebody does.
    let mut world = World::new(12, 20);
    world.profile = Profile::new(&world.words, Zone::named("Asia/Shanghai", NOW), 12, 20, now).unwrap();
    let night = world.tell(&Past { days: vec![day], ..past });
    let lively: Vec<Finished> = night.into_iter().filter(|story| last(story).created_at >= now.plus(-2 * HOUR)).collect();
    assert!(lively.len() > 40 && !waits(&lively).is_empty(), "{}", lively.len());
}

/// How long agents had conversations, in milliseconds: from getting one to losing it.
fn served_ms(story: &Finished) -> i64 {
    let (mut since, mut sum) = (None, 0);
    for (at, _, fact) in facts(story) {
        let gets = matches!(&fact, Fact::Assigned(_)) || matches!(&fact, Fact::Reopened(reopened) if reopened.with == BeganWith::Agent);
        if gets || matches!(fact, Fact::Queued(_) | Fact::Returned(_) | Fact::HandedBack(_) | Fact::Resolved(_)) {
            sum += since.take().map_or(0, |since| at.since(since));
            since = gets.then_some(at);
        }
    }
    sum
}

#[test]
fn agents_work_their_shifts_and_have_as_many_conversations_as_they_serve() {
    let world = World::new(7, 120);
    let past = Past { lively_since: Some(NOW.plus(-HOUR)), ..world.past(12) };
    let mut teller = Teller::new(world.stage(), &past);
    let (mut work, mut served) = (Vec::new(), 0);
    for &day in &past.days {
        teller.begin_day(day).unwrap();
        teller.go_on_until(world.profile.zone().begin(day + 1)).unwrap();
        let of_day = teller.work_of(day);
        assert!(of_day.iter().all(|(_, stretches)| stretches.is_sorted_by_key(|worked| worked.until)));
        let span: i64 = of_day.iter().flat_map(|(_, stretches)| stretches).map(|worked| worked.until.since(worked.since)).sum();
        assert!((4 * HOUR..36 * HOUR).contains(&span), "{} hours", span / HOUR);
        work.extend(of_day.into_iter().flat_map(|(_, stretches)| stretches));
    }
    teller.end().unwrap();
    for story in teller.take_finished() {
        served += served_ms(&story);
    }
    assert!(work.iter().all(|worked| worked.since < worked.until && worked.until <= NOW && worked.open >= 0 && worked.open <= worked.capacity));
    let contact: i64 = work.iter().map(|worked| worked.open * worked.until.since(worked.since)).sum();
    let apart = (contact - served).abs() as f64 / served as f64;
    assert!(apart < 0.03, "{contact} of work, {served} of services");
    let states: BTreeSet<&str> = work.iter().map(|worked| worked.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["available", "break"]));
}
