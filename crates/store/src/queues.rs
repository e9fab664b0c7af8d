//! Queues: where customers wait for a person.

use db::{Tx, q};
use domain::{
    id::{QueueId, TenantId},
    text::Bilingual,
};

use crate::Result;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// What staff and customers read.
    pub name: Bilingual,
}

/// Adds a queue.
pub async fn insert(tx: &mut Tx, tenant: TenantId, queue: &Queue) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO queues (tenant_id, id, name_zh, name_en) VALUES ($1, $2, $3, $4)")
        .bind(tenant.uuid())
        .bind(queue.id.uuid())
        .bind(&queue.name.zh)
        .bind(&queue.name.en)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
