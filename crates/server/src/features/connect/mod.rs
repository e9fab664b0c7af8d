//! Other systems: webhooks and the feed of events.

pub mod callout;
pub mod events;
pub mod jobs;
pub mod webhooks;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(webhooks::router()).merge(events::router())
}
