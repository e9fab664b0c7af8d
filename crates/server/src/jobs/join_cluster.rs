//! Notes that this node lives, and which others do, and goes by the database's time. On SQLite there is one node.

use db::Tx;
use domain::time::Clock;

use crate::App;

/// A node that was not heard of for this long has gone.
pub const GONE_AFTER_MS: i64 = 5_000;

/// Clocks further apart than this are an operator's business; it is told each time it gets worse.
pub const APART_MS: i64 = 1_000;

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    if app.settings().database_url.is_none() || app.live().cluster().is_draining() {
        return Ok(());
    }
    follow_clock(&mut app.db().read().await?, app.env().clock().as_ref()).await?;
    let now = app.env().now();
    let cluster = app.live().cluster();
    let nodes = store::entry_points::beat(app.db(), cluster.node(), &app.hub().visitors(), now, now.plus(-GONE_AFTER_MS)).await?;
    cluster.nodes_are(nodes);
    Ok(())
}

/// Corrects this node's clock to the database's: leases and times of entries are compared between nodes.
pub async fn follow_clock(tx: &mut Tx, clock: &dyn Clock) -> store::Result<()> {
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
