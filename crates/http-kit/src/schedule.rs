//! Schedules background work: steps at intervals, followers of the feed, and jobs that outlive the process.

use std::{panic::AssertUnwindSafe, time::Duration};

use db::{Shard, feed::Fed};
use domain::{id::TenantId, job::JobKind, time::SECOND};
use futures_util::FutureExt as _;
use service::follow::Follower;
use store::jobs::TakenJob;
use uuid::Uuid;

use crate::App;

/// The time limit of a step: one that takes longer is waiting for something that does not respond.
const STEP_WITHIN: Duration = Duration::from_secs(60);

/// Runs a step on the leading node only.
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
    let app = app.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(period);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let Ok(stepped) = tokio::time::timeout(STEP_WITHIN, AssertUnwindSafe(step(app.clone())).catch_unwind()).await else {
                tracing::warn!("a job took too long and will be tried again");
                continue;
            };
            match stepped {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(error = %error, "a job failed and will be tried again"),
                Err(_) => tracing::error!("a job panicked and will be tried again"),
            }
        }
    });
}

/// Hands the entries of the feed to a follower, on the leading node.
pub fn follow<F>(app: &App, name: &'static str, period: Duration, take: impl Fn(App, Vec<Fed>) -> F + Send + Sync + 'static)
where
    F: Future<Output = store::Result<bool>> + Send,
{
    let app = app.clone();
    tokio::spawn(async move {
        let mut follower = Follower::new(name);
        let mut tick = tokio::time::interval(period);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if !app.cluster().leads() {
                continue;
            }
            let step = follower.step(app.db(), app.cluster().generation(), |fed| take(app.clone(), fed));
            match AssertUnwindSafe(step).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(error = %error, follower = name, "what is new could not be followed and will be tried again"),
                Err(_) => tracing::error!(follower = name, "following panicked and will be tried again"),
            }
        }
    });
}

/// How often to look for jobs that are due, and how long one attempt may take; a node has a job for a little longer.
const LOOK_FOR_JOBS: Duration = Duration::from_millis(500);
const ATTEMPT_WITHIN: Duration = Duration::from_secs(25);
const LEASE_MS: i64 = 30 * SECOND;

/// How an attempt failed.
#[derive(Debug, Clone, Copy)]
pub struct Failed {
    /// The code that is kept.
    pub code: &'static str,
    /// Whether trying again is no use.
    pub is_hopeless: bool,
}

/// Does the jobs of a kind that are due until the program ends, one after the other: what a killed process sent last may be sent again, and nothing else.
pub async fn work_off<F>(app: App, kind: JobKind, attempt: impl Fn(App, TakenJob) -> F + Send + Sync)
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    if app.settings().database_url.is_none()
        && let Err(error) = store::entry_points::release_jobs(app.db()).await
    {
        tracing::warn!(error = %error, "what an earlier process was doing waits until its time is over");
    }
    let mut tick = tokio::time::interval(LOOK_FOR_JOBS);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        loop {
            match do_one_job(&app, kind, &attempt).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = %error, "jobs could not be done and will be tried again");
                    break;
                }
            }
        }
    }
}

/// Does the job that has been due for longest; returns whether there was one.
async fn do_one_job<F>(app: &App, kind: JobKind, attempt: &(impl Fn(App, TakenJob) -> F + Sync)) -> store::Result<bool>
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    let node = app.cluster().this().id;
    let until = app.env().now().plus(LEASE_MS);
    let Some(job) = store::entry_points::take_job(app.db(), kind, node, until).await? else { return Ok(false) };
    try_job(app, node, job, attempt).await.map(|()| true)
}

/// Tries a job that the node has, and notes what became of it. A panic is a failed attempt as well: a job that always panics must not keep its lane for ever.
pub async fn try_job<F>(app: &App, node: Uuid, job: TakenJob, attempt: &(impl Fn(App, TakenJob) -> F + Sync)) -> store::Result<()>
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    let attempt = AssertUnwindSafe(async { attempt(app.clone(), job.clone()).await }).catch_unwind();
    let failed = match tokio::time::timeout(ATTEMPT_WITHIN, attempt).await {
        Ok(Ok(done)) => done.err(),
        Ok(Err(_)) => Some(Failed { code: "panicked", is_hopeless: false }),
        Err(_) => Some(Failed { code: "timeout", is_hopeless: false }),
    };
    if let Some(failed) = &failed {
        tracing::warn!(job.id = %job.id, job.kind = job.kind, job.code = failed.code, "a job failed");
    }
    let tenant = TenantId::new(job.tenant_id);
    let write = app.db().writer().write(Shard::Any, move |tx| {
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
