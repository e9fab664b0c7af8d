//! When agents work, how fast and how well, and who of them is free.

use domain::{
    conversation::Assignee,
    entry::{
        body::{Routing, RoutingCandidate, RoutingRule, Skipped},
        fact::Worked,
    },
    id::{AgentId, QueueId},
    staff::AgentState,
    time::{HOUR, MINUTE, QUARTER, SECOND, Ts},
};

use crate::{
    calendar::{self, Kind},
    cast::{Cast, CastAgent},
    profile::Profile,
};

/// The times of day between which an agent is at work, in milliseconds since midnight.
type Shift = (i64, i64);

const EARLY: Shift = (8 * HOUR, 17 * HOUR);
const LATE: Shift = (12 * HOUR + 30 * MINUTE, 21 * HOUR + 30 * MINUTE);
/// For an agent who is alone on a day.
const ALONE: Shift = (9 * HOUR, 20 * HOUR + 30 * MINUTE);
/// How long agents take to answer, in relation to each other; one after the other.
const PACES: [f64; 5] = [0.85, 1.15, 1.0, 1.3, 0.95];
/// By how much agents please customers more or less than on average; one after the other.
const CHARMS: [f64; 5] = [0.06, -0.04, 0.03, -0.1, 0.08];
/// How far ahead the next agent at work is looked for, in milliseconds.
const LOOK_AHEAD: i64 = 7 * 24 * HOUR;

/// An agent in the course of time.
struct Agent {
    cast: CastAgent,
    pace: f64,
    charm: f64,
    /// When the conversations that the agent has, or will have, end.
    busy_until: Vec<Ts>,
    /// From when until when the agent had conversations, as far as the days they touch have not been told.
    held: Vec<(Ts, Ts)>,
    last_assigned_at: Option<Ts>,
}

/// The agents of a company. They are asked about in the order of time.
pub struct Roster<'a> {
    profile: &'a Profile,
    agents: Vec<Agent>,
    /// Who serves a queue; queues that everybody serves are left out.
    members: Vec<(QueueId, Vec<AgentId>)>,
    /// When everybody is at work, whatever the hour.
    lively: Option<(Ts, Ts)>,
}

impl<'a> Roster<'a> {
    /// The agents of a company, all of whom are at work in the `lively` time.
    pub fn new(cast: &Cast, profile: &'a Profile, lively: Option<(Ts, Ts)>) -> Self {
        let agent = |(at, agent): (usize, &CastAgent)| Agent {
            cast: agent.clone(),
            pace: PACES[at % PACES.len()],
            charm: CHARMS[at % CHARMS.len()],
            busy_until: Vec::new(),
            held: Vec::new(),
            last_assigned_at: None,
        };
        let members = cast.queues.iter().filter_map(|queue| Some((queue.id, queue.members.clone()?)));
        Self { profile, agents: cast.agents.iter().enumerate().map(agent).collect(), members: members.collect(), lively }
    }

    /// The number of an agent.
    pub fn position(&self, id: AgentId) -> Option<usize> {
        self.agents.iter().position(|agent| agent.cast.id == id)
    }

    /// The agent with this number, as customers see them.
    pub fn assignee(&self, agent: usize) -> Assignee {
        let CastAgent { id, name, number, .. } = &self.agents[agent].cast;
        Assignee { agent: *id, name: name.clone(), number: number.clone() }
    }

    /// How long the agent takes to answer; 1 is usual.
    pub fn pace(&self, agent: usize) -> f64 {
        self.agents[agent].pace
    }

    /// By how much the agent pleases customers more or less than on average, as a probability.
    pub fn charm(&self, agent: usize) -> f64 {
        self.agents[agent].charm
    }

    /// Whether anybody who serves the queue is at work.
    pub fn is_staffed(&self, queue: QueueId, at: Ts) -> bool {
        self.at_work(at).into_iter().any(|agent| self.serves(agent, queue))
    }

