//! Checks of the draft against the test set: their progress and their results.

use db::{Tx, q, row};
use domain::{
    id::{KnowledgeRunId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

/// The number of runs stored per company; older ones are deleted when a new one begins.
const KEPT_RUNS: i64 = 20;

/// A run of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The id.
    pub id: KnowledgeRunId,
    /// The revision of the draft being checked.
    pub revision: i64,
    /// The version it is compared with.
    pub version: i64,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// The number of sentences checked so far.
    pub done: i64,
    /// The total number of sentences.
    pub total: i64,
    /// The result as JSON, once it is done.
    pub result: Option<String>,
    /// When it began.
    pub created_at: Ts,
    /// When it last reported progress.
    pub updated_at: Ts,
}

row! {
    struct Row {
        id: Uuid, revision: i64, version: i64, state: String, done: i64, total: i64, result: Option<String>, created_at: i64, updated_at: i64,
    }
}

impl From<Row> for Run {
    fn from(row: Row) -> Self {
        let Row { id, revision, version, state, done, total, result, created_at, updated_at } = row;
        Self { id: KnowledgeRunId::new(id), revision, version, state, done, total, result, created_at: Ts(created_at), updated_at: Ts(updated_at) }
    }
}

/// Begins a run.
pub async fn insert(tx: &mut Tx, tenant: TenantId, run: &Run) -> Result<()> {
    q!(tx, |c| {
        sqlx::query(
        "DELETE FROM knowledge_runs WHERE tenant_id = $1 AND id NOT IN (SELECT id FROM knowledge_runs WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)"
    )
    .bind(tenant.uuid())
    .bind(KEPT_RUNS - 1)
    .execute(c)
    .await
    .map(drop)
    })?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO knowledge_runs (tenant_id, id, revision, version, state, done, total, result, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(tenant.uuid())
    .bind(run.id.uuid())
    .bind(run.revision)
    .bind(run.version)
    .bind(&run.state)
    .bind(run.done)
    .bind(run.total)
    .bind(run.result.as_deref())
    .bind(run.created_at.0)
    .bind(run.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Records a run's progress, and the revision and version it now checks.
pub async fn update(tx: &mut Tx, tenant: TenantId, run: &Run) -> Result<()> {
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE knowledge_runs SET revision = $3, version = $4, state = $5, done = $6, total = $7, result = $8, updated_at = $9 WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(run.id.uuid())
    .bind(run.revision)
    .bind(run.version)
    .bind(&run.state)
    .bind(run.done)
    .bind(run.total)
    .bind(run.result.as_deref())
    .bind(run.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if changed == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// A run by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: KnowledgeRunId) -> Result<Run> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, revision, version, state, done, total, result, created_at, updated_at FROM knowledge_runs WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await)?;
    row.map(Run::from).ok_or(Error::NotFound)
}

/// The most recent run, if there is one.
pub async fn latest(tx: &mut Tx, tenant: TenantId) -> Result<Option<Run>> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, revision, version, state, done, total, result, created_at, updated_at FROM knowledge_runs
         WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(row.map(Run::from))
}
