//! What goes on beside requests.

pub mod count_messages;

use std::time::Duration;

use http_kit::{
    App,
    schedule::{every, follow},
};

/// Starts it.
pub(crate) fn start(app: &App) {
    follow(app, count_messages::FOLLOWER, count_messages::EVERY, |app, fed| async move { count_messages::take(&app, fed).await });
    every(app, Duration::from_secs(2), |app| async move { count_messages::learn(&app).await });
}
