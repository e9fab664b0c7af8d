//! Routing: a waiting conversation goes to the free agent with the fewest open conversations; at a tie, to the one whose last assignment is longest ago.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    entry::body::{Routing, RoutingCandidate, RoutingRule, Skipped},
    id::AgentId,
    staff::{AgentState, is_reachable},
    time::Ts,
};

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
    /// When the agent was last given a conversation; `None` if never.
    pub last_assigned_at: Option<Ts>,
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
    /// The agent keeps their conversations and takes no new ones.
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
        matches!(self, Self::Available | Self::Full | Self::Break)
    }
}

impl Candidate {
    /// Where the agent stands.
    pub fn standing(&self, now: Ts) -> Standing {
        match (self.state, self.reachable(now)) {
            (AgentState::Offline, _) => Standing::Offline,
            (_, false) => Standing::Unreachable,
            (AgentState::Break, true) => Standing::Break,
            (AgentState::Available, true) if self.open >= self.capacity => Standing::Full,
            (AgentState::Available, true) => Standing::Available,
        }
    }
    /// How many more conversations the agent takes now.
    pub fn free_slots(&self, now: Ts) -> i64 {
        if self.standing(now).takes() { (self.capacity - self.open).max(0) } else { 0 }
    }
    /// Whether the agent's console is connected.
    pub fn reachable(&self, now: Ts) -> bool {
        is_reachable(self.last_seen_at, now)
    }
    fn skip_reason(&self, now: Ts) -> Option<Skipped> {
        match self.state {
            AgentState::Break => Some(Skipped::Break),
            AgentState::Offline => Some(Skipped::Offline),
            AgentState::Available if !self.reachable(now) => Some(Skipped::Unreachable),
            AgentState::Available if self.open >= self.capacity => Some(Skipped::Full),
            AgentState::Available if self.is_occupied => Some(Skipped::Occupied),
            AgentState::Available => None,
        }
    }
    /// Whether the agent can take one more conversation now.
    pub fn is_free(&self, now: Ts) -> bool {
        self.skip_reason(now).is_none()
    }
}

/// Chooses an agent; `None` if nobody is free. The trace explains the choice, and is stored with the assignment.
pub fn pick(candidates: &[Candidate], now: Ts) -> (Option<&Candidate>, Routing) {
    let chosen = candidates.iter().filter(|c| c.is_free(now)).min_by_key(|c| (c.open, c.last_assigned_at, c.agent));
    let seen = candidates.iter().map(|c| RoutingCandidate {
        agent: c.agent,
        name: c.name.clone(),
        open: c.open,
        capacity: c.capacity,
        last_assigned_at: c.last_assigned_at,
        skipped: c.skip_reason(now),
    });
    let trace = Routing { rule: RoutingRule::FewestOpenThenLongestIdle, candidates: seen.collect(), chosen: chosen.map(|c| c.agent) };
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
            last_assigned_at: last.map(Ts),
            is_occupied: false,
        }
    }
    fn chosen(candidates: &[Candidate]) -> Option<u128> {
        pick(candidates, Ts(100_000)).0.map(|c| c.agent.uuid().as_u128())
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
        let (none, trace) = pick(&all, Ts(100_000));
        assert!(none.is_none());
        let why: Vec<Skipped> = trace.candidates.iter().map(|candidate| candidate.skipped.unwrap()).collect();
        assert_eq!(why, [Skipped::Break, Skipped::Unreachable, Skipped::Full, Skipped::Occupied]);
    }
}
