//! Serving customers: conversations, left messages, files and canned replies.

pub mod alerts;
pub mod canned_replies;
pub mod conversations;
pub mod files;
pub mod jobs;
pub mod left_messages;

use http_kit::App;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(alerts::router())
        .merge(canned_replies::router())
        .merge(files::router())
        .merge(conversations::router())
        .merge(left_messages::router())
}
