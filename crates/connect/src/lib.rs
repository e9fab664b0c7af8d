//! Connections to other systems: webhooks and the events feed.

pub mod callout;
pub mod events;
pub mod jobs;
pub mod webhooks;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(webhooks::router()).merge(events::router())
}
