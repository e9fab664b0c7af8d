//! The self-service hall.

pub mod get;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_hall))
}
