//! The events feed: everything that happens in a company, in sequence, for programs that read it at their own pace.

pub mod list;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The route of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_events))
}
