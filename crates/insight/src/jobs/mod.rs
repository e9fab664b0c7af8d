//! Jobs that keep the numbers up to date.

mod directory;
pub mod feed_panel;
pub mod hand_over_events;
pub mod rebuild;
pub mod store_response_times;
pub mod verify_days;

use std::time::Duration;

use http_kit::{App, schedule::every};

/// Starts them.
pub(crate) fn start(app: &App) {
    let background = app.background();
    background.spawn(feed_panel::run(app.clone()));
    if let Some(outside) = app.editions().outside() {
        background.spawn(hand_over_events::run(app.clone(), outside.clone()));
    }
    background.spawn(verify_days::run(app.clone()));
    every(app, Duration::from_secs(5), |app| async move { store_response_times::step(&app).await });
}
