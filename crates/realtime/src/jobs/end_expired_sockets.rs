//! Ends sockets that have outlived what they were opened with: a visitor's token, a session of the staff, or a token of a program.

use domain::refusal::Code;

use crate::{mailbox::Principal, node::Node};

/// Performs one pass.
pub async fn step(node: &Node) -> store::Result<()> {
    let now = node.env().now();
    for mailbox in node.hub().everybody() {
        let (ended, code) = match mailbox.principal() {
            Principal::Visitor { until, .. } => (*until <= now, Code::TokenExpired),
            Principal::Staff(staff, with) => {
                let mut tx = node.db().read().await?;
                (!store::api_tokens::lives(&mut tx, staff.tenant, *with).await?, with.end_code())
            }
        };
        if ended {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }
    Ok(())
}
