//! How long customers wait for a person: those in the line of a queue, and those who ask now. Both are told the same.

use db::Tx;
use domain::{
    id::{QueueId, TenantId},
    routing::Candidate,
    time::{MINUTE, Ts},
};
use store::{Result, routing::Service};

/// How many waits an estimate needs; with fewer, none is given.
const SAMPLES: usize = 5;
/// No estimate is shorter.
const SHORTEST_MS: i64 = 1_000;
/// Where somebody has waited for so long although places are free, these places are not for that line.
const STUCK_MS: i64 = 30_000;

/// The agents of a company who are at work, as they stand now.
#[derive(Debug)]
pub struct Agents {
    tenant: TenantId,
    now: Ts,
    all: Vec<Candidate>,
}

impl Agents {
    /// The agents of a company.
    pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Self> {
        Ok(Self { tenant, now: tx.now(), all: store::routing::at_work(tx, tenant).await? })
    }

    /// An empty line in a queue, whose first customer has waited for so long, in milliseconds.
    pub async fn line(&self, tx: &mut Tx, queue: QueueId, longest_ms: i64) -> Result<Line> {
        let serving = store::routing::serving(tx, self.tenant, queue, self.all.clone()).await?;
        let taking = || serving.iter().filter(|agent| agent.standing(self.now).takes());
        Ok(Line {
            staffed: taking().next().is_some(),
            slots: taking().map(|agent| agent.capacity).sum(),
            free: taking().map(|agent| agent.free_slots(self.now)).sum(),
            longest_ms,
            ahead: 0,
            unoffered: 0,
        })
    }
}

/// How fast a company serves its customers now: what every estimate is made from.
#[derive(Debug)]
pub struct Pace {
    /// The waits of the last half hour in milliseconds, sorted.
    waits: Vec<i64>,
    /// How long agents took to accept what they were offered, in milliseconds, sorted.
    accepts: Vec<i64>,
    /// How long a conversation takes up a place of an agent on average, in milliseconds; `None` if too few have ended.
    held_ms: Option<i64>,
    /// The same, also where fewer have ended: those that go on count with the time so far. 0 if that is not known.
    held_so_far_ms: i64,
}

impl Pace {
    /// The pace of a company now.
    pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Self> {
        let since = tx.now().plus(-30 * MINUTE);
        Ok(Self::of(&store::routing::recent_services(tx, tenant, since).await?))
    }

    fn of(services: &[Service]) -> Self {
        let sorted = |of: fn(&Service) -> Option<i64>| {
            let mut all: Vec<i64> = services.iter().filter_map(of).collect();
            all.sort_unstable();
            all
        };
        let ended: Vec<i64> = services.iter().filter(|one| one.has_ended).map(|one| one.held_ms).collect();
        let all: Vec<i64> = services.iter().map(|one| one.held_ms).collect();
        // Those that have ended are the short ones at first; those that already last longer than they did say by how much that is wrong.
        let longer = mean(&ended).map(|usual| services.iter().filter(move |one| !one.has_ended && one.held_ms > usual).map(|one| one.held_ms));
        let known: Vec<i64> = ended.iter().copied().chain(longer.into_iter().flatten()).collect();
        Self {
            waits: sorted(|one| one.wait_ms),
            accepts: sorted(|one| one.accepted_after_ms),
            held_ms: mean(&known).filter(|_| ended.len() >= SAMPLES),
            held_so_far_ms: mean(&all).unwrap_or_default(),
        }
    }

    /// How long the next customer of a line is likely to wait, from and to, in milliseconds, having waited for `waited_ms` already; `None` if there were too few
    /// waits to tell.
    ///
    /// They wait until as many places are free as customers need one before them, and one for them, and then for the agent to accept. Where nobody knows how
    /// long a place is taken, or places are free and still nobody comes, the waits of the others are what there is.
    pub fn estimate(&self, line: &Line, waited_ms: i64) -> Option<(i64, i64)> {
        if self.waits.len() < SAMPLES {
            return None;
        }
        let is_stuck = line.free > 0 && line.longest_ms > STUCK_MS;
        match self.held_ms.filter(|_| !is_stuck) {
            Some(held_ms) => Some(self.by_places(line, held_ms)),
            None => Some(self.by_waits(line, waited_ms)),
        }
    }

