//! Raises alerts, and says that they were seen.

use db::Tx;
use domain::{
    alert::Alert,
    conversation::{Conversation, Event},
    entry::Changed,
    id::{AgentId, QueueId, TenantId},
    journal::Actor,
    policy::{OverConversations, Staff},
    refusal::{Code, Refusal},
    stream::StreamName,
};
use store::{Result, TenantTx};

/// Raises an alert and tells the staff, unless one of the kind waits about its subject already, or this entry raised one before. Returns whether it is new.
pub(crate) async fn raise(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<bool> {
    let is_new = store_desk::alerts::insert(tx, tenant, alert).await?;
    if is_new {
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await?;
    }
    Ok(is_new)
}

/// An alert that was acknowledged waits again.
pub(crate) async fn raise_again(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<()> {
    store_desk::alerts::wait_again(tx, tenant, alert).await?;
    TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await
}

/// The event of a member acknowledging the alert of a conversation. If it waits for others, namely those who serve its queue or the conversation, it must not be
/// gone for them.
pub(crate) async fn acknowledge_event(tx: &mut Tx, c: &Conversation, staff: &Staff) -> Result<Event> {
    let is_theirs = staff.grants.everywhere(OverConversations::Desk) || store_desk::alerts::is_waiting_for(tx, c.tenant, c.stream(), staff.agent).await?;
    if c.alerted_at.is_some() && !is_theirs {
        return Err(Refusal::new(Code::NotPermitted).into());
    }
    Ok(Event::AcknowledgeAlert { by: staff.agent })
}

/// What waits about a subject waits for the members of another queue from now on.
pub(crate) async fn hand_on(tx: &mut Tx, tenant: TenantId, subject: StreamName, to: QueueId) -> Result<()> {
    store_desk::alerts::hand_on(tx, tenant, subject, to).await?;
    TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await
}

/// A member of the staff has seen what waits about a subject.
pub(crate) async fn acknowledge(tx: &mut Tx, tenant: TenantId, subject: StreamName, by: AgentId, actor: &Actor) -> Result<()> {
    store_desk::alerts::finish(tx, tenant, subject, by).await?;
    TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Alerts).await
}
