//! Runs over the knowledge in the background: how one begins, and how far it has got. It is worked off on the node that began it; everybody sees its progress.

use content::knowledge::RunOf;
use db::{Db, Shard, Tx};
use domain::{
    id::{KnowledgeRunId, TenantId},
    refusal::{Code, Refusal},
    time::{MINUTE, Ts},
};
use serde::{Serialize, de::DeserializeOwned};
use store_knowledge::knowledge_runs::Run;
use utoipa::ToSchema;

/// A run without progress for this long is considered lost.
const LOST_AFTER_MS: i64 = 2 * MINUTE;

/// The state of a run.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case", as = KnowledgeRunState)]
pub enum RunState {
    /// It is running.
    Running,
    /// It is finished.
    Done,
    /// It failed: the draft was changed repeatedly, or the program ended.
    Failed,
}

/// The progress of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnowledgeRunProgress)]
pub struct Progress {
    /// The run's id.
    pub id: KnowledgeRunId,
    /// The revision of the draft that it tries.
    pub revision: i64,
    /// The version that was live.
    pub version: i64,
    /// `running`, `done` or `failed`.
    #[schema(value_type = RunState)]
    pub state: String,
    /// Lines tried so far.
    pub done: i64,
    /// Lines in all.
    pub total: i64,
    /// When it began.
    pub created_at: Ts,
    /// How long it has taken so far, in milliseconds.
    pub took_ms: i64,
}

impl Progress {
    /// The progress of a run at `now`.
    pub fn of(run: &Run, now: Ts) -> Self {
        let Run { id, of: _, revision, version, state: _, done, total, result: _, created_at, updated_at } = run;
        let (id, revision, version, done, total) = (*id, *revision, *version, *done, *total);
        Self { id, revision, version, state: state_of(run, now).to_owned(), done, total, created_at: *created_at, took_ms: updated_at.since(*created_at) }
    }
}

/// The state of a run at `now`: one that is lost has failed.
pub fn state_of(run: &Run, now: Ts) -> &str {
    if is_lost(run, now) { "failed" } else { &run.state }
}

fn is_lost(run: &Run, now: Ts) -> bool {
    run.state == "running" && now.since(run.updated_at) > LOST_AFTER_MS
}

/// Reads the result of a run.
///
/// # Errors
/// If it is not in the form in which this kind of run writes it.
pub fn read<T: DeserializeOwned>(json: &str) -> store::Result<T> {
    serde_json::from_str(json).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())))
}

/// Begins a run over `total` lines; [`super::work`] does the rest.
///
/// # Errors
/// [`Code::KnowledgeCheckRunning`] if another of this kind is running.
pub async fn begin(tx: &mut Tx, tenant: TenantId, of: RunOf, id: KnowledgeRunId, total: i64) -> store::Result<Run> {
    let now = tx.now();
    if store_knowledge::knowledge_runs::latest(tx, tenant, of).await?.is_some_and(|run| run.state == "running" && !is_lost(&run, now)) {
        return Err(Refusal::new(Code::KnowledgeCheckRunning).into());
    }
    let state = store_knowledge::knowledge_drafts::state(tx, tenant).await?;
    let (revision, version) = (state.revision, state.version);
    let run = Run { id, of, revision, version, state: "running".into(), done: 0, total, result: None, created_at: now, updated_at: now };
    store_knowledge::knowledge_runs::insert(tx, tenant, &run).await?;
    Ok(run)
}

/// Records how far a run has got.
pub(super) async fn note(db: &Db, tenant: TenantId, run: Run) -> store::Result<()> {
    let run = Run { updated_at: Ts(db.now().0.max(run.updated_at.0)), ..run };
    db.writer().write(Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { store_knowledge::knowledge_runs::update(tx, tenant, &run).await })).await
}
