//! Jobs of all companies: which are due, and who does them.

use db::{Db, Shard, q};
use domain::{job::JobKind, time::Ts};
use uuid::Uuid;

use crate::{Result, jobs::TakenJob};

/// Takes the job of a kind that has been due for longest and is the first of its lane, for a node alone until a time; `None` if there is none.
pub async fn take_job(db: &Db, kind: JobKind, node: Uuid, until: Ts) -> Result<Option<TakenJob>> {
    let now = db.now();
    let mut tx = db.read().await?;
    let due: Option<(Uuid, Uuid)> = q!(&mut tx, |c| sqlx::query_as(
        "SELECT j.tenant_id, j.id FROM jobs j WHERE j.state = 'waiting' AND j.kind = $1 AND j.due_at <= $2 AND j.lease_until <= $2 AND NOT EXISTS
           (SELECT 1 FROM jobs e WHERE e.tenant_id = j.tenant_id AND e.kind = j.kind AND e.lane = j.lane AND e.state = 'waiting' AND e.id < j.id)
         ORDER BY j.due_at, j.id LIMIT 1"
    )
    .bind(kind.as_str())
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    drop(tx);
    let Some((tenant, id)) = due else { return Ok(None) };
    // Of two nodes that found the same, the second finds it leased.
    let take = db.writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            let now = tx.now();
            let taken: Option<TakenJob> = q!(tx, |c| sqlx::query_as(
                "UPDATE jobs SET lease_node = $3, lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND lease_until <= $5
                 RETURNING tenant_id, id, kind, payload, attempts, created_at"
            )
            .bind(tenant)
            .bind(id)
            .bind(node)
            .bind(until.0)
            .bind(now.0)
            .fetch_optional(c)
            .await)?;
            Ok(taken)
        })
    });
    take.await
}

/// Ends all leases, for a program that has the record for itself: whoever held them has ended.
pub async fn release_jobs(db: &Db) -> Result<()> {
    let write = db.writer().write(Shard::Any, |tx| {
        Box::pin(async move {
            q!(tx, |c| sqlx::query("UPDATE jobs SET lease_node = NULL, lease_until = 0 WHERE lease_until > 0").execute(c).await.map(drop))?;
            Ok(())
        })
    });
    write.await
}
