//! Background jobs: those of each context, and those of the node. Each is a function that performs one step; [`start`] schedules them.

use std::{panic::AssertUnwindSafe, time::Duration};

use db::{Shard, feed::Fed};
use domain::{id::TenantId, job::JobKind, time::SECOND};
use futures_util::FutureExt as _;
use http_kit::App;
use realtime::{
    hub::BotTurn,
    jobs::{end_expired_sockets, flush_marks, follow_others, join_cluster},
};
use service::follow::Follower;
use tokio::sync::mpsc;

use crate::features::{
    connect::jobs::{forget_deliveries, send_webhooks},
    desk::jobs::{answer_as_bot, forget_refusals, forget_uploads, hear_danger, keep_leases, route_waiting, sweep_conversations, tell_places},
    hall::jobs::{
        forget_goods, forget_messages, join_visitors,
        send_letters::{self, Failed},
    },
    insight::jobs::{feed_panel, hand_over_events, store_response_times, verify_days},
    knowledge::jobs::{fit_gates, learn_recommendations, note_unanswered},
};

/// The time limit of a step: one that takes longer is waiting for something that does not respond.
const STEP_WITHIN: Duration = Duration::from_secs(60);

/// Starts all jobs; they end with the program.
pub fn start(app: &App, turns: mpsc::Receiver<BotTurn>) {
    tokio::spawn(warm_up(app.clone()));
    tokio::spawn(answer_as_bot::run(app.clone(), turns));
    tokio::spawn(feed_panel::run(app.clone()));
    if let Some(outside) = app.editions().outside() {
        tokio::spawn(hand_over_events::run(app.clone(), outside.clone()));
    }
    tokio::spawn(verify_days::run(app.clone()));
    if app.settings().database_url.is_some() {
        tokio::spawn(follow_others::run(app.node().clone()));
        every(app, Duration::from_secs(1), |app| async move { join_cluster::step(&app).await });
    }
    tokio::spawn(tell_places::run(app.clone()));
    follow(app, hear_danger::FOLLOWER, hear_danger::EVERY, |app, fed| async move { hear_danger::take(&app, fed).await });
    follow(app, note_unanswered::FOLLOWER, note_unanswered::EVERY, |app, fed| async move { note_unanswered::take(&app, fed).await });
    follow(app, learn_recommendations::FOLLOWER, learn_recommendations::EVERY, |app, fed| async move { learn_recommendations::take(&app, fed).await });
    tokio::spawn(fit_gates::run(app.clone()));
    tokio::spawn(learn_recommendations::run(app.clone()));
    tokio::spawn(send_webhooks::run(app.clone()));
    tokio::spawn(work_off(app.clone()));
    every(app, Duration::from_secs(3600), |app| async move { forget_deliveries::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { forget_goods::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { Ok(forget_refusals::step(&app).await?) });
    every(app, Duration::from_secs(3600), |app| async move { forget_uploads::step(&app).await });
    every(app, Duration::from_secs(600), |app| async move {
        forget_idle(&app);
        Ok(())
    });
    // Each node does this for itself: its marks, its response times, its agents, its sockets, its files.
    every(app, Duration::from_secs(60), |app| async move { forget_messages::step(&app).await });
    every(app, Duration::from_secs(1), |app| async move { flush_marks::step(&app).await });
    every(app, Duration::from_secs(5), |app| async move { store_response_times::step(&app).await });
    tokio::spawn(keep_leases::run(app.clone()));
    every(app, Duration::from_secs(60), |app| async move { end_expired_sockets::step(&app).await });
    // It is enough if one node does this. Two at once, or a takeover midway, do no harm: closures check again under their locks, a bot's answer has an id that
    // is derived from the question, and what has expired is deleted once.
    by_one(app, Duration::from_secs(2), |app| async move { route_waiting::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { join_visitors::step(&app).await });
    by_one(app, Duration::from_secs(5), |app| async move { sweep_conversations::step(&app).await });
    by_one(app, Duration::from_secs(10), |app| async move { service::work::note(app.db(), app.env().now()).await });
}

/// Runs a step on the leading node only.
fn by_one<F>(app: &App, period: Duration, step: impl Fn(App) -> F + Send + Sync + 'static)
where
    F: Future<Output = store::Result<()>> + Send,
{
    let step = std::sync::Arc::new(step);
    every(app, period, move |app| {
        let step = step.clone();
        async move { if app.cluster().leads() { step(app).await } else { Ok(()) } }
    });
}

/// How often to look for jobs that are due, and how long one attempt may take; a node has a job for a little longer.
const LOOK_FOR_JOBS: Duration = Duration::from_millis(500);
const ATTEMPT_WITHIN: Duration = Duration::from_secs(25);
const LEASE_MS: i64 = 30 * SECOND;

/// Does the jobs that are due until the program ends, one after the other: what a killed process sent last may be sent again, and nothing else.
async fn work_off(app: App) {
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
            match AssertUnwindSafe(do_one_job(&app)).catch_unwind().await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => break,
                Ok(Err(error)) => {
                    tracing::warn!(error = %error, "jobs could not be done and will be tried again");
                    break;
                }
                Err(_) => {
                    tracing::error!("a job panicked and will be tried again");
                    break;
                }
            }
        }
    }
}

/// Does the job that has been due for longest; returns whether there was one.
pub async fn do_one_job(app: &App) -> store::Result<bool> {
    let node = app.cluster().this().id;
    let until = app.env().now().plus(LEASE_MS);
    let Some(job) = store::entry_points::take_job(app.db(), JobKind::Letter, node, until).await? else { return Ok(false) };
    let failed = match tokio::time::timeout(ATTEMPT_WITHIN, send_letters::send(app, &job)).await {
        Ok(sent) => sent.err(),
        Err(_) => Some(Failed { code: "timeout", is_hopeless: false }),
    };
    if let Some(failed) = &failed {
        tracing::warn!(job.id = %job.id, job.kind = job.kind, job.code = failed.code, "a job failed");
    }
    let write = app.db().writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            match failed {
                None => store::jobs::finish(tx, TenantId::new(job.tenant_id), job.id, node).await,
                Some(Failed { code, is_hopeless }) => store::jobs::fail(tx, &job, node, code, is_hopeless).await,
            }
        })
    });
    write.await.map(|()| true)
}

/// Hands the entries of the feed to a follower, on the leading node.
fn follow<F>(app: &App, name: &'static str, period: Duration, take: impl Fn(App, Vec<Fed>) -> F + Send + Sync + 'static)
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

/// Frees what is kept in memory for companies without recent requests.
fn forget_idle(app: &App) {
    let now = app.env().now();
    app.catalogues().forget_idle(now);
    app.bots().forget_idle(now);
}

/// Trains the bots of the first companies before anybody asks them; the others are trained at their first question.
async fn warm_up(app: App) {
    const COMPANIES: usize = 8;
    let tenants = store::entry_points::tenants(app.db()).await.unwrap_or_default();
    for tenant in tenants.into_iter().take(COMPANIES) {
        if let Err(error) = app.bots().of(app.db(), tenant).await {
            tracing::warn!(error = %error, "a bot could not be trained");
        }
    }
}

fn every<F>(app: &App, period: Duration, step: impl Fn(App) -> F + Send + 'static)
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
