//! Judges what the record says: who got too many, nobody or two, who was overtaken, and who waited while somebody was idle.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::course::{Course, States, Step};

/// Whoever missed an offer is not offered the same conversation again for this time, in milliseconds, and does not count as idle for it.
const REOFFER_AFTER_MS: i64 = 60_000;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Conversations that an agent got.
    pub assigned: usize,
    /// Offers and assignments.
    pub decisions: usize,
    /// Offers that were not accepted in time.
    pub missed: usize,
    /// Offers and assignments by which an agent had more than the capacity.
    pub over_capacity: usize,
    /// Assignments of a conversation that somebody had.
    pub double_owner: usize,
    /// The longest time that a conversation waited while an agent who may get it had a free slot and no open offer, in milliseconds.
    pub idle_while_waiting_max_ms: i64,
    /// Conversations that were offered to the agent who accepted before one that had come earlier, neither of them missed.
    pub fifo_inversions: usize,
    /// Conversations that nobody got.
    pub orphans: usize,
}

impl Findings {
    /// Whether what must never happen has happened.
    pub const fn is_wrong(&self) -> bool {
        self.over_capacity + self.double_owner + self.orphans > 0
    }
}

/// An agent at some moment.
#[derive(Debug, Clone, Copy, Default)]
struct Desk {
    serves: i64,
    offers: i64,
    takes: bool,
}

impl Desk {
    const fn is_idle(&self, capacity: i64) -> bool {
        self.takes && self.offers == 0 && self.serves < capacity
    }
}

/// A conversation that waits at some moment.
#[derive(Debug, Clone, Default)]
struct Wait {
    missed_by: Vec<(i64, String)>,
    /// Since when somebody who may get it is idle.
    idle_since: Option<i64>,
}

