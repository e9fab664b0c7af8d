//! Raises alerts, and says that they were seen.

use db::Tx;
use domain::{
    alert::Alert,
    entry::Changed,
    id::{AgentId, TenantId},
    journal::Actor,
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

/// A member of the staff has seen what waits about a subject.
pub(crate) async fn acknowledge(tx: &mut Tx, tenant: TenantId, subject: StreamName, by: AgentId, actor: &Actor) -> Result<()> {
    store_desk::alerts::finish(tx, tenant, subject, by).await?;
    TenantTx::new(tx, tenant, actor.clone()).announce(Changed::Alerts).await
}
