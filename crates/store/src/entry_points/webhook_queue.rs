//! The webhook queue: the endpoints of all companies, the nodes that serve them, and how far deliveries have progressed.

use db::{Db, q, row};
use domain::{
    id::{TenantId, WebhookId},
    time::Ts,
    webhook::{KEEP_DEAD_MS, KEEP_DELIVERED_MS},
};
use uuid::Uuid;

use crate::{Result, fragments::is_here};

row! {
    /// An endpoint to be served, with its lease.
    pub struct Served {
        /// The company.
        pub tenant_id: Uuid,
        /// The endpoint's id.
        pub id: Uuid,
        /// The node that holds the lease, if one does.
        pub lease_node: Option<Uuid>,
        /// When the lease ends.
        pub lease_until: Option<i64>,
    }
}

/// The webhook endpoints of all companies that are to be served.
pub async fn webhooks(db: &Db) -> Result<Vec<Served>> {
    let mut tx = db.read().await?;
    let rows = q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT tenant_id, id, lease_node, lease_until FROM webhooks w WHERE state = 'enabled' AND ",
            is_here!("w.tenant_id"),
            " ORDER BY tenant_id, id"
        ))
        .fetch_all(c)
        .await
    })?;
    Ok(rows)
}

/// Acquires or renews the lease of every enabled endpoint that no other node holds; another node's lease is respected for `grace_ms` after its end.
pub async fn lease_webhooks(db: &Db, node: Uuid, until: Ts, grace_ms: i64) -> Result<()> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let over = tx.now().plus(-grace_ms);
                q!(tx, |c| sqlx::query(
                    "UPDATE webhooks SET lease_node = $1, lease_until = $2 WHERE state = 'enabled' AND (lease_node = $1 OR lease_until IS NULL OR lease_until < $3)"
                )
                .bind(node)
                .bind(until.0)
                .bind(over.0)
                .execute(c)
                .await
                .map(drop))?;
                Ok(())
            })
        })
        .await
}

/// The webhook endpoints that are not being served, and whether they were removed.
pub async fn webhooks_at_rest(db: &Db) -> Result<Vec<(TenantId, WebhookId, bool)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, String)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, id, state FROM webhooks WHERE state <> 'enabled' ORDER BY tenant_id, id").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(tenant, id, state)| (TenantId::new(tenant), WebhookId::new(id), state == "removed")).collect())
}

/// Deletes deliveries that have been stored for long enough, at most `limit`; returns how many.
pub async fn forget_deliveries(db: &Db, limit: i64) -> Result<u64> {
    db.writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let now = tx.now();
                let forgotten = q!(tx, |c| sqlx::query(
                    "DELETE FROM webhook_deliveries WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM webhook_deliveries WHERE ended_at IS NOT NULL
                       AND (ended_at <= $1 OR (ended_at <= $2 AND state = 'delivered')) LIMIT $3)"
                )
                .bind(now.0 - KEEP_DEAD_MS)
                .bind(now.0 - KEEP_DELIVERED_MS)
                .bind(limit)
                .execute(c)
                .await
                .map(|done| done.rows_affected()))?;
                Ok(forgotten)
            })
        })
        .await
}
