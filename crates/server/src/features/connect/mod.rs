//! Connections to other systems: webhooks and the events feed.

pub mod callout;
pub mod events;
pub mod jobs;
pub mod webhooks;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(webhooks::router()).merge(events::router())
}
