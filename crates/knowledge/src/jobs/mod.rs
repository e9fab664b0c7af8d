//! Jobs that act on the knowledge without a request.

pub mod fit_gates;
pub mod learn_recommendations;
pub mod note_unanswered;

use http_kit::{App, schedule::follow};

/// Starts them.
pub(crate) fn start(app: &App) {
    follow(app, note_unanswered::FOLLOWER, note_unanswered::EVERY, |app, fed| async move { note_unanswered::take(&app, fed).await });
    follow(app, learn_recommendations::FOLLOWER, learn_recommendations::EVERY, |app, fed| async move { learn_recommendations::take(&app, fed).await });
    app.background().spawn(fit_gates::run(app.clone()));
    app.background().spawn(learn_recommendations::run(app.clone()));
}
