//! Decides who may read which stream.

use std::sync::Arc;

use domain::{
    id::ConversationId,
    policy::OverPeople,
    stream::{StreamKind, StreamName},
};
use service::act::{Sender, Subject as _};

use crate::{mailbox::Principal, node::Node};

/// Whether somebody may follow a stream; a stream that does not exist is treated like one that is not theirs.
pub async fn may_follow(tx: &mut db::Tx, node: &Node, principal: &Principal, stream: StreamName) -> db::Result<bool> {
    let tenant = principal.tenant();
    if stream.kind == StreamKind::Conversation {
        let Some(conversation) = existing(store::conversations::find(tx, tenant, ConversationId::new(stream.id)).await)?.flatten() else { return Ok(false) };
        let may = conversation.may_see(&Sender::from(principal));
        node.hub().remember(Arc::new(conversation));
        return Ok(may);
    }
    Ok(match (principal, stream.kind) {
        (Principal::Visitor { visitor, .. }, StreamKind::Visitor) => visitor.uuid() == stream.id,
        (Principal::Staff(..), StreamKind::Tenant) => tenant.uuid() == stream.id,
        (Principal::Staff(staff, _), StreamKind::Inbox) => {
            existing(store::staff::get(tx, tenant, staff.agent).await)?.is_some_and(|member| member.inbox.uuid() == stream.id)
        }
        (Principal::Staff(staff, _), StreamKind::Agent) => {
            let agent = domain::id::AgentId::new(stream.id);
            staff.agent == agent
                || (staff.reaches_member(staff.grants.reach(OverPeople::Follow), agent) && existing(store::staff::get(tx, tenant, agent).await)?.is_some())
        }
        (Principal::Staff(..), StreamKind::Queue) => existing(store::routing::queue_name(tx, tenant, domain::id::QueueId::new(stream.id)).await)?.is_some(),
        _ => false,
    })
}

/// What was asked for; `None` if it does not exist. A record that cannot be queried just now is an error and not an answer:
/// it must not end a stream permanently.
fn existing<T>(asked: store::Result<T>) -> db::Result<Option<T>> {
    match asked {
        Ok(found) => Ok(Some(found)),
        Err(store::Error::Db(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
