//! Ends sockets that have outlived what they were opened with: a visitor's token, or a session of the staff.

use domain::refusal::Code;

use crate::{mailbox::Principal, node::Node};

/// Performs one pass.
pub async fn step(node: &Node) -> store::Result<()> {
    let now = node.env().now();
    for mailbox in node.hub().everybody() {
        let (ended, code) = match mailbox.principal() {
            Principal::Visitor { until, .. } => (*until <= now, Code::TokenExpired),
            Principal::Staff(staff, session) => {
                let mut tx = node.db().read().await?;
                (!store::staff_sessions::lives(&mut tx, staff.tenant, *session).await?, Code::SignedOut)
            }
        };
        if ended {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }
    Ok(())
}
