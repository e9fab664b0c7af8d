//! Routing: which of the agents who may get a waiting conversation gets it, by the rules of its queue ([`rules`]) and the skills that it asks for ([`skill`]).

pub mod rules;
pub mod skill;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    entry::body::{Routing, RoutingCandidate, RoutingRule, Skipped},
    id::AgentId,
    staff::{AgentState, is_reachable},
    time::{HOUR, MINUTE, Ts},
};

use rules::{CHAT_UNITS, Order, QueueRules};
use skill::{Level, has_all};

/// Whoever served a customer within this time is their last agent, in milliseconds.
pub const LAST_AGENT_MS: i64 = 24 * HOUR;
/// Whoever passed or missed an offer is offered the same conversation again only after this time, in milliseconds.
pub const REOFFER_AFTER_MS: i64 = MINUTE;
/// After so many missed offers in a row, an agent is on a break: they are not at the desk.
pub const MISSES_UNTIL_BREAK: i64 = 2;
/// The most agents that a stored trace names: those who were free come first, the best of them at the front.
const MOST_TRACED: usize = 40;

/// An agent as routing sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The agent's id.
    pub agent: AgentId,
    /// The name customers see.
    pub name: String,
    /// The number customers see.
    pub number: String,
    /// Whether the agent takes conversations.
    pub state: AgentState,
    /// When the agent's console was last seen; `None` if never.
    pub last_seen_at: Option<Ts>,
    /// The number of conversations the agent serves now.
    pub open: i64,
    /// The most conversations the agent may serve at once.
    pub capacity: i64,
    /// The units that these conversations take.
    pub units: i64,
    /// The most units that the agent's conversations may take.
    pub unit_capacity: i64,
    /// When the agent was last given a conversation; `None` if never.
    pub last_assigned_at: Option<Ts>,
    /// Whether a conversation is offered to the agent now, which they have not accepted yet.
    pub has_offer: bool,
    /// What the agent can do.
    pub skills: Vec<Level>,
    /// Whether somebody else is giving the agent a conversation, or taking one away, at this very moment.
    pub is_occupied: bool,
}

/// Where an agent stands now, by what matters most: the definition of who is on shift, who takes conversations and who has a free slot. `store::routing::is_staffed`
/// asks the same of the record, which a test compares; in the console, `shownState` says it of the agent at it, who is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The agent takes conversations and has a free slot.
    Available,
    /// The agent takes conversations and has as many as they can serve.
    Full,
    /// The agent is at work, keeps their conversations and takes no new ones.
    Busy,
    /// The agent is on a break, keeps their conversations and takes no new ones.
    Break,
    /// The agent should be present, and their console is not connected.
    Unreachable,
    /// The agent is not at work.
    Offline,
}

impl Standing {
    /// Whether the agent takes conversations, busy or not.
    pub const fn takes(self) -> bool {
        matches!(self, Self::Available | Self::Full)
    }
    /// Whether the agent is on shift: at work and connected, also during a break.
    pub const fn is_on_shift(self) -> bool {
        matches!(self, Self::Available | Self::Full | Self::Busy | Self::Break)
    }
}

impl Candidate {
    /// Where the agent stands.
    pub fn standing(&self, now: Ts) -> Standing {
        match (self.state, self.reachable(now)) {
            (AgentState::Offline, _) => Standing::Offline,
            (_, false) => Standing::Unreachable,
            (AgentState::Busy, true) => Standing::Busy,
            (AgentState::Break, true) => Standing::Break,
            (AgentState::Available, true) if self.is_full(1) => Standing::Full,
            (AgentState::Available, true) => Standing::Available,
        }
    }
    /// How many more chats the agent takes now.
    pub fn free_slots(&self, now: Ts) -> i64 {
        let by_units = (self.unit_capacity - self.units) / CHAT_UNITS;
        if self.standing(now).takes() { (self.capacity - self.open).min(by_units).max(0) } else { 0 }
    }
    /// Whether the agent's console is connected.
    pub fn reachable(&self, now: Ts) -> bool {
        is_reachable(self.last_seen_at, now)
    }
    /// Whether a conversation that takes so many units is one too many.
    pub fn is_full(&self, units: i64) -> bool {
        self.open >= self.capacity || self.units + units > self.unit_capacity
    }
    fn skip_reason(&self, wanted: &Wanted, now: Ts) -> Option<Skipped> {
        Some(match self.state {
            AgentState::Busy => Skipped::Busy,
            AgentState::Break => Skipped::Break,
            AgentState::Offline => Skipped::Offline,
            AgentState::Available if !self.reachable(now) => Skipped::Unreachable,
            AgentState::Available if self.is_full(wanted.units) => Skipped::Full,
            AgentState::Available if self.is_occupied => Skipped::Occupied,
            AgentState::Available if self.has_offer => Skipped::Offered,
            AgentState::Available if wanted.passed.contains(&self.agent) => Skipped::Passed,
            AgentState::Available if !has_all(&self.skills, wanted.needs) => Skipped::Skills,
            AgentState::Available => return None,
        })
    }
    /// Whether the agent can take anything now, however little it takes of them.
    pub fn takes_any(&self, now: Ts) -> bool {
        self.skip_reason(&Wanted { units: 1, ..Wanted::default() }, now).is_none()
    }
    /// Whether the agent can take one more chat now.
    pub fn is_free(&self, now: Ts) -> bool {
        self.skip_reason(&Wanted::default(), now).is_none()
    }
}

