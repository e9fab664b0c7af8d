//! The company's own settings.

pub mod first_steps;
pub mod get;
pub mod update;
pub mod usage;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_company, update::update_company))
        .routes(routes!(first_steps::get_first_steps))
        .routes(routes!(usage::get_company_use))
}
