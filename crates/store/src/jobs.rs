//! Work that outlives the process: stored in the transaction of the change that asks for it, done by any node, tried again until it succeeds or is given up.

use db::{Tx, q, row};
use domain::{
    id::TenantId,
    job::{JobKind, retry_after_ms},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

/// A job to be stored.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id, greater than those of earlier jobs.
    pub id: Uuid,
    /// The kind of work.
    pub kind: JobKind,
    /// Jobs of one lane are done one after the other, in order.
    pub lane: Vec<u8>,
    /// What the work needs to know, sealed.
    pub payload: Vec<u8>,
}

row! {
    /// A job that a node has taken.
    #[derive(Debug, Clone)]
    pub struct TakenJob {
        /// The company.
        pub tenant_id: Uuid,
        /// Its id.
        pub id: Uuid,
        /// The kind of work.
        pub kind: String,
        /// What the work needs to know, sealed.
        pub payload: Vec<u8>,
        /// How often it was tried before.
        pub attempts: i64,
        /// When it was asked for.
        pub created_at: i64,
    }
}

row! {
    /// A job that was given up.
    #[derive(Debug)]
    pub struct DeadJob {
        /// Its id.
        pub id: Uuid,
        /// The kind of work.
        pub kind: String,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was asked for.
        pub created_at: i64,
        /// When it was given up.
        pub died_at: i64,
        /// How the last attempt failed.
        pub last_code: Option<String>,
    }
}

/// Stores a job that is due at once.
pub async fn add(tx: &mut Tx, tenant: TenantId, job: &NewJob) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query(
        "INSERT INTO jobs (tenant_id, id, kind, lane, payload, state, attempts, created_at, due_at, lease_until) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6, 0)"
    )
    .bind(tenant.uuid())
    .bind(job.id)
    .bind(job.kind.as_str())
    .bind(&job.lane)
    .bind(&job.payload)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Takes a job for a node alone until a time; `None` if it is done, dead, or another node has it: of two that found the same, the second finds it leased. The company
/// has had its turn then.
pub async fn lease(tx: &mut Tx, tenant: TenantId, id: Uuid, node: Uuid, until: Ts) -> Result<Option<TakenJob>> {
    let now = tx.now();
    let taken: Option<TakenJob> = q!(tx, |c| sqlx::query_as(
        "UPDATE jobs SET lease_node = $3, lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND lease_until <= $5
         RETURNING tenant_id, id, kind, payload, attempts, created_at"
    )
    .bind(tenant.uuid())
    .bind(id)
    .bind(node)
    .bind(until.0)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    if let Some(TakenJob { kind, .. }) = &taken {
        q!(tx, |c| sqlx::query(
            "INSERT INTO job_turns (tenant_id, kind, turn) SELECT $1, $2, COALESCE(MAX(turn), 0) + 1 FROM job_turns WHERE kind = $2
             ON CONFLICT (tenant_id, kind) DO UPDATE SET turn = excluded.turn"
        )
        .bind(tenant.uuid())
        .bind(kind)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(taken)
}

/// Deletes a job that is done, if the node still has it.
pub async fn finish(tx: &mut Tx, tenant: TenantId, id: Uuid, node: Uuid) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM jobs WHERE tenant_id = $1 AND id = $2 AND lease_node = $3")
        .bind(tenant.uuid())
        .bind(id)
        .bind(node)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Notes that an attempt failed, if the node still has the job: it is due again after a while or, if it `is_hopeless` or was tried often enough, dead.
pub async fn fail(tx: &mut Tx, tenant: TenantId, job: &TakenJob, node: Uuid, code: &str, is_hopeless: bool) -> Result<()> {
    let now = tx.now();
    let retry = retry_after_ms(job.attempts).filter(|_| !is_hopeless);
    q!(tx, |c| sqlx::query(
        "UPDATE jobs SET attempts = attempts + 1, last_code = $4, lease_node = NULL, lease_until = 0, state = $5, due_at = $6, died_at = $7
         WHERE tenant_id = $1 AND id = $2 AND lease_node = $3"
    )
    .bind(tenant.uuid())
    .bind(job.id)
    .bind(node)
    .bind(code)
    .bind(if retry.is_some() { "waiting" } else { "dead" })
    .bind(now.plus(retry.unwrap_or_default()).0)
    .bind(if retry.is_some() { None } else { Some(now.0) })
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A place in the list of dead jobs: when a job was given up, and its id.
pub type Place = (Ts, Uuid);

/// The jobs of a company that were given up, latest first, after a place.
pub async fn list_dead(tx: &mut Tx, tenant: TenantId, after: Option<Place>, limit: i64) -> Result<Vec<DeadJob>> {
    let (at, id) = after.unwrap_or((Ts(i64::MAX), Uuid::max()));
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT id, kind, attempts, created_at, died_at, last_code FROM jobs
         WHERE tenant_id = $1 AND state = 'dead' AND (died_at, id) < ($2, $3) ORDER BY died_at DESC, id DESC LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(at.0)
    .bind(id)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// Makes a dead job due again, as if it had not been tried.
pub async fn revive(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<()> {
    let now = tx.now();
    let revived = q!(tx, |c| sqlx::query(
        "UPDATE jobs SET state = 'waiting', attempts = 0, due_at = $3, died_at = NULL, last_code = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'dead'"
    )
    .bind(tenant.uuid())
    .bind(id)
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if revived == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Deletes a dead job.
pub async fn discard(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<()> {
    let gone = q!(tx, |c| sqlx::query("DELETE FROM jobs WHERE tenant_id = $1 AND id = $2 AND state = 'dead'")
        .bind(tenant.uuid())
        .bind(id)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if gone == 1 { Ok(()) } else { Err(Error::NotFound) }
}
