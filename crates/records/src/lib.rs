//! Conversation records: all conversations that a member may read, found by what was said in them, by people, time and outcome.

pub mod jobs;
mod lines;
pub mod records;
pub mod table;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    records::router()
}
