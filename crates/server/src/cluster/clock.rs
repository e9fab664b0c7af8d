//! The time by which nodes compare leases and entries: the database's.

use db::Tx;
use domain::time::Clock;

/// A node that was not heard of for this long has gone.
pub const GONE_AFTER_MS: i64 = 5_000;

/// Clocks further apart than this are an operator's business; it is told each time it gets worse.
pub const APART_MS: i64 = 1_000;

/// Corrects this node's clock to the database's: leases and times of entries are compared between nodes.
pub async fn follow(tx: &mut Tx, clock: &dyn Clock) -> store::Result<()> {
    let before = clock.now();
    let Some(time) = db::news::time(tx).await? else { return Ok(()) };
    let (after, known) = (clock.now(), clock.corrected_by());
    // What lies within the question's own way there and back is no difference.
    let apart = if time < before { -before.since(time) } else { time.since(after) };
    clock.correct(apart);
    let now = clock.corrected_by();
    if now.abs() > APART_MS && now.abs() > known.abs() {
        tracing::warn!(offset_ms = now, "this machine's clock is not the database's: set both by NTP");
    }
    Ok(())
}