    /// From how often a place becomes free: between the quartiles of the time until the n-th one does, if they come at random.
    fn by_places(&self, line: &Line, held_ms: i64) -> (i64, i64) {
        let needed = (line.unoffered + 1 - line.free).max(0);
        let until = needed * held_ms / line.slots.max(1);
        let spread = until * 2 / 3 / needed.max(1).isqrt();
        let accepts = |share| if self.accepts.is_empty() { 0 } else { quartile(&self.accepts, share) };
        ((until - spread + accepts(1)).max(SHORTEST_MS), (until + spread + accepts(3)).max(SHORTEST_MS))
    }

    /// Between the lower and the upper quartile of the waits, and longer for each customer ahead.
    ///
    /// Those waits may be from a quieter time, so the estimate is never shorter than the present queue suggests: those ahead take their turns at the available
    /// slots, and nobody behind the first is served sooner than the first was.
    fn by_waits(&self, line: &Line, waited_ms: i64) -> (i64, i64) {
        let scale = |ms: i64| (ms + ms * line.ahead / 2).max(SHORTEST_MS);
        let turns = |n: i64| n * self.held_so_far_ms / line.slots.max(1);
        let low = scale(quartile(&self.waits, 1)).max(turns(line.ahead)).max(line.longest_ms - waited_ms);
        (low, scale(quartile(&self.waits, 3)).max(turns(line.ahead + 1)).max(line.longest_ms).max(low))
    }
}

/// The mean; `None` of nothing.
fn mean(of: &[i64]) -> Option<i64> {
    i64::try_from(of.len()).ok().and_then(|count| of.iter().sum::<i64>().checked_div(count))
}

/// What so many quarters of sorted values, of which there is one, do not exceed.
fn quartile(sorted: &[i64], share: usize) -> i64 {
    sorted[(sorted.len() - 1) * share / 4]
}

/// The line of a queue, up to some customer.
#[derive(Debug)]
pub struct Line {
    /// Whether anybody who serves the queue takes conversations, busy or not.
    pub staffed: bool,
    /// How many customers stand in the line so far.
    pub ahead: i64,
    /// How many of them are not offered to anybody yet, so that they need a place.
    pub unoffered: i64,
    /// How many can be served at once.
    slots: i64,
    /// How many more could be taken now.
    free: i64,
    /// How long the longest of them has waited, in milliseconds.
    pub longest_ms: i64,
}

/// The wait of a customer who asks for a person now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// Whether anybody who serves the queue takes conversations, busy or not.
    pub staffed: bool,
    /// Whether somebody takes the customer at once: there is a free place, and nobody waits for it.
    pub free: bool,
    /// About how many minutes the customer would wait, at least one; `None` if that is not known, or if nobody waits.
    pub wait_minutes: Option<i64>,
}

