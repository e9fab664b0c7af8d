//! Informs waiting customers how many are ahead of them, at most every two seconds.

use std::{collections::HashMap, time::Duration};

use domain::{
    id::TenantId,
    routing::Candidate,
    time::{MINUTE, Ts},
};
use http_kit::App;
use realtime::{hub::To, mailbox::LossyKey};
use service::hours;
use wire::{frames::ServerFrame, lines::push};

const AT_MOST_EVERY: Duration = Duration::from_secs(2);
/// How many waits an estimate needs; with fewer, none is given.
const SAMPLES: usize = 5;

/// Runs until the program ends.
pub async fn run(app: App) {
    loop {
        // This runs even without a change, because a customer who has just connected wants to know.
        let _ = tokio::time::timeout(AT_MOST_EVERY, app.hub().queue_changed()).await;
        if let Err(error) = step(&app).await {
            tracing::warn!(error = %error, "places could not be told");
        }
        tokio::time::sleep(AT_MOST_EVERY).await;
    }
}

/// Runs the job once.
pub async fn step(app: &App) -> store::Result<()> {
    for tenant in store::entry_points::companies_with_waiting(app.db()).await? {
        // A company whose customers cannot be told must not stop the others.
        if let Err(error) = tell(app, tenant).await {
            tracing::warn!(error = %error, tenant.id = %tenant, "places could not be told");
        }
    }
    Ok(())
}

/// Tells the waiting customers of one company.
async fn tell(app: &App, tenant: TenantId) -> store::Result<()> {
    let mut tx = app.db().read().await?;
    let waiting = store::conversations::waiting(&mut tx, tenant).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let since = now.plus(-30 * MINUTE);
    let waits = store::routing::recent_waits(&mut tx, tenant, since).await?;
    let served_ms = store::routing::mean_served(&mut tx, tenant, since).await?.unwrap_or_default();
    let agents = store::routing::candidates(&mut tx, tenant).await?;
    let mut lines: HashMap<_, Line> = HashMap::new();
    for (conversation, queue, queued_at) in waiting {
        let line = match lines.get_mut(&queue) {
            Some(line) => line,
            None => {
                let serving = store::routing::serving(&mut tx, tenant, queue, agents.clone()).await?;
                let staffed = hours::is_staffed(&mut tx, tenant, queue).await?;
                lines.entry(queue).or_insert(Line { staffed, slots: slots(&serving, now), longest_ms: 0, ahead: 0 })
            }
        };
        // The first is not the longest if somebody in danger goes before.
        line.longest_ms = line.longest_ms.max(now.since(queued_at));
        let (eta_low_ms, eta_high_ms) = estimate(&waits, served_ms, line, now.since(queued_at)).unzip();
        let mut frame = String::new();
        push(&mut frame, &ServerFrame::Place { conversation, ahead: line.ahead, eta_low_ms, eta_high_ms, staffed: line.staffed });
        let key = LossyKey::Place(conversation.uuid());
        // Each node informs its own clients, so other nodes get no hint.
        app.hub().lossy_here(tenant, conversation.uuid(), key, &frame.trim_end().into(), To::Customer);
        line.ahead += 1;
    }
    Ok(())
}

/// The customers waiting in one queue, as far as they have been informed.
struct Line {
    staffed: bool,
    /// How many can be served at once.
    slots: i64,
    /// How long the longest wait so far has lasted, in milliseconds.
    longest_ms: i64,
    ahead: i64,
}

/// How many conversations the agents at work serve at once.
fn slots(agents: &[Candidate], now: Ts) -> i64 {
    agents.iter().filter(|agent| agent.standing(now).takes()).map(|agent| agent.capacity).sum()
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
        Line { staffed: true, slots: 1, longest_ms: 0, ahead }
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
