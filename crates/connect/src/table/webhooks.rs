//! The endpoints a company's events are sent to, and which node serves them.

use db::{Tx, q};
use domain::{
    id::{TenantId, WebhookId},
    time::Ts,
    webhook::{EventType, WebhookState},
};
use store::{Error, Result, table};
use uuid::Uuid;

/// An endpoint. Its secrets are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// The company.
    pub tenant: TenantId,
    /// The URL events are sent to.
    pub url: String,
    /// A description of what it is for.
    pub description: String,
    /// The types of events it receives.
    pub events: Vec<EventType>,
    /// Whether it also receives the text of messages.
    pub bodies: bool,
    /// Whether events are sent to it.
    pub state: WebhookState,
    /// The signing secret.
    pub secret: Vec<u8>,
    /// The previous signing secret, and the time until which it is still used.
    pub old_secret: Option<(Vec<u8>, Ts)>,
    /// It receives events from this time on.
    pub since: Ts,
    /// When it was created.
    pub created_at: Ts,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Webhook in "webhooks" of tenant [tenant_id] {
        key { id: WebhookId [id] }
        fixed { created_at: Ts [created_at] }
        changing {
            url: String [url], description: String [description], events: Vec<EventType> [events], bodies: bool [bodies], state: WebhookState [state],
            secret: Vec<u8> [secret], old_secret: Option<(Vec<u8>, Ts)> [old_secret, old_secret_until], since: Ts [since], updated_at: Ts [updated_at],
        }
    }
}

/// Adds an endpoint.
pub async fn insert(tx: &mut Tx, tenant: TenantId, webhook: &Webhook) -> Result<()> {
    table::insert(tx, tenant, webhook).await
}

/// An endpoint by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: WebhookId) -> Result<Webhook> {
    let sql = table::select::<Webhook>("AND id = $2 AND state <> 'removed'");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// All endpoints, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Webhook>> {
    let sql = table::select::<Webhook>("AND state <> 'removed' ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// Updates an endpoint, including its secrets; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, webhook: &Webhook, seen: Ts) -> Result<()> {
    table::update_if(tx, tenant, webhook, seen, "AND state <> 'removed'").await
}

/// Removes an endpoint and its secrets; the next sweeps delete its deliveries, and then the rest of it.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: WebhookId) -> Result<()> {
    let removed = q!(tx, |c| {
        sqlx::query(
        "UPDATE webhooks SET state = 'removed', url = '', description = '', secret = $3, old_secret = NULL WHERE tenant_id = $1 AND id = $2 AND state <> 'removed'"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(&b""[..])
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Deletes a removed endpoint that has no deliveries left.
pub async fn forget(tx: &mut Tx, tenant: TenantId, id: WebhookId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM webhooks WHERE tenant_id = $1 AND id = $2 AND state = 'removed'")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Records that an endpoint's receiver no longer wants any events.
pub async fn set_gone(tx: &mut Tx, tenant: TenantId, id: WebhookId) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE webhooks SET state = 'gone', updated_at = updated_at + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'enabled'")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether a node holds an endpoint's lease; keeps other nodes from taking it until this transaction ends.
pub async fn holds_lease(tx: &mut Tx, tenant: TenantId, id: WebhookId, node: Uuid) -> Result<bool> {
    let held = q!(tx, |c| sqlx::query("UPDATE webhooks SET lease_node = $3 WHERE tenant_id = $1 AND id = $2 AND lease_node = $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(node)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(held == 1)
}