/// What happened to whom, in the order of time: what makes room goes before what fills it.
enum What<'a> {
    Takes(&'a str, bool),
    Step(usize, &'a Step),
}

/// Judges the courses of conversations, beside when agents took conversations.
pub fn judge(courses: &[Course], states: &States, capacity: i64) -> Findings {
    let mut found = Findings { fifo_inversions: inversions(courses), ..Findings::default() };
    let mut all: Vec<(i64, u8, What)> = Vec::new();
    for (agent, changes) in states {
        all.extend(changes.iter().map(|(at, takes)| (*at, u8::from(*takes), What::Takes(agent, *takes))));
    }
    for (n, course) in courses.iter().enumerate() {
        // Steps of one conversation stay in their order.
        all.extend(course.steps.iter().map(|(at, step)| (*at, if matches!(step, Step::Left | Step::OfferEnded(_)) { 0 } else { 1 }, What::Step(n, step))));
    }
    all.sort_by_key(|(at, order, _)| (*at, *order));
    let mut floor = Floor { capacity, ..Floor::default() };
    for (at, _, what) in &all {
        match what {
            What::Takes(agent, takes) => floor.desks.entry((*agent).to_owned()).or_default().takes = *takes,
            What::Step(n, step) => floor.step(*at, *n, step, &mut found),
        }
        floor.look(*at, &mut found);
    }
    found.assigned = floor.assigned.len();
    found.orphans = courses.len() - floor.assigned.len();
    found
}

#[derive(Default)]
struct Floor {
    capacity: i64,
    desks: HashMap<String, Desk>,
    waits: HashMap<usize, Wait>,
    offered: HashMap<usize, String>,
    owned: HashMap<usize, String>,
    missed: HashMap<usize, Vec<(i64, String)>>,
    assigned: HashSet<usize>,
}

impl Floor {
    fn step(&mut self, at: i64, n: usize, step: &Step, found: &mut Findings) {
        match step {
            Step::Queued => self.wait(n),
            Step::Offered(agent) => {
                self.end_wait(at, n, found);
                self.offered.insert(n, agent.clone());
                self.desk(agent).offers += 1;
                found.decisions += 1;
                found.over_capacity += usize::from(self.is_over(agent));
            }
            Step::OfferEnded(agent) => {
                self.end_offer(n);
                self.missed.entry(n).or_default().push((at, agent.clone()));
                found.missed += 1;
                self.wait(n);
            }
            Step::Assigned(agent) => {
                self.end_wait(at, n, found);
                let was_offered = self.end_offer(n);
                found.double_owner += usize::from(self.owned.insert(n, agent.clone()).is_some());
                self.assigned.insert(n);
                self.desk(agent).serves += 1;
                found.decisions += usize::from(!was_offered);
                found.over_capacity += usize::from(self.is_over(agent));
            }
            Step::Left => {
                if let Some(agent) = self.owned.remove(&n) {
                    self.desk(&agent).serves -= 1;
                }
            }
        }
    }

    fn desk(&mut self, agent: &str) -> &mut Desk {
        self.desks.entry(agent.to_owned()).or_default()
    }

    fn is_over(&mut self, agent: &str) -> bool {
        let capacity = self.capacity;
        let Desk { serves, offers, .. } = self.desk(agent);
        *serves + *offers > capacity
    }

    fn wait(&mut self, n: usize) {
        let missed_by = self.missed.get(&n).cloned().unwrap_or_default();
        self.waits.insert(n, Wait { missed_by, idle_since: None });
    }

    fn end_wait(&mut self, at: i64, n: usize, found: &mut Findings) {
        if let Some(since) = self.waits.remove(&n).and_then(|wait| wait.idle_since) {
            found.idle_while_waiting_max_ms = found.idle_while_waiting_max_ms.max(at - since);
        }
    }

    /// Ends the offer of a conversation; returns whether there was one.
    fn end_offer(&mut self, n: usize) -> bool {
        let agent = self.offered.remove(&n);
        if let Some(agent) = &agent {
            self.desk(agent).offers -= 1;
        }
        agent.is_some()
    }

    /// Looks who is idle while somebody waits.
    fn look(&mut self, now: i64, found: &mut Findings) {
        if self.waits.is_empty() {
            return;
        }
        let idle: Vec<&str> = self.desks.iter().filter(|(_, desk)| desk.is_idle(self.capacity)).map(|(agent, _)| agent.as_str()).collect();
        for wait in self.waits.values_mut() {
            let may = |agent: &&str| !wait.missed_by.iter().any(|(at, by)| by == agent && now - at < REOFFER_AFTER_MS);
            if idle.iter().any(may) {
                let since = *wait.idle_since.get_or_insert(now);
                found.idle_while_waiting_max_ms = found.idle_while_waiting_max_ms.max(now - since);
            } else if let Some(since) = wait.idle_since.take() {
                found.idle_while_waiting_max_ms = found.idle_while_waiting_max_ms.max(now - since);
            }
        }
    }
}

/// How many conversations overtook one that had come earlier; those that somebody missed, or that came in the same millisecond, are left out.
fn inversions(courses: &[Course]) -> usize {
    let mut turns: Vec<(i64, i64)> = courses.iter().filter_map(turn).collect();
    turns.sort_unstable();
    let (mut latest, mut same, mut came, mut found) = (i64::MIN, i64::MIN, i64::MIN, 0);
    for (since, given) in turns {
        if since > came {
            (latest, came) = (latest.max(same), since);
        }
        found += usize::from(given < latest);
        same = same.max(given);
    }
    found
}

/// When a conversation began to wait and when it was given; `None` if somebody missed it or nobody got it.
fn turn(course: &Course) -> Option<(i64, i64)> {
    let mut given = None;
    for (at, step) in &course.steps {
        match step {
            Step::OfferEnded(_) => return None,
            Step::Offered(_) | Step::Assigned(_) => given = given.or(Some(*at)),
            Step::Queued | Step::Left => {}
        }
    }
    Some((course.steps.first()?.0, given?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(steps: &[(i64, Step)]) -> Course {
        Course { steps: steps.to_vec() }
    }
    fn by(agent: &str) -> String {
        agent.to_owned()
    }
    /// Waits, is offered to an agent, is accepted a second later and settled after ten.
    fn served(came: i64, given: i64, agent: &str) -> Course {
        course(&[(came, Step::Queued), (given, Step::Offered(by(agent))), (given + 1_000, Step::Assigned(by(agent))), (given + 10_000, Step::Left)])
    }
    fn all_take(agents: &[&str]) -> States {
        agents.iter().map(|agent| (by(agent), vec![(0, true)])).collect()
    }

    #[test]
    fn what_goes_well_finds_nothing() {
        let found = judge(&[served(10, 10, "a"), served(20, 2_000, "a")], &all_take(&["a"]), 2);
        assert_eq!(found, Findings { assigned: 2, decisions: 2, idle_while_waiting_max_ms: 990, ..Findings::default() });
        assert!(!found.is_wrong());
    }

    #[test]
    fn too_many_two_owners_and_nobody_are_found() {
        let all = [served(10, 10, "a"), served(11, 1_011, "a"), course(&[(12, Step::Queued)])];
        let found = judge(&all, &all_take(&["a"]), 1);
        assert_eq!((found.over_capacity, found.orphans, found.assigned), (2, 1, 2), "the offer is one too many, and its acceptance");
        let mut twice = served(10, 10, "a");
        twice.steps.insert(3, (2_000, Step::Assigned(by("b"))));
        assert_eq!(judge(&[twice], &all_take(&["a", "b"]), 5).double_owner, 1);
    }

    #[test]
    fn who_overtakes_is_found_unless_somebody_missed_or_both_came_at_once() {
        assert_eq!(inversions(&[served(10, 50, "a"), served(20, 40, "b")]), 1);
        assert_eq!(inversions(&[served(10, 50, "a"), served(10, 40, "b"), served(20, 60, "c")]), 0);
        let mut missed = served(10, 90, "a");
        missed.steps.insert(1, (15, Step::Offered(by("b"))));
        missed.steps.insert(2, (45, Step::OfferEnded(by("b"))));
        assert_eq!(inversions(&[missed, served(20, 40, "b")]), 0);
    }

    #[test]
    fn idle_is_who_takes_has_a_free_slot_and_no_open_offer_and_has_not_just_missed_it() {
        let waits = |states: &States| judge(&[served(10, 5_000, "a")], states, 1).idle_while_waiting_max_ms;
        assert_eq!(waits(&all_take(&["a"])), 4_990);
        assert_eq!(waits(&States::from([(by("a"), vec![(0, true), (1_000, false), (4_900, true)])])), 990);
        let missed = course(&[(10, Step::Queued), (10, Step::Offered(by("a"))), (30_010, Step::OfferEnded(by("a"))), (50_000, Step::Assigned(by("a")))]);
        assert_eq!(judge(&[missed], &all_take(&["a"]), 1).idle_while_waiting_max_ms, 0);
    }
}
