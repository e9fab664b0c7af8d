//! Everything that happens in a company, one event after the other, for programs that keep up by themselves.

pub mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Its endpoint.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_events))
}
