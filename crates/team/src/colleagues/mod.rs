//! The agents and queues to which a conversation can be transferred.

pub mod list;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_colleagues))
}
