//! The endpoints a company's events are sent to, and which node serves them.

use db::{Tx, q, row};
use domain::{
    id::{TenantId, WebhookId},
    time::Ts,
    webhook::{EventType, WebhookState},
};
use uuid::Uuid;

use crate::{Error, Result};

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

row! {
    struct Row {
        tenant_id: Uuid, id: Uuid, url: String, description: String, events: String, bodies: i64, state: String, secret: Vec<u8>, old_secret: Option<Vec<u8>>,
        old_secret_until: Option<i64>, since: i64, created_at: i64, updated_at: i64,
    }
}

impl TryFrom<Row> for Webhook {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |what: &str| Error::Db(db::Error::Corrupt(format!("webhook {what}")));
        let events = row.events.split(' ').map(|one| EventType::parse(one).ok_or_else(|| corrupt("event"))).collect::<Result<_>>()?;
        Ok(Self {
            id: WebhookId::new(row.id),
            tenant: TenantId::new(row.tenant_id),
            url: row.url,
            description: row.description,
            events,
            bodies: row.bodies != 0,
            state: WebhookState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
            secret: row.secret,
            old_secret: row.old_secret.zip(row.old_secret_until.map(Ts)),
            since: Ts(row.since),
            created_at: Ts(row.created_at),
            updated_at: Ts(row.updated_at),
        })
    }
}

/// Event types in stored form: their names separated by spaces.
fn names(events: &[EventType]) -> String {
    events.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(" ")
}

/// Adds an endpoint.
pub async fn insert(tx: &mut Tx, tenant: TenantId, webhook: &Webhook) -> Result<()> {
    let events = names(&webhook.events);
    q!(tx, |c| sqlx::query(
        "INSERT INTO webhooks (tenant_id, id, url, description, events, bodies, state, secret, since, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(tenant.uuid())
    .bind(webhook.id.uuid())
    .bind(&webhook.url)
    .bind(&webhook.description)
    .bind(&events)
    .bind(i64::from(webhook.bodies))
    .bind(webhook.state.as_str())
    .bind(&webhook.secret)
    .bind(webhook.since.0)
    .bind(webhook.created_at.0)
    .bind(webhook.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// An endpoint by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: WebhookId) -> Result<Webhook> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, url, description, events, bodies, state, secret, old_secret, old_secret_until, since, created_at, updated_at
         FROM webhooks WHERE tenant_id = $1 AND id = $2 AND state <> 'removed'"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// All endpoints, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Webhook>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT tenant_id, id, url, description, events, bodies, state, secret, old_secret, old_secret_until, since, created_at, updated_at
         FROM webhooks WHERE tenant_id = $1 AND state <> 'removed' ORDER BY created_at, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Webhook::try_from).collect()
}

/// Updates an endpoint, including its secrets; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, webhook: &Webhook, seen: Ts) -> Result<()> {
    let (events, (old, until)) = (names(&webhook.events), webhook.old_secret.clone().unzip());
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE webhooks SET url = $4, description = $5, events = $6, bodies = $7, state = $8, secret = $9, old_secret = $10, old_secret_until = $11, since = $12,
           updated_at = $13 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3 AND state <> 'removed'"
    )
    .bind(tenant.uuid())
    .bind(webhook.id.uuid())
    .bind(seen.0)
    .bind(&webhook.url)
    .bind(&webhook.description)
    .bind(&events)
    .bind(i64::from(webhook.bodies))
    .bind(webhook.state.as_str())
    .bind(&webhook.secret)
    .bind(old)
    .bind(until.map(|until| until.0))
    .bind(webhook.since.0)
    .bind(webhook.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
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
