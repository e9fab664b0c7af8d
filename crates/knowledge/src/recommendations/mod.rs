//! Recommendations as managers see them: whether they are shown, what was learned, and how good it is.

pub mod get;
pub mod learn;
pub mod update;
mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_recommendation_overview, update::update_recommendations)).routes(routes!(learn::learn_recommendations))
}
