//! Writes the marks that rose since the last pass.

use crate::node::Node;

/// Performs one pass.
pub async fn step(node: &Node) -> store::Result<()> {
    node.marks().flush(node.db()).await;
    Ok(())
}
