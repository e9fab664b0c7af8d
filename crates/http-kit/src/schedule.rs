//! Schedules background work: steps at intervals, followers of the feed, and jobs that outlive the process.

use std::{collections::HashMap, panic::AssertUnwindSafe, time::Duration};

use db::{Shard, feed::Fed};
use domain::{id::TenantId, job::JobKind, time::SECOND};
use futures_util::FutureExt as _;
use service::follow::Follower;
use store::jobs::TakenJob;
use tokio::{
    task::{self, JoinSet},
    time::Instant,
};
use uuid::Uuid;

use crate::App;

/// The time limit of a step: one that takes longer is waiting for something that does not respond.
const STEP_WITHIN: Duration = Duration::from_secs(60);

/// Runs a step on the leading node only. Two at once, or a takeover midway, must do no harm.
pub fn by_one<F>(app: &App, period: Duration, step: impl Fn(App) -> F + Send + Sync + 'static)
where
    F: Future<Output = store::Result<()>> + Send,
{
    let step = std::sync::Arc::new(step);
    every(app, period, move |app| {
        let step = step.clone();
        async move { if app.cluster().leads() { step(app).await } else { Ok(()) } }
    });
}

/// Runs a step at intervals; one that fails is tried again.
pub fn every<F>(app: &App, period: Duration, step: impl Fn(App) -> F + Send + 'static)
where
    F: Future<Output = store::Result<()>> + Send,
{
    let background = app.background();
    let app = app.clone();
    background.spawn(async move {
        let mut tick = tokio::time::interval(period);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let _ = in_time("a job", step(app.clone())).await;
        }
    });
}

/// Runs a step of background work, and logs why it did not succeed: the next one tries again. Returns whether it did.
pub async fn in_time(what: &str, step: impl Future<Output = store::Result<()>>) -> bool {
    match tokio::time::timeout(STEP_WITHIN, AssertUnwindSafe(step).catch_unwind()).await {
        Ok(Ok(Ok(()))) => return true,
        Ok(Ok(Err(error))) => tracing::warn!(error = %error, "{what} failed and will be tried again"),
        Ok(Err(_)) => tracing::error!("{what} panicked and will be tried again"),
        Err(_) => tracing::warn!("{what} took too long and will be tried again"),
    }
    false
}

/// How often followers look whether much has come: the newest entries are read once for all of them, but not kept for long.
const HURRY: Duration = Duration::from_millis(200);

/// Hands the entries of the feed to a follower, on the leading node.
pub fn follow<F>(app: &App, name: &'static str, period: Duration, take: impl Fn(App, Vec<Fed>) -> F + Send + Sync + 'static)
where
    F: Future<Output = store::Result<bool>> + Send,
{
    let background = app.background();
    let app = app.clone();
    background.spawn(async move {
        let (mut follower, what) = (Follower::new(name), format!("the follower {name}"));
        let mut tick = tokio::time::interval(period.min(HURRY));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut next, mut went_well) = (Instant::now(), true);
        loop {
            tick.tick().await;
            // What failed is tried again in its own time.
            let is_hurried = async || went_well && follower.is_hurried(app.db(), app.cluster().generation()).await;
            if !app.cluster().leads() || Instant::now() < next && !is_hurried().await {
                continue;
            }
            next = Instant::now() + period.saturating_sub(HURRY / 2);
            let step = follower.step(app.db(), app.cluster().generation(), |fed| take(app.clone(), fed));
            went_well = in_time(&what, step).await;
        }
    });
}

/// How often to look for jobs that are due.
const LOOK_FOR_JOBS: Duration = Duration::from_millis(500);
/// How long one attempt may take, beginning with the taking of the job; the node has it for a little longer, to note what became of it.
const ATTEMPT_WITHIN: Duration = Duration::from_secs(25);
const LEASE_MS: i64 = 30 * SECOND;
/// Jobs are done one after the other, so that a killed process has few that are done again; but those that take longer are not waited for.
const PATIENCE: Duration = Duration::from_millis(100);
/// How many jobs of a kind a node does at most at the same time. A company may have half of them: one that has many does not make the others wait.
const AT_ONCE: usize = 16;

/// How an attempt failed.
#[derive(Debug, Clone, Copy)]
pub struct Failed {
    /// The code that is kept.
    pub code: &'static str,
    /// Whether trying again is no use.
    pub is_hopeless: bool,
}

