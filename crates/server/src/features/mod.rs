//! The resources, a folder each, a file per endpoint.

pub mod canned_replies;
pub mod colleagues;
pub mod conversations;
pub mod events;
pub mod files;
pub mod hall;
pub mod me;
pub mod panel;
pub mod sign_in;
pub mod sites;
pub mod webhooks;
pub mod widget_sessions;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// All endpoints under `/api/v1`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(hall::router())
        .merge(sites::router())
        .merge(sign_in::router())
        .merge(me::router())
        .merge(canned_replies::router())
        .merge(colleagues::router())
        .merge(files::router())
        .merge(conversations::router())
        .merge(panel::router())
        .merge(webhooks::router())
        .merge(events::router())
        .merge(widget_sessions::router())
}
