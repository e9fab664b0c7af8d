//! Left messages, as staff take care of them. They are answered in their conversation, over the real-time protocol.

pub mod list;
pub mod update;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_left_messages)).routes(routes!(update::update_left_message))
}
