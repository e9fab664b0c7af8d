//! The events feed: everything that happens in a company, in sequence, for programs that read it at their own pace.

pub mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The route of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_events))
}
