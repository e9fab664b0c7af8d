//! The self-service hall.

pub mod get;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_hall))
}
