//! Does the erasures that were begun, and repeats those that a backup undid.

pub mod erase;
pub mod repeat;
pub mod retain;

use std::time::Duration;

use http_kit::{
    App,
    schedule::{by_one, every},
};

use crate::archive;

/// Starts them.
pub(crate) fn start(app: &App) {
    every(app, Duration::from_secs(3600), |app| async move { archive::forget_old(&app).await });
    by_one(app, Duration::from_secs(1), |app| async move { erase::step(&app).await });
    by_one(app, Duration::from_secs(600), |app| async move { retain::step(&app).await });
}
