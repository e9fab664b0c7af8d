//! Ends sockets that have outlived what they were opened with: a visitor's token, a session of the staff, or a token of a program; and all of a company that was
//! suspended.

use domain::refusal::Code;

use crate::{mailbox::Principal, node::Node};

/// Ends the sockets of companies for which nobody is served.
pub async fn end_suspended(node: &Node) -> store::Result<()> {
    let suspended = store::entry_points::suspended_companies(node.db()).await?;
    if suspended.is_empty() {
        return Ok(());
    }
    for mailbox in node.hub().everybody().into_iter().filter(|mailbox| suspended.contains(&mailbox.principal().tenant())) {
        mailbox.put(|mail| mail.closed = Some(Code::CompanySuspended));
    }
    Ok(())
}

/// Performs one pass.
pub async fn step(node: &Node) -> store::Result<()> {
    let now = node.env().now();
    for mailbox in node.hub().everybody() {
        let ended = match mailbox.principal() {
            Principal::Visitor { until, .. } => (*until <= now).then_some(Code::TokenExpired),
            Principal::Staff(staff, with) => store::api_tokens::end_of(&mut node.db().read_of(staff.tenant).await?, staff.tenant, *with).await?,
        };
        if let Some(code) = ended {
            mailbox.put(|mail| mail.closed = Some(code));
        }
    }
    Ok(())
}