/// Does the jobs of a kind that are due, those of one lane one after the other. A node that stops takes no more, and has a moment for those it has. What a killed
/// process did last may be done again, and nothing else.
pub async fn work_off<F>(app: App, kind: JobKind, attempt: impl Fn(App, TakenJob) -> F + Clone + Send + Sync + 'static)
where
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let mut ending = app.background().ending();
    if app.settings().database_url.is_none()
        && let Err(error) = store::entry_points::release_jobs(app.db()).await
    {
        tracing::warn!(error = %error, "what an earlier process was doing waits until its time is over");
    }
    let mut doing = Doing::default();
    loop {
        let has_room = doing.all.len() < AT_ONCE && !app.cluster().is_draining();
        let next = if has_room { take(&app, kind, doing.with_most()).await } else { Ok(None) };
        let patience = match next {
            Ok(Some(taken)) => {
                doing.begin(&app, taken, attempt.clone());
                PATIENCE
            }
            Ok(None) => LOOK_FOR_JOBS,
            Err(error) => {
                tracing::warn!(error = %error, "jobs could not be taken and will be tried again");
                LOOK_FOR_JOBS
            }
        };
        tokio::select! {
            Some(()) = doing.end_of_one() => {}
            () = tokio::time::sleep(patience) => {}
            () = ending.begins() => break,
        }
    }
    while doing.end_of_one().await.is_some() {}
}

/// The jobs that a node is doing.
#[derive(Default)]
struct Doing {
    all: JoinSet<()>,
    /// The company of each.
    companies: HashMap<task::Id, Uuid>,
}

impl Doing {
    /// The company that has its half.
    fn with_most(&self) -> Option<Uuid> {
        let companies = || self.companies.values();
        companies().find(|one| companies().filter(|other| other == one).count() >= AT_ONCE / 2).copied()
    }

    fn begin<F>(&mut self, app: &App, taken: Taken, attempt: impl Fn(App, TakenJob) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        let (app, tenant) = (app.clone(), taken.job.tenant_id);
        let begun = self.all.spawn(async move {
            let id = taken.job.id;
            if let Err(error) = try_job(&app, taken, &attempt).await {
                tracing::warn!(error = %error, job.id = %id, "what became of a job could not be noted, so it will be done again");
            }
        });
        self.companies.insert(begun.id(), tenant);
    }

    /// Waits until one has ended, in whatever way; `None` if there are none.
    async fn end_of_one(&mut self) -> Option<()> {
        let id = self.all.join_next_with_id().await?.map_or_else(|error| error.id(), |(id, ())| id);
        self.companies.remove(&id);
        Some(())
    }
}

/// A job that a node has.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The job.
    pub job: TakenJob,
    /// The node.
    pub node: Uuid,
    /// When the attempt must have ended.
    pub until: Instant,
}

/// Takes the job that has been due for longest, of any company but one.
async fn take(app: &App, kind: JobKind, but: Option<Uuid>) -> store::Result<Option<Taken>> {
    let (node, begun) = (app.cluster().this().id, Instant::now());
    let take = store::entry_points::take_job(app.db(), kind, node, app.env().now().plus(LEASE_MS), but);
    let job = tokio::time::timeout(STEP_WITHIN, take).await.map_err(|_| db::Error::Silent)??;
    Ok(job.map(|job| Taken { job, node, until: begun + ATTEMPT_WITHIN }))
}

/// Tries a job, and notes what became of it. A panic is a failed attempt as well: a job that always panics must not keep its lane for ever.
pub async fn try_job<F>(app: &App, taken: Taken, attempt: &(impl Fn(App, TakenJob) -> F + Sync)) -> store::Result<()>
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    let Taken { job, node, until } = taken;
    let attempt = AssertUnwindSafe(async { attempt(app.clone(), job.clone()).await }).catch_unwind();
    let failed = match tokio::time::timeout_at(until, attempt).await {
        Ok(Ok(done)) => done.err(),
        Ok(Err(_)) => Some(Failed { code: "panicked", is_hopeless: false }),
        Err(_) => Some(Failed { code: "timeout", is_hopeless: false }),
    };
    if let Some(failed) = &failed {
        tracing::warn!(job.id = %job.id, job.kind = job.kind, job.code = failed.code, "a job failed");
    }
    let tenant = TenantId::new(job.tenant_id);
    // Noted later, it is still right: whoever has the job by then is not this node.
    let write = app.db().writer().write_patiently(Shard::Any, move |tx| {
        let job = job.clone();
        Box::pin(async move {
            match failed {
                None => store::jobs::finish(tx, tenant, job.id, node).await,
                Some(Failed { code, is_hopeless }) => store::jobs::fail(tx, tenant, &job, node, code, is_hopeless).await,
            }
        })
    });
    write.await
}
