//! Raises alerts, and says that they were seen.

use db::Tx;
use domain::{
    alert::{Alert, AlertKind, Sign},
    conversation::{Conversation, Event},
    entry::Changed,
    id::{AgentId, QueueId, TenantId},
    journal::Actor,
    policy::{OverConversations, Staff},
    refusal::{Code, Refusal},
    stream::StreamName,
};
use store::{Error, Result, TenantTx, reach::Within};

/// Raises an alert and tells the staff, unless one of the kind waits about its subject already, or this entry raised one before. Returns whether it is new.
pub(crate) async fn raise(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<bool> {
    let is_new = store_desk::alerts::insert(tx, tenant, alert).await?;
    if is_new {
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await?;
    }
    Ok(is_new)
}

/// Tells the staff of a sign of attack, at most once an hour for each kind and network.
pub async fn raise_sign(tx: &mut Tx, tenant: TenantId, sign: &Sign) -> Result<()> {
    let access = store::tenants::get(tx, tenant).await?.access_stream;
    let alert = Alert::sign(access, sign, tx.now());
    if raise(tx, tenant, &alert).await? {
        store_desk::alerts::describe(tx, tenant, &alert, sign).await?;
    }
    Ok(())
}

/// An alert that was acknowledged waits again.
pub(crate) async fn raise_again(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<()> {
    store_desk::alerts::wait_again(tx, tenant, alert).await?;
    TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await
}

/// The event of a member acknowledging the alert of a conversation. If it waits for others, namely those who serve its queue or the conversation, it must not be
/// gone for them.
pub(crate) async fn acknowledge_event(tx: &mut Tx, c: &Conversation, staff: &Staff) -> Result<Event> {
    let is_theirs =
        staff.grants.everywhere(OverConversations::Desk) || store_desk::alerts::is_waiting_for(tx, c.tenant, c.stream(), Within::serving(staff)).await?;
    if c.alerted_at.is_some() && !is_theirs {
        return Err(Refusal::new(Code::NotPermitted).into());
    }
    Ok(Event::AcknowledgeAlert { by: staff.agent })
}

/// What waits about a subject waits for the members of another queue from now on.
pub(crate) async fn hand_on(tx: &mut Tx, tenant: TenantId, subject: StreamName, to: QueueId) -> Result<()> {
    if !store_desk::alerts::hand_on(tx, tenant, subject, to).await? {
        return Ok(());
    }
    TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await
}

/// A member of the staff has seen what waits about a subject.
pub async fn acknowledge(tx: &mut Tx, tenant: TenantId, subject: StreamName, by: AgentId, actor: &Actor) -> Result<()> {
    store_desk::alerts::finish(tx, tenant, subject, by).await?;
    TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Alerts).await
}

/// A member of the staff has seen that somebody waits too long; [`Error::NotFound`] if no such alert waits for them. `of` is what they serve, if not everything.
pub async fn acknowledge_wait(
    tx: &mut Tx,
    tenant: TenantId,
    (subject, kind): (StreamName, AlertKind),
    (by, of): (AgentId, Option<Within>),
    actor: &Actor,
) -> Result<()> {
    if let Some(of) = of
        && !store_desk::alerts::is_waiting_for(tx, tenant, subject, of).await?
    {
        return Err(Error::NotFound);
    }
    if !store_desk::alerts::finish_kind(tx, tenant, subject, kind, by).await? {
        return Err(Error::NotFound);
    }
    TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Alerts).await
}
