//! Who may read which stream.

use std::sync::Arc;

use domain::{
    id::{ConversationId, StreamName},
    journal::StreamKind,
    policy::{self, Permission},
};

use super::{mailbox::Principal, perform};
use crate::App;

/// Whether somebody may follow a stream; one that does not exist is like one that is not theirs.
pub async fn may_follow(tx: &mut db::Tx, app: &App, principal: &Principal, stream: StreamName) -> db::Result<bool> {
    let tenant = principal.tenant();
    if stream.kind == StreamKind::Conversation {
        let found = match store::conversations::find(tx, tenant, ConversationId::new(stream.id)).await {
            Ok(found) => found,
            Err(store::Error::Db(error)) => return Err(error),
            Err(_) => None,
        };
        let Some(conversation) = found else { return Ok(false) };
        let may = perform::may_send(principal, &conversation);
        app.hub().remember(Arc::new(conversation));
        return Ok(may);
    }
    Ok(match (principal, stream.kind) {
        (Principal::Visitor { visitor, .. }, StreamKind::Visitor) => visitor.uuid() == stream.id,
        (Principal::Staff(..), StreamKind::Tenant) => tenant.uuid() == stream.id,
        (Principal::Staff(staff, _), StreamKind::Inbox) => match store::staff::get(tx, tenant, staff.agent).await {
            Ok(member) => member.inbox.uuid() == stream.id,
            Err(_) => false,
        },
        (Principal::Staff(staff, _), StreamKind::Agent) => {
            staff.agent.uuid() == stream.id
                || (policy::role_may(staff.role, Permission::Panel) && store::staff::get(tx, tenant, domain::id::AgentId::new(stream.id)).await.is_ok())
        }
        (Principal::Staff(..), StreamKind::Queue) => store::routing::queue_name(tx, tenant, domain::id::QueueId::new(stream.id)).await.is_ok(),
        _ => false,
    })
}
