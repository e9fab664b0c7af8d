//! Offers whose time is over.

use db::{Db, q};
use domain::{
    id::{ConversationId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Result, fragments::is_here};

/// Conversations that are offered to an agent who has not accepted them in time, of all companies.
pub async fn offers_over(db: &Db, now: Ts, limit: i64) -> Result<Vec<(TenantId, ConversationId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT tenant_id, id FROM conversations c WHERE due_at IS NOT NULL AND due_at <= $1 AND state = 'offered' AND ",
        is_here!("c.tenant_id"),
        " ORDER BY due_at NULLS LAST LIMIT $2"
    ))
    .bind(now.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), ConversationId::new(id))).collect())
}
