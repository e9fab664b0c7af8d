//! Notes that this node lives, and which others do. On SQLite there is one.

use crate::App;

/// A node that was not heard of for this long has gone.
pub const GONE_AFTER_MS: i64 = 5_000;

/// Once.
pub async fn step(app: &App) -> store::Result<()> {
    if app.settings().database_url.is_none() || app.live().cluster().is_draining() {
        return Ok(());
    }
    let now = app.env().now();
    let cluster = app.live().cluster();
    let nodes = store::entry_points::beat(app.db(), cluster.node(), &app.hub().visitors(), now, now.plus(-GONE_AFTER_MS)).await?;
    cluster.nodes_are(nodes);
    Ok(())
}
