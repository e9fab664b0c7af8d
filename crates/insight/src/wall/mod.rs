//! The wall: a page for a screen that is read from across the room, and the links that open it there without sign-in.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_wall))
        .routes(routes!(list::list_wall_links, create::create_wall_link))
        .routes(routes!(delete::delete_wall_link))
}
