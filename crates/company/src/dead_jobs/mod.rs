//! Work that was given up, such as letters that could not be sent: what it was, and what to do with it.

pub mod discard;
pub mod list;
pub mod retry;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_dead_jobs)).routes(routes!(retry::retry_dead_job)).routes(routes!(discard::discard_dead_job))
}