    /// When somebody who serves the queue is next at work, a quarter of an hour at a time; `None` if nobody is within a week.
    pub fn next_staffed(&self, queue: QueueId, from: Ts) -> Option<Ts> {
        (0..LOOK_AHEAD / QUARTER).map(|quarter| from.plus(quarter * QUARTER)).find(|at| self.is_staffed(queue, *at))
    }

    /// Whether the agent is at work and has room for another conversation.
    pub fn is_free(&self, agent: usize, at: Ts) -> bool {
        self.at_work(at).contains(&agent) && self.has_room(agent, at)
    }

    /// Who takes a conversation from a queue, and when: the first to have room between two times, and of several the one with the fewest conversations, and
    /// among these the one who has waited longest for one.
    pub fn earliest(&self, queue: QueueId, from: Ts, until: Ts) -> Option<(usize, Ts)> {
        let mut at = from;
        while at <= until {
            let serving: Vec<usize> = self.at_work(at).into_iter().filter(|agent| self.serves(*agent, queue)).collect();
            let free = serving.iter().copied().filter(|agent| self.has_room(*agent, at));
            if let Some(agent) = free.min_by_key(|agent| (self.open(*agent, at), self.agents[*agent].last_assigned_at)) {
                return Some((agent, at));
            }
            let ends = serving.iter().flat_map(|agent| &self.agents[*agent].busy_until);
            at = ends.filter(|end| **end > at).min()?.plus(SECOND);
        }
        None
    }

    /// A colleague of an agent who serves the queue and has room.
    pub fn colleague(&self, agent: usize, queue: QueueId, at: Ts) -> Option<usize> {
        self.at_work(at).into_iter().find(|other| *other != agent && self.serves(*other, queue) && self.has_room(*other, at))
    }

    /// Why routing chose an agent.
    pub fn trace(&self, chosen: usize, at: Ts) -> Routing {
        let there = self.at_work(at);
        let candidate = |(number, agent): (usize, &Agent)| {
            let skipped = match (there.contains(&number), self.has_room(number, at)) {
                (false, _) => Some(Skipped::Offline),
                (true, false) => Some(Skipped::Full),
                (true, true) => None,
            };
            let CastAgent { id, name, capacity, .. } = &agent.cast;
            let (open, last_assigned_at) = (self.open(number, at), agent.last_assigned_at);
            RoutingCandidate { agent: *id, name: name.clone(), open, capacity: *capacity, last_assigned_at, skipped }
        };
        let candidates = self.agents.iter().enumerate().map(candidate).collect();
        Routing { rule: RoutingRule::FewestOpenThenLongestIdle, candidates, chosen: Some(self.agents[chosen].cast.id), ..Routing::default() }
    }

    /// Notes that an agent has a conversation from one time until another.
    pub fn hold(&mut self, agent: usize, from: Ts, until: Ts) {
        let agent = &mut self.agents[agent];
        agent.busy_until.push(until);
        agent.held.push((from, until));
        agent.last_assigned_at = agent.last_assigned_at.max(Some(from));
    }

    /// Forgets conversations that ended before a time after which nobody will ask.
    pub fn forget_before(&mut self, at: Ts) {
        self.agents.iter_mut().for_each(|agent| agent.busy_until.retain(|end| *end >= at));
    }

    /// What the agents did between two times, by agent. To be asked for in the order of time: what ended before is forgotten.
    pub fn work_between(&mut self, begin: Ts, end: Ts) -> Vec<Vec<Worked>> {
        let mut work: Vec<Vec<Worked>> = self.agents.iter().map(|_| Vec::new()).collect();
        for (number, told) in work.iter_mut().enumerate() {
            let agent = &self.agents[number];
            let mut changes: Vec<Ts> = agent.held.iter().flat_map(|(from, until)| [*from, *until]).chain(self.shift_changes(begin)).collect();
            changes.extend([begin, end]);
            changes.retain(|at| (begin..=end).contains(at));
            changes.sort_unstable();
            changes.dedup();
            for (since, at) in changes.iter().zip(changes.iter().skip(1)) {
                let open = agent.held.iter().filter(|(from, until)| from <= since && since < until).count() as i64;
                let state = match (self.at_work(*since).contains(&number), open) {
                    (true, _) => AgentState::Available,
                    (false, 0) => continue,
                    // The last customers of the day are served to the end.
                    (false, _) => AgentState::Break,
                };
                told.push(Worked { agent: agent.cast.id, since: *since, until: *at, state, open, capacity: agent.cast.capacity });
            }
        }
        self.agents.iter_mut().for_each(|agent| agent.held.retain(|(_, until)| *until > end));
        work
    }

