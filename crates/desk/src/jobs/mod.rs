//! Jobs that act on conversations without a request.

pub mod answer_as_bot;
pub mod forget_refusals;
pub mod forget_uploads;
pub mod hear_danger;
pub mod keep_leases;
pub mod practise;
pub mod route_waiting;
pub mod simulated_customer;
pub mod sweep_conversations;
pub mod tell_places;
pub mod watch_waits;

use std::time::Duration;

use http_kit::{
    App,
    schedule::{by_one, every, follow},
};

/// Starts them. The bot's turns come from the hub, and the server starts [`answer_as_bot`] with them.
pub(crate) fn start(app: &App) {
    app.background().spawn(tell_places::run(app.clone()));
    follow(app, hear_danger::FOLLOWER, hear_danger::EVERY, |app, fed| async move { hear_danger::take(&app, fed).await });
    every(app, Duration::from_secs(3600), |app| async move { Ok(forget_refusals::step(&app).await?) });
    every(app, Duration::from_secs(3600), |app| async move { forget_uploads::step(&app).await });
    app.background().spawn(keep_leases::run(app.clone()));
    by_one(app, Duration::from_secs(2), |app| async move { route_waiting::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { practise::step(&app).await });
    by_one(app, Duration::from_secs(5), |app| async move { watch_waits::step(&app).await });
    by_one(app, Duration::from_secs(5), |app| async move { sweep_conversations::step(&app).await });
}
