//! What is due for all companies: things that happen at a time, and jobs and who does them.

use db::{Db, Shard, q};
use domain::{
    due::DueKind,
    id::{ErasureId, TenantId},
    job::{DEAD_KEPT_MS, JobKind},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Result,
    due::Due,
    fragments::{is_here, is_sending},
    jobs::{self, TakenJob},
};

/// At most `limit` things of a kind that are due, longest due first.
pub async fn due(db: &Db, kind: DueKind, now: Ts, limit: i64) -> Result<Vec<Due>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid, i64)> = q!(&mut tx, |c| sqlx::query_as(concat!(
        "SELECT tenant_id, subject, due_at FROM due d WHERE kind = $1 AND due_at <= $2 AND ",
        is_here!("d.tenant_id"),
        " ORDER BY due_at, tenant_id, subject LIMIT $3"
    ))
    .bind(kind.as_str())
    .bind(now.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, subject, at)| Due { tenant: TenantId::new(tenant), subject, at: Ts(at) }).collect())
}

/// Takes a job of a kind, for a node alone until a time; `None` if there is none. Of the companies that have one, it is the turn of the one that was served longest
/// ago, and of its jobs that of the one that has been due for longest and is the first of its lane. Those of the company `but` wait, and those of companies that are suspended.
pub async fn take_job(db: &Db, kind: JobKind, node: Uuid, until: Ts, but: Option<Uuid>) -> Result<Option<TakenJob>> {
    let now = db.now();
    let mut tx = db.read().await?;
    let due: Option<(Uuid, Uuid)> = q!(&mut tx, |c| {
        sqlx::query_as(concat!(
            "WITH ready AS (SELECT DISTINCT j.tenant_id FROM jobs j
               WHERE j.state = 'waiting' AND j.kind = $1 AND j.due_at <= $2 AND j.lease_until <= $2 AND j.tenant_id <> $3 AND ",
            is_sending!("j.tenant_id"),
            "), firsts AS (SELECT r.tenant_id, (SELECT j.id FROM jobs j
               WHERE j.tenant_id = r.tenant_id AND j.state = 'waiting' AND j.kind = $1 AND j.due_at <= $2 AND j.lease_until <= $2 AND NOT EXISTS
                 (SELECT 1 FROM jobs e WHERE e.tenant_id = j.tenant_id AND e.kind = j.kind AND e.lane = j.lane AND e.state = 'waiting' AND e.id < j.id)
               ORDER BY j.due_at, j.id LIMIT 1) AS id FROM ready r)
             SELECT f.tenant_id, f.id FROM firsts f LEFT JOIN job_turns t ON t.tenant_id = f.tenant_id AND t.kind = $1
             WHERE f.id IS NOT NULL ORDER BY COALESCE(t.turn, 0), f.tenant_id LIMIT 1"
        ))
        .bind(kind.as_str())
        .bind(now.0)
        .bind(but.unwrap_or_default())
        .fetch_optional(c)
        .await
    })?;
    drop(tx);
    let Some((tenant, id)) = due else { return Ok(None) };
    let tenant = TenantId::new(tenant);
    db.writer().write(Shard::Any, move |tx| Box::pin(async move { jobs::lease(tx, tenant, id, node, until).await })).await
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

/// Deletes jobs that were given up long enough ago, at most `limit`; returns how many.
pub async fn forget_dead_jobs(db: &Db, limit: i64) -> Result<u64> {
    let write = db.writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            let before = tx.now().plus(-DEAD_KEPT_MS);
            Ok(q!(tx, |c| sqlx::query(
                "DELETE FROM jobs WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM jobs WHERE state = 'dead' AND died_at <= $1 LIMIT $2)"
            )
            .bind(before.0)
            .bind(limit)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?)
        })
    });
    write.await
}

/// The companies that keep something for a limited time only, and whose rules were last applied before a time.
pub async fn companies_with_retention(db: &Db, before: Ts) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let sql = concat!(
        "SELECT p.tenant_id FROM privacy_settings p WHERE COALESCE(p.conversation_days, p.file_days, p.view_days) IS NOT NULL
           AND COALESCE(p.applied_at, 0) <= $1 AND ",
        is_here!("p.tenant_id"),
        " ORDER BY COALESCE(p.applied_at, 0), p.tenant_id"
    );
    let rows: Vec<(Uuid,)> = q!(&mut tx, |c| sqlx::query_as(sql).bind(before.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(tenant,)| TenantId::new(tenant)).collect())
}

/// The erasures of all companies that were begun and are not done, the one that was asked for first at the beginning.
pub async fn running_erasures(db: &Db) -> Result<Vec<(TenantId, ErasureId)>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid, Uuid)> = q!(&mut tx, |c| sqlx::query_as(concat!(
        "SELECT e.tenant_id, e.id FROM erasures e WHERE e.state = 'running' AND ",
        is_here!("e.tenant_id"),
        " ORDER BY e.asked_at, e.id"
    ))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(tenant, id)| (TenantId::new(tenant), ErasureId::new(id))).collect())
}
