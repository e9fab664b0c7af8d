//! Files that customers and staff send: pictures are stripped of metadata, other files are kept as they are, and files are shown only where that is safe.

pub mod accept;
pub mod download;
pub mod name;
pub mod upload;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload::upload_visitor_file)).routes(routes!(upload::upload_staff_file)).routes(routes!(download::get_file))
}
