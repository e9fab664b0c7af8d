//! Keeps this node's index of what was said.

pub mod index_lines;

use std::time::Duration;

use http_kit::{App, schedule::every};

/// How often to look for companies that are gone, and for words that are to leave the disk.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// Starts them, on each node: each has an index of its own.
pub(crate) fn start(app: &App) {
    app.background().spawn(index_lines::run(app.clone()));
    every(app, FORGET_EVERY, |app| async move { index_lines::forget(&app).await });
}