    /// The times of a day at which somebody begins or stops to work.
    fn shift_changes(&self, begin: Ts) -> Vec<Ts> {
        let day = self.profile.zone().day(begin);
        let shifts = shifts(self.agents.len(), day, self.profile.kind(day)).into_iter();
        let of_day = shifts.flat_map(|(_, (from, until))| [from, until]).map(|time| self.profile.zone().begin(day).plus(time));
        of_day.chain(self.lively.into_iter().flat_map(|(from, until)| [from, until])).collect()
    }

    fn has_room(&self, agent: usize, at: Ts) -> bool {
        self.open(agent, at) < self.agents[agent].cast.capacity.max(1)
    }

    /// The conversations that an agent has at a time. One that begins only later counts, too, so that it will find room.
    fn open(&self, agent: usize, at: Ts) -> i64 {
        self.agents[agent].busy_until.iter().filter(|end| **end > at).count() as i64
    }

    fn serves(&self, agent: usize, queue: QueueId) -> bool {
        let members = self.members.iter().find(|(id, _)| *id == queue);
        members.is_none_or(|(_, members)| members.contains(&self.agents[agent].cast.id))
    }

    /// The agents who are at work.
    fn at_work(&self, at: Ts) -> Vec<usize> {
        if self.lively.is_some_and(|(from, until)| (from..until).contains(&at)) {
            return (0..self.agents.len()).collect();
        }
        let zone = self.profile.zone();
        let (day, time) = (zone.day(at), zone.time_of_day(at));
        let shifts = shifts(self.agents.len(), day, self.profile.kind(day));
        shifts.into_iter().filter(|(_, (from, until))| (*from..*until).contains(&time)).map(|(agent, _)| agent).collect()
    }
}

