//! Serving customers: conversations, feedback, files, labels and canned replies; the floor of those who lead, and practice.

pub mod alerts;
pub mod canned_replies;
pub mod conversations;
pub mod feedback;
pub mod files;
pub mod floor;
pub mod jobs;
pub mod labels;
pub mod left_messages;
pub mod macros;
pub mod mentions;
mod own_words;
pub mod practice;
mod stories;
pub mod visitor_blocks;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(alerts::router())
        .merge(canned_replies::router())
        .merge(feedback::router())
        .merge(files::router())
        .merge(floor::router())
        .merge(conversations::router())
        .merge(labels::router())
        .merge(left_messages::router())
        .merge(macros::router())
        .merge(mentions::router())
        .merge(practice::router())
        .merge(visitor_blocks::router())
}
