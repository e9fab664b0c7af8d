//! The warehouse: its jobs, what feeds what, and the days that were checked or counted again.

pub mod get;
pub mod recount;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_warehouse)).routes(routes!(recount::recount_day))
}