/// What a waiting conversation asks of whoever gets it.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// How the agent is chosen.
    pub order: Order,
    /// The skills that are asked for, as far as they are not relaxed.
    pub needs: &'a [Level],
    /// By how many steps they are relaxed.
    pub relaxed: i64,
    /// The units that it takes.
    pub units: i64,
    /// The agent who goes before everybody else, if they are free.
    pub preferred: Option<AgentId>,
    /// Those who have just passed or missed it.
    pub passed: &'a [AgentId],
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self { order: Order::Balanced, needs: &[], relaxed: 0, units: CHAT_UNITS, preferred: None, passed: &[] }
    }
}

impl<'a> Wanted<'a> {
    /// What a conversation asks for by the rules of its queue, once the skills are relaxed.
    pub fn by(rules: &QueueRules, needs: &'a [Level], relaxed: i64) -> Self {
        Self { order: rules.order, needs, relaxed, units: rules.units, ..Self::default() }
    }
}

/// Chooses an agent; `None` if nobody is free, or if nobody is to be chosen. The trace explains the choice, and is stored with it: choosing among the candidates
/// that it names gives the same agent again.
pub fn pick<'c>(candidates: impl IntoIterator<Item = &'c Candidate>, wanted: &Wanted, now: Ts) -> (Option<&'c Candidate>, Routing) {
    let mut seen: Vec<(Option<Skipped>, &Candidate)> = candidates.into_iter().map(|one| (one.skip_reason(wanted, now), one)).collect();
    let open = |one: &Candidate| if wanted.order == Order::RoundRobin { 0 } else { one.open };
    seen.sort_by_key(|(skipped, one)| (skipped.is_some(), Some(one.agent) != wanted.preferred, open(one), one.last_assigned_at, one.agent));
    let chosen = seen.first().filter(|(skipped, _)| skipped.is_none() && wanted.order != Order::Manual).map(|(_, one)| *one);
    let rule = match wanted.order {
        Order::Manual => RoutingRule::Manual,
        _ if chosen.is_some() && chosen.map(|one| one.agent) == wanted.preferred => RoutingRule::LastAgent,
        Order::RoundRobin => RoutingRule::LongestIdle,
        Order::Balanced => RoutingRule::FewestOpenThenLongestIdle,
    };
    let left_out = seen.len().saturating_sub(MOST_TRACED);
    let traced = seen.iter().take(MOST_TRACED).map(|(skipped, one)| RoutingCandidate {
        agent: one.agent,
        name: one.name.clone(),
        open: one.open,
        capacity: one.capacity,
        last_assigned_at: one.last_assigned_at,
        skipped: *skipped,
    });
    let trace = Routing {
        rule,
        candidates: traced.collect(),
        chosen: chosen.map(|one| one.agent),
        needs: wanted.needs.to_vec(),
        relaxed: wanted.relaxed,
        left_out: i64::try_from(left_out).unwrap_or(i64::MAX),
    };
    (chosen, trace)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn agent(n: u128, open: i64, last: Option<i64>) -> Candidate {
        Candidate {
            agent: AgentId::new(Uuid::from_u128(n)),
            name: format!("a{n}"),
            number: n.to_string(),
            state: AgentState::Available,
            last_seen_at: Some(Ts(100_000)),
            open,
            capacity: 3,
            units: open * CHAT_UNITS,
            unit_capacity: 3 * CHAT_UNITS,
            last_assigned_at: last.map(Ts),
            has_offer: false,
            skills: Vec::new(),
            is_occupied: false,
        }
    }
    fn chosen(candidates: &[Candidate]) -> Option<u128> {
        by(candidates, &Wanted::default())
    }
    fn by(candidates: &[Candidate], wanted: &Wanted) -> Option<u128> {
        pick(candidates, wanted, Ts(100_000)).0.map(|c| c.agent.uuid().as_u128())
    }

    #[test]
    fn the_least_busy_gets_it_and_at_a_tie_the_longest_idle() {
        assert_eq!(chosen(&[agent(1, 2, None), agent(2, 1, Some(5))]), Some(2));
        assert_eq!(chosen(&[agent(1, 1, Some(9)), agent(2, 1, Some(5))]), Some(2));
        assert_eq!(chosen(&[agent(1, 1, Some(9)), agent(2, 1, None)]), Some(2));
    }

    #[test]
    fn who_has_a_free_slot_and_who_is_on_shift_is_said_once() {
        let now = Ts(100_000);
        for (state, seen, open, standing, takes, on_shift, free) in [
            (AgentState::Available, Some(100_000), 1, Standing::Available, true, true, 2),
            (AgentState::Available, Some(70_000), 3, Standing::Full, true, true, 0),
            (AgentState::Available, Some(70_000), 4, Standing::Full, true, true, 0),
            (AgentState::Available, Some(69_999), 0, Standing::Unreachable, false, false, 0),
            (AgentState::Available, None, 0, Standing::Unreachable, false, false, 0),
            (AgentState::Break, Some(100_000), 0, Standing::Break, false, true, 0),
            (AgentState::Break, None, 2, Standing::Unreachable, false, false, 0),
            (AgentState::Offline, Some(100_000), 2, Standing::Offline, false, false, 0),
            (AgentState::Offline, None, 0, Standing::Offline, false, false, 0),
        ] {
            let one = Candidate { state, last_seen_at: seen.map(Ts), ..agent(1, open, None) };
            let stands = one.standing(now);
            assert_eq!((stands, stands.takes(), stands.is_on_shift(), one.free_slots(now)), (standing, takes, on_shift, free), "{state:?} {seen:?} {open}");
            assert_eq!(one.is_free(now), free > 0, "routing agrees: {state:?} {seen:?} {open}");
        }
    }

    #[test]
    fn nobody_gets_more_than_the_capacity_or_while_away() {
        let mut away = agent(1, 0, None);
        away.state = AgentState::Break;
        let mut gone = agent(2, 0, None);
        gone.last_seen_at = Some(Ts(60_000));
        let mut occupied = agent(4, 0, None);
        occupied.is_occupied = true;
        let all = [away, gone, agent(3, 3, None), occupied];
        let (none, trace) = pick(&all, &Wanted::default(), Ts(100_000));
        assert!(none.is_none());
        let why: Vec<Skipped> = trace.candidates.iter().map(|candidate| candidate.skipped.unwrap()).collect();
        assert_eq!(why, [Skipped::Break, Skipped::Unreachable, Skipped::Occupied, Skipped::Full], "the fewest open first");
    }

    #[test]
    fn rules_of_a_queue_choose_among_the_free() {
        let all = [agent(1, 0, Some(9)), agent(2, 2, Some(5)), agent(3, 1, Some(7))];
        let id = |n| AgentId::new(Uuid::from_u128(n));
        let wanted = Wanted::default();
        assert_eq!(by(&all, &wanted), Some(1));
        assert_eq!(by(&all, &Wanted { order: Order::RoundRobin, ..wanted }), Some(2));
        assert_eq!(by(&all, &Wanted { order: Order::Manual, ..wanted }), None);
        assert_eq!(by(&all, &Wanted { preferred: Some(id(3)), ..wanted }), Some(3));
        assert_eq!(by(&all, &Wanted { preferred: Some(id(8)), ..wanted }), Some(1), "who is not there is not waited for");
        assert_eq!(by(&all, &Wanted { passed: &[id(1)], ..wanted }), Some(3));
        let rule = |wanted: &Wanted| pick(&all, wanted, Ts(100_000)).1.rule;
        assert_eq!(rule(&Wanted { preferred: Some(id(3)), ..wanted }), RoutingRule::LastAgent);
        assert_eq!(rule(&Wanted { preferred: Some(id(8)), ..wanted }), RoutingRule::FewestOpenThenLongestIdle);
    }

    #[test]
    fn skills_units_and_an_open_offer_pass_agents_over() {
        let skill = |n, level| Level { skill: crate::id::SkillId::new(Uuid::from_u128(n)), level };
        let able = Candidate { skills: vec![skill(7, 2)], ..agent(1, 2, None) };
        let unable = agent(2, 0, None);
        let needs = [skill(7, 2)];
        let wanted = Wanted { needs: &needs, ..Wanted::default() };
        assert_eq!(by(&[able.clone(), unable.clone()], &wanted), Some(1));
        assert_eq!(by(&[able.clone(), unable.clone()], &Wanted { needs: &[skill(7, 3)], ..wanted }), None);
        assert_eq!(by(&[Candidate { has_offer: true, ..able.clone() }, unable], &wanted), None);
        let tight = Candidate { unit_capacity: 6, ..able };
        assert_eq!(by(std::slice::from_ref(&tight), &wanted), Some(1), "four units and two more");
        assert_eq!(by(&[tight], &Wanted { units: 3, ..wanted }), None);
    }

    #[test]
    fn a_trace_of_many_names_the_best_and_says_how_many_it_leaves_out() {
        let mut all: Vec<Candidate> = (0..200).map(|n| agent(n, i64::from(n % 7 == 0), Some(i64::try_from(n * 31 % 97).unwrap()))).collect();
        all.iter_mut().step_by(3).for_each(|one| one.state = AgentState::Break);
        let (chosen, trace) = pick(&all, &Wanted::default(), Ts(100_000));
        assert_eq!((trace.candidates.len(), trace.left_out), (40, 160));
        let named: Vec<Candidate> = all.iter().filter(|one| trace.candidates.iter().any(|named| named.agent == one.agent)).cloned().collect();
        assert_eq!(pick(&named, &Wanted::default(), Ts(100_000)).0, chosen, "the trace alone gives the same agent");
    }
}
