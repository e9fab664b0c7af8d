//! Background jobs: those of the features, and those of the node. Each is a function that performs one step; [`start`] schedules them.

use std::time::Duration;

use desk::jobs::answer_as_bot;
use http_kit::{
    App,
    audit::{note_refusals, retention, witness},
    auth::raise_signs,
    schedule::{by_one, every},
};
use realtime::{
    hub::BotTurn,
    jobs::{end_expired_sockets, flush_marks, follow_others, join_cluster},
};
use tokio::sync::mpsc;

use crate::features;

/// Starts all jobs; they end before the record is closed.
pub fn start(app: &App, turns: mpsc::Receiver<BotTurn>) {
    let background = app.background();
    background.spawn(warm_up(app.clone()));
    background.spawn(answer_as_bot::run(app.clone(), turns));
    if app.settings().database_url.is_some() {
        background.spawn(follow_others::run(app.node().clone()));
        every(app, Duration::from_secs(1), |app| async move { join_cluster::step(&app).await });
    }
    for feature in features::ALL {
        (feature.jobs)(app);
    }
    every(app, Duration::from_secs(600), |app| async move {
        forget_idle(&app);
        Ok(())
    });
    // Each node does this for itself: its marks, its sockets, its part of the audit.
    every(app, Duration::from_secs(1), |app| async move { flush_marks::step(&app).await });
    every(app, Duration::from_secs(60), |app| async move { end_expired_sockets::step(&app).await });
    every(app, Duration::from_secs(1), |app| async move { end_expired_sockets::end_suspended(&app).await });
    every(app, Duration::from_secs(2), |app| async move { note_refusals::note(&app).await });
    every(app, Duration::from_secs(5), |app| async move { raise_signs::raise(&app).await });
    every(app, Duration::from_secs(30), |app| async move { witness::step(&app).await });
    every(app, Duration::from_secs(6 * 3600), |app| async move { retention::step(&app).await });
    by_one(app, Duration::from_secs(10), |app| async move { service::work::note(app.db(), app.env().now()).await });
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
        match app.bots().of(app.db(), tenant).await {
            Ok(_) | Err(service::bots::Error::Stopped(_)) => {}
            Err(error) => tracing::warn!(error = %error, "a bot could not be trained"),
        }
    }
}
