//! Runs over the knowledge in the background: checks of the draft and searches for doubtful phrasings, with their progress and their results.

use content::knowledge::RunOf;
use db::{Tx, q};
use domain::{
    id::{KnowledgeRunId, TenantId},
    time::Ts,
};
use store::{Result, table};

/// The number of runs of each kind stored per company; older ones are deleted when a new one begins.
const KEPT_RUNS: i64 = 20;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The id.
    pub id: KnowledgeRunId,
    /// What it tries.
    pub of: RunOf,
    /// The revision of the draft being checked.
    pub revision: i64,
    /// The version it is compared with.
    pub version: i64,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// The number of lines tried so far.
    pub done: i64,
    /// The total number of lines.
    pub total: i64,
    /// The result as JSON, once it is done.
    pub result: Option<String>,
    /// When it began.
    pub created_at: Ts,
    /// When it last reported progress.
    pub updated_at: Ts,
}

table! {
    Run in "knowledge_runs" {
        key { id: KnowledgeRunId [id] }
        fixed { of: RunOf [kind], created_at: Ts [created_at] }
        changing {
            revision: i64 [revision], version: i64 [version], state: String [state], done: i64 [done], total: i64 [total], result: Option<String> [result],
            updated_at: Ts [updated_at],
        }
    }
}

/// Begins a run.
pub async fn insert(tx: &mut Tx, tenant: TenantId, run: &Run) -> Result<()> {
    q!(tx, |c| {
        sqlx::query(
            "DELETE FROM knowledge_runs WHERE tenant_id = $1 AND kind = $3
           AND id NOT IN (SELECT id FROM knowledge_runs WHERE tenant_id = $1 AND kind = $3 ORDER BY created_at DESC, id DESC LIMIT $2)",
        )
        .bind(tenant.uuid())
        .bind(KEPT_RUNS - 1)
        .bind(run.of.as_str())
        .execute(c)
        .await
        .map(drop)
    })?;
    table::insert(tx, tenant, run).await
}

/// Records a run's progress, and the revision and version it now checks.
pub async fn update(tx: &mut Tx, tenant: TenantId, run: &Run) -> Result<()> {
    table::replace(tx, tenant, run).await
}

/// A run by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: KnowledgeRunId) -> Result<Run> {
    let sql = table::select::<Run>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// The most recent run of a kind, if there is one.
pub async fn latest(tx: &mut Tx, tenant: TenantId, of: RunOf) -> Result<Option<Run>> {
    let sql = table::select::<Run>("AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT 1");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(of.as_str()).fetch_optional(c).await)?)
}

/// The most recent run of a kind that came to its end, if there is one.
pub async fn latest_done(tx: &mut Tx, tenant: TenantId, of: RunOf) -> Result<Option<Run>> {
    let sql = table::select::<Run>("AND kind = $2 AND state = 'done' ORDER BY created_at DESC, id DESC LIMIT 1");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(of.as_str()).fetch_optional(c).await)?)
}