/// Who of so many agents works on a day, and when. Everybody has two days off in a row, and on holidays half of them work; somebody always does. Early and late
/// shifts change every week.
fn shifts(agents: usize, day: i64, kind: Kind) -> Vec<(usize, Shift)> {
    let weekday = calendar::weekday(calendar::date(day));
    let is_off = |agent: &usize| [5, 6].map(|first| (first + 2 * agent) % 7).contains(&weekday);
    let mut working: Vec<usize> = (0..agents).filter(|agent| agents == 1 || !is_off(agent)).collect();
    if kind == Kind::Holiday {
        working.retain(|agent| (*agent as i64 + day).rem_euclid(2) == 0);
    }
    if working.is_empty() && agents > 0 {
        working.push(day.rem_euclid(agents as i64) as usize);
    }
    let is_alone = working.len() == 1;
    // Weeks since 1970 begin on a Thursday; nobody minds.
    let week = day.div_euclid(7);
    let shift = |place: usize| if is_alone { ALONE } else { [EARLY, LATE][(place as i64 + week).rem_euclid(2) as usize] };
    working.into_iter().enumerate().map(|(place, agent)| (agent, shift(place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calendar::Zone,
        cast::tests::cast,
        words::{OPERATOR, Words},
    };

    const NOW: Ts = Ts(1_795_233_600_000);

    fn profile() -> Profile {
        Profile::new(&Words::read(OPERATOR).unwrap(), Zone(8 * HOUR), 1, 100, NOW).unwrap()
    }

    #[test]
    fn somebody_works_every_day_everybody_has_days_off_and_nobody_works_at_night() {
        for agents in 1..7 {
            let mut worked = vec![0; agents];
            for day in 20_000..20_070 {
                for kind in [Kind::Workday, Kind::Holiday] {
                    let shifts = shifts(agents, day, kind);
                    assert!(!shifts.is_empty() && shifts.iter().all(|(_, (from, until))| *from >= 8 * HOUR && *until <= 22 * HOUR));
                    assert!(kind == Kind::Workday || agents < 4 || shifts.len() < agents);
                    if kind == Kind::Workday {
                        shifts.iter().for_each(|(agent, _)| worked[*agent] += 1);
                    }
                }
            }
            assert!(agents == 1 || worked.iter().all(|days| (40..70).contains(days)), "{worked:?}");
        }
        assert_eq!(shifts(0, 20_000, Kind::Workday), []);
    }

    #[test]
    fn nobody_gets_more_than_the_capacity_and_the_next_one_waits_for_the_first_to_be_free() {
        let (profile, cast) = (profile(), cast(1));
        let mut roster = Roster::new(&cast, &profile, None);
        let noon = profile.zone().begin(profile.zone().day(NOW)).plus(12 * HOUR);
        for n in 0..3 {
            let (agent, at) = roster.earliest(cast.queue, noon, noon).unwrap();
            assert_eq!((agent, at), (0, noon));
            roster.hold(agent, at, noon.plus((n + 1) * MINUTE));
        }
        assert!(!roster.is_free(0, noon) && roster.is_free(0, noon.plus(MINUTE)));
        assert_eq!(roster.earliest(cast.queue, noon, noon.plus(30 * SECOND)), None);
        assert_eq!(roster.earliest(cast.queue, noon, noon.plus(HOUR)), Some((0, noon.plus(MINUTE + SECOND))));
        let trace = roster.trace(0, noon);
        assert_eq!((trace.candidates[0].open, trace.candidates[0].skipped), (3, Some(Skipped::Full)));
        roster.forget_before(noon.plus(HOUR));
        assert!(roster.is_free(0, noon));
    }

    #[test]
    fn the_least_busy_agent_at_work_who_serves_the_queue_is_chosen() {
        let (profile, cast) = (profile(), cast(2));
        let mut roster = Roster::new(&cast, &profile, Some((NOW, NOW.plus(HOUR))));
        let [first, second] = [0, 1].map(|agent| roster.assignee(agent).agent);
        assert_eq!((roster.position(second), roster.earliest(cast.queue, NOW, NOW)), (Some(1), Some((0, NOW))));
        roster.hold(0, NOW, NOW.plus(MINUTE));
        assert_eq!(roster.earliest(cast.queue, NOW, NOW), Some((1, NOW)), "the other one has none");
        let special = cast.specialists().unwrap();
        roster.hold(1, NOW, NOW.plus(MINUTE));
        roster.hold(1, NOW, NOW.plus(MINUTE));
        assert_eq!(roster.earliest(special, NOW, NOW), Some((1, NOW)), "the only one who serves it");
        assert_eq!((roster.colleague(0, special, NOW), roster.colleague(1, special, NOW)), (Some(1), None));
        assert_eq!(roster.trace(1, NOW).candidates.iter().map(|one| (one.agent, one.open)).collect::<Vec<_>>(), [(first, 1), (second, 2)]);
    }

    #[test]
    fn at_night_the_next_morning_is_found() {
        let (profile, cast) = (profile(), cast(2));
        let roster = Roster::new(&cast, &profile, None);
        let night = profile.zone().begin(profile.zone().day(NOW)).plus(23 * HOUR);
        assert!(!roster.is_staffed(cast.queue, night) && roster.earliest(cast.queue, night, night.plus(HOUR)).is_none());
        let morning = profile.zone().time_of_day(roster.next_staffed(cast.queue, night).unwrap());
        assert!((8 * HOUR..=12 * HOUR + 30 * MINUTE).contains(&morning), "{morning}");
        assert_eq!(Roster::new(&crate::cast::tests::cast(0), &profile, None).next_staffed(cast.queue, night), None);
    }
}
