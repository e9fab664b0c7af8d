//! Jobs that act on goods, visitors and letters without a request.

pub mod forget_dead_jobs;
pub mod forget_goods;
pub mod forget_messages;
pub mod join_visitors;
pub mod send_letters;

use std::time::Duration;

use domain::job::JobKind;
use http_kit::{
    App,
    schedule::{by_one, every, work_off},
};

/// Starts them.
pub(crate) fn start(app: &App) {
    // It ends by itself: letters that are being sent when the program stops have a moment.
    tokio::spawn(work_off(app.clone(), JobKind::Letter, |app, job| async move { send_letters::send(&app, &job).await }));
    every(app, Duration::from_secs(3600), |app| async move { forget_dead_jobs::step(&app).await });
    every(app, Duration::from_secs(3600), |app| async move { forget_goods::step(&app).await });
    every(app, Duration::from_secs(60), |app| async move { forget_messages::step(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { join_visitors::step(&app).await });
}
