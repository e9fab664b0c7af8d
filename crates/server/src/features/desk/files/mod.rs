//! Files that customers and staff send: pictures without what they tell beside their pixels, all else as it came; shown only where that is safe.

pub mod accept;
pub mod arrivals;
pub mod download;
pub mod image_size;
pub mod name;
pub mod sniff;
pub mod strip;
pub mod upload;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload::upload_visitor_file)).routes(routes!(upload::upload_staff_file)).routes(routes!(download::get_file))
}
