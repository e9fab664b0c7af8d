//! The company's own settings.

pub mod get;
pub mod update;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_company, update::update_company))
}
