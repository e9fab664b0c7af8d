//! Response times: what pages report of them, and how they developed.

pub mod get;
pub mod report;
mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_response_times, report::report_response_times)).routes(routes!(report::report_site_response_times))
}
