//! To whom a conversation may be handed over.

pub mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Its endpoints.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_colleagues))
}
