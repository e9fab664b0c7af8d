//! How long customers wait for a person: those in the line of a queue, and those who ask now. Both are told the same.

use db::Tx;
use domain::{
    id::{QueueId, TenantId},
    routing::Candidate,
    time::{MINUTE, Ts},
};
use store::Result;

/// How many waits an estimate needs; with fewer, none is given.
const SAMPLES: usize = 5;

/// The agents of a company as they stand now.
#[derive(Debug)]
pub struct Agents {
    tenant: TenantId,
    now: Ts,
    all: Vec<Candidate>,
}

impl Agents {
    /// The agents of a company.
    pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Self> {
        Ok(Self { tenant, now: tx.now(), all: store::routing::candidates(tx, tenant).await? })
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
        })
    }
}

/// How fast a company serves its customers now: what every estimate is made from.
#[derive(Debug)]
pub struct Pace {
    /// The waits of the last half hour in milliseconds, sorted.
    waits: Vec<i64>,
    /// How long a conversation is served on average, in milliseconds; 0 if that is not known.
    served_ms: i64,
}

impl Pace {
    /// The pace of a company now.
    pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Self> {
        let since = tx.now().plus(-30 * MINUTE);
        let waits = store::routing::recent_waits(tx, tenant, since).await?;
        Ok(Self { waits, served_ms: store::routing::mean_served(tx, tenant, since).await?.unwrap_or_default() })
    }

    /// How long the next customer of a line is likely to wait, from and to, in milliseconds, having waited for `waited_ms` already; `None` if there were too few
    /// waits to tell.
    pub fn estimate(&self, line: &Line, waited_ms: i64) -> Option<(i64, i64)> {
        estimate(&self.waits, self.served_ms, line, waited_ms)
    }
}

/// The line of a queue, up to some customer.
#[derive(Debug)]
pub struct Line {
    /// Whether anybody who serves the queue takes conversations, busy or not.
    pub staffed: bool,
    /// How many customers stand in the line so far.
    pub ahead: i64,
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
    let line = Line { ahead, ..Agents::get(tx, tenant).await?.line(tx, queue, longest_ms).await? };
    let free = line.free > 0 && ahead == 0;
    let wait = if line.staffed && !free { Pace::get(tx, tenant).await?.estimate(&line, 0) } else { None };
    Ok(Outlook { staffed: line.staffed, free, wait_minutes: wait.map(|(low, high)| ((i64::midpoint(low, high) + MINUTE / 2) / MINUTE).max(1)) })
}

/// The estimate from the waits of the last half hour, sorted: between the lower and the upper quartile, and longer for each customer ahead; `None` if there are
/// too few waits.
///
/// Those waits may be from a quieter time, so the estimate is never shorter than the present queue suggests: those ahead take their turns at the available
/// slots, and nobody behind the first is served sooner than the first was.
fn estimate(waits: &[i64], served_ms: i64, line: &Line, waited_ms: i64) -> Option<(i64, i64)> {
    if waits.len() < SAMPLES {
        return None;
    }
    let at = |share: usize| waits[(waits.len() - 1) * share / 4];
    let scale = |ms: i64| (ms + ms * line.ahead / 2).max(1_000);
    let turns = |n: i64| n * served_ms / line.slots.max(1);
    let low = scale(at(1)).max(turns(line.ahead)).max(line.longest_ms - waited_ms);
    Some((low, scale(at(3)).max(turns(line.ahead + 1)).max(line.longest_ms).max(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ahead: i64) -> Line {
        Line { staffed: true, slots: 1, free: 0, longest_ms: 0, ahead }
    }

    #[test]
    fn few_waits_give_no_estimate_and_more_ahead_a_longer_one() {
        assert_eq!(estimate(&[1, 2, 3, 4], 0, &line(0), 0), None);
        let waits: Vec<i64> = (1..=9).map(|s| s * 10_000).collect();
        assert_eq!(estimate(&waits, 0, &line(0), 0), Some((30_000, 70_000)));
        assert_eq!(estimate(&waits, 0, &line(2), 0), Some((60_000, 140_000)));
    }

    #[test]
    fn short_waits_of_a_quieter_time_promise_nothing_to_a_long_line() {
        let quiet = [0, 0, 0, 1_000, 40_000];
        // Each conversation takes two minutes: with 31 ahead and one slot, that is an hour.
        assert_eq!(estimate(&quiet, 2 * MINUTE, &line(31), 0), Some((62 * MINUTE, 64 * MINUTE)));
        assert_eq!(estimate(&quiet, 2 * MINUTE, &Line { slots: 8, ..line(31) }, 0), Some((31 * MINUTE / 4, 8 * MINUTE)));
        // It is unknown how long a conversation takes, but the first customer has waited for 19 minutes.
        let stuck = Line { longest_ms: 19 * MINUTE, ..line(31) };
        assert_eq!(estimate(&quiet, 0, &stuck, 0), Some((19 * MINUTE, 19 * MINUTE)));
        assert_eq!(estimate(&quiet, 0, &stuck, 15 * MINUTE), Some((4 * MINUTE, 19 * MINUTE)));
    }
}