/// The wait of a customer who asks for a person in this queue now. The pace is read only where there is a wait to estimate.
pub async fn outlook(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<Outlook> {
    let (ahead, first) = store::queues::line(tx, tenant, queue).await?;
    let longest_ms = first.map_or(0, |first| tx.now().since(first));
    let line = Line { ahead, unoffered: ahead, ..Agents::get(tx, tenant).await?.line(tx, queue, longest_ms).await? };
    let free = line.free > 0 && ahead == 0;
    let wait = if line.staffed && !free { Pace::get(tx, tenant).await?.estimate(&line, 0) } else { None };
    Ok(Outlook { staffed: line.staffed, free, wait_minutes: wait.map(|(low, high)| ((i64::midpoint(low, high) + MINUTE / 2) / MINUTE).max(1)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ahead: i64) -> Line {
        Line { staffed: true, slots: 1, free: 0, longest_ms: 0, ahead, unoffered: ahead }
    }
    fn pace(waits: &[i64], held_so_far_ms: i64) -> Pace {
        Pace { waits: waits.to_vec(), accepts: Vec::new(), held_ms: None, held_so_far_ms }
    }
    fn service(held_s: i64, has_ended: bool) -> Service {
        Service { wait_ms: Some(5_000), accepted_after_ms: Some(held_s * 100), held_ms: held_s * 1_000, has_ended }
    }

    #[test]
    fn few_waits_give_no_estimate_and_more_ahead_a_longer_one() {
        assert_eq!(pace(&[1, 2, 3, 4], 0).estimate(&line(0), 0), None);
        let waits: Vec<i64> = (1..=9).map(|s| s * 10_000).collect();
        assert_eq!(pace(&waits, 0).estimate(&line(0), 0), Some((30_000, 70_000)));
        assert_eq!(pace(&waits, 0).estimate(&line(2), 0), Some((60_000, 140_000)));
    }

    #[test]
    fn short_waits_of_a_quieter_time_promise_nothing_to_a_long_line() {
        let quiet = [0, 0, 0, 1_000, 40_000];
        // Each conversation takes two minutes: with 31 ahead and one slot, that is an hour.
        assert_eq!(pace(&quiet, 2 * MINUTE).estimate(&line(31), 0), Some((62 * MINUTE, 64 * MINUTE)));
        assert_eq!(pace(&quiet, 2 * MINUTE).estimate(&Line { slots: 8, ..line(31) }, 0), Some((31 * MINUTE / 4, 8 * MINUTE)));
        // It is unknown how long a conversation takes, but the first customer has waited for 19 minutes.
        let stuck = Line { longest_ms: 19 * MINUTE, ..line(31) };
        assert_eq!(pace(&quiet, 0).estimate(&stuck, 0), Some((19 * MINUTE, 19 * MINUTE)));
        assert_eq!(pace(&quiet, 0).estimate(&stuck, 15 * MINUTE), Some((4 * MINUTE, 19 * MINUTE)));
    }

    #[test]
    fn a_known_pace_tells_when_a_place_is_free_and_how_long_agents_take_to_accept() {
        let services: Vec<Service> = (0..8).map(|_| service(20, true)).collect();
        let pace = Pace::of(&services);
        // Two seconds to accept; of ten places, one becomes free every other second.
        let of = |ahead, unoffered, free| Line { slots: 10, free, unoffered, ..line(ahead) };
        assert_eq!(pace.estimate(&of(8, 8, 0), 0), Some((18_000 - 4_000 + 2_000, 18_000 + 4_000 + 2_000)));
        // Those to whom somebody is offered already have theirs.
        assert_eq!(pace.estimate(&of(8, 0, 0), 0), Some((2_000 - 1_333 + 2_000, 2_000 + 1_333 + 2_000)));
        assert_eq!(pace.estimate(&of(0, 0, 3), 0), Some((2_000, 2_000)));
        // Places that are free, and still nobody comes.
        let stuck = Line { longest_ms: 2 * MINUTE, ..of(0, 0, 3) };
        assert_eq!(pace.estimate(&stuck, 0), Some((2 * MINUTE, 2 * MINUTE)));
    }

    #[test]
    fn those_that_go_on_say_that_the_first_to_end_were_the_short_ones() {
        let first: Vec<Service> = (0..5).map(|_| service(10, true)).chain((0..5).map(|_| service(14, false))).chain([service(3, false)]).collect();
        assert_eq!(Pace::of(&first).held_ms, Some(12_000));
        assert_eq!(Pace::of(&first[1..]).held_ms, None, "four ended");
        assert_eq!(Pace::of(&[]).held_so_far_ms, 0);
    }
}
