//! The clock by which nodes compare leases and entries: the database's.

use db::Tx;
use domain::time::Clock;

/// A node not seen for this long, in milliseconds, is gone.
pub const GONE_AFTER_MS: i64 = 5_000;

/// A difference between the clocks above this, in milliseconds, concerns an operator; it is logged each time it gets worse.
pub const APART_MS: i64 = 1_000;

/// Corrects this node's clock to the database's: leases and entry times are compared between nodes.
pub async fn follow(tx: &mut Tx, clock: &dyn Clock) -> store::Result<()> {
    let before = clock.now();
    let Some(time) = db::news::time(tx).await? else { return Ok(()) };
    let (after, known) = (clock.now(), clock.corrected_by());
    // A difference within the query's own round trip does not count.
    let apart = if time < before { -before.since(time) } else { time.since(after) };
    clock.correct(apart);
    let now = clock.corrected_by();
    if now.abs() > APART_MS && now.abs() > known.abs() {
        tracing::warn!(offset_ms = now, "this machine's clock is not the database's: set both by NTP");
    }
    Ok(())
}
