//! What customers say of the service, in one list with who takes care of it: left messages, and ratings with words.

pub mod list;
pub mod update_rating;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_feedback)).routes(routes!(update_rating::update_rating_comment))
}
