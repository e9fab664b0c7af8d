//! Announces that this node lives, reads which others do, and follows the database's clock. On SQLite there is only one node.

use platform::database_clock::{GONE_AFTER_MS, follow};

use crate::node::Node;

/// Performs one pass.
pub async fn step(node: &Node) -> store::Result<()> {
    if node.settings().database_url.is_none() || node.cluster().is_draining() {
        return Ok(());
    }
    follow(&mut node.db().read().await?, node.env().clock().as_ref()).await?;
    let now = node.env().now();
    let cluster = node.cluster();
    let nodes = store::entry_points::beat(node.db(), cluster.this(), &node.hub().visitors(), now, now.plus(-GONE_AFTER_MS)).await?;
    cluster.nodes_are(nodes);
    Ok(())
}
