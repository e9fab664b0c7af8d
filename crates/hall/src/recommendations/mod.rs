//! What is recommended to a visitor, and what the visitor allows to be noted for it.

pub mod choose;
pub mod get;
pub mod look;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_recommendations)).routes(routes!(choose::choose_recommendations)).routes(routes!(look::note_view))
}
