//! Connections to other systems: webhooks and the events feed.

pub mod callout;
pub mod events;
pub mod jobs;
pub mod table;
pub mod webhooks;

use http_kit::{App, feature::Feature};
use utoipa_axum::router::OpenApiRouter;

/// What the server collects.
pub const FEATURE: Feature = Feature { routes: router, jobs: jobs::start };

/// The routes of this module.
fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(webhooks::router()).merge(events::router())
}
