//! Jobs that send events to other systems and clean up afterwards.

pub mod forget_deliveries;
pub mod send_webhooks;

use std::time::Duration;

use http_kit::{App, schedule::every};

/// Starts them.
pub(crate) fn start(app: &App) {
    app.background().spawn(send_webhooks::run(app.clone()));
    every(app, Duration::from_secs(3600), |app| async move { forget_deliveries::step(&app).await });
}
