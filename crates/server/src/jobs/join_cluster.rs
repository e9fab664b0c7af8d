//! Announces that this node lives, reads which others do, and follows the database's clock. On SQLite there is only one node.

use crate::{
    App,
    cluster::clock::{GONE_AFTER_MS, follow},
};

/// Performs one pass.
pub async fn step(app: &App) -> store::Result<()> {
    if app.settings().database_url.is_none() || app.live().cluster().is_draining() {
        return Ok(());
    }
    follow(&mut app.db().read().await?, app.env().clock().as_ref()).await?;
    let now = app.env().now();
    let cluster = app.live().cluster();
    let nodes = store::entry_points::beat(app.db(), cluster.node(), &app.hub().visitors(), now, now.plus(-GONE_AFTER_MS)).await?;
    cluster.nodes_are(nodes);
    Ok(())
}
