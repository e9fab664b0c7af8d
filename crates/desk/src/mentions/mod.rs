//! The notes that call whoever asks.

pub mod list;
pub mod see;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_mentions)).routes(routes!(see::see_mentions))
}
