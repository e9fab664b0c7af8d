//! Background jobs: those of each context, and those of the node. Each is a function that performs one step; [`start`] schedules them.

use std::time::Duration;

use connect::jobs::{forget_deliveries, send_webhooks};
use desk::jobs::{
    answer_as_bot, forget_refusals, forget_uploads, hear_danger, keep_leases, practise, route_waiting, sweep_conversations, tell_places, watch_waits,
};
use domain::job::JobKind;
use hall::jobs::{forget_dead_jobs, forget_goods, forget_messages, join_visitors, send_letters};
use http_kit::{
    App,
    audit::{note_refusals, retention, witness},
    auth::raise_signs,
    schedule::{by_one, every, follow, work_off},
};
use insight::jobs::{feed_panel, hand_over_events, store_response_times, verify_days};
use knowledge::jobs::{fit_gates, learn_recommendations, note_unanswered};
use operator::jobs::count_messages;
use privacy::{
    archive,
    jobs::{erase, retain},
};
use realtime::{
    hub::BotTurn,
    jobs::{end_expired_sockets, flush_marks, follow_others, join_cluster},
};
use tokio::sync::mpsc;

/// Starts all jobs; they end before the record is closed.
pub fn start(app: &App, turns: mpsc::Receiver<BotTurn>) {
    let background = app.background();
    background.spawn(warm_up(app.clone()));
    background.spawn(answer_as_bot::run(app.clone(), turns));
    background.spawn(feed_panel::run(app.clone()));
    if let Some(outside) = app.editions().outside() {
        background.spawn(hand_over_events::run(app.clone(), outside.clone()));
    }
    background.spawn(verify_days::run(app.clone()));
    if app.settings().database_url.is_some() {
        background.spawn(follow_others::run(app.node().clone()));
        every(app, Duration::from_secs(1), |app| async move { join_cluster::step(&app).await });
    }
    background.spawn(tell_places::run(app.clone()));
    follow(app, hear_danger::FOLLOWER, hear_danger::EVERY, |app, fed| async move { hear_danger::take(&app, fed).await });
    follow(app, note_unanswered::FOLLOWER, note_unanswered::EVERY, |app, fed| async move { note_unanswered::take(&app, fed).await });
    follow(app, learn_recommendations::FOLLOWER, learn_recommendations::EVERY, |app, fed| async move { learn_recommendations::take(&app, fed).await });
    follow(app, count_messages::FOLLOWER, count_messages::EVERY, |app, fed| async move { count_messages::take(&app, fed).await });
    background.spawn(fit_gates::run(app.clone()));
    background.spawn(learn_recommendations::run(app.clone()));
    background.spawn(send_webhooks::run(app.clone()));
    // It ends by itself: letters that are being sent when the program stops have a moment.
    tokio::spawn(work_off(app.clone(), JobKind::Letter, |app, job| async move { send_letters::send(&app, &job).await }));
    every(app, Duration::from_secs(3600), |app| async move { forget_deliveries::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { forget_dead_jobs::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { forget_goods::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { Ok(forget_refusals::step(&app).await?) });
    every(app, Duration::from_secs(3600), |app| async move { forget_uploads::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { archive::forget_old(&app).await });
    every(app, Duration::from_secs(600), |app| async move {
        forget_idle(&app);
        Ok(())
    });
    // Each node does this for itself: its marks, its response times, its agents, its sockets, its files.
    every(app, Duration::from_secs(60), |app| async move { forget_messages::step(&app).await });
    every(app, Duration::from_secs(1), |app| async move { flush_marks::step(&app).await });
    every(app, Duration::from_secs(5), |app| async move { store_response_times::step(&app).await });
    background.spawn(keep_leases::run(app.clone()));
    every(app, Duration::from_secs(60), |app| async move { end_expired_sockets::step(&app).await });
    every(app, Duration::from_secs(1), |app| async move { end_expired_sockets::end_suspended(&app).await });
    every(app, Duration::from_secs(2), |app| async move { count_messages::learn(&app).await });
    every(app, Duration::from_secs(2), |app| async move { note_refusals::note(&app).await });
    every(app, Duration::from_secs(5), |app| async move { raise_signs::raise(&app).await });
    every(app, Duration::from_secs(30), |app| async move { witness::step(&app).await });
    every(app, Duration::from_secs(6 * 3600), |app| async move { retention::step(&app).await });
    // It is enough if one node does this. Two at once, or a takeover midway, do no harm: closures check again under their locks, a bot's answer has an id that
    // is derived from the question, and what has expired is deleted once.
    by_one(app, Duration::from_secs(2), |app| async move { route_waiting::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { join_visitors::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { practise::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { erase::step(&app).await });
    by_one(app, Duration::from_secs(600), |app| async move { retain::step(&app).await });
    by_one(app, Duration::from_secs(5), |app| async move { watch_waits::step(&app).await });
    by_one(app, Duration::from_secs(5), |app| async move { sweep_conversations::step(&app).await });
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
