//! Visitors from whom the company takes nothing: blocked by who serves them, listed and lifted by who serves everybody.

pub mod block;
pub mod lift;
pub mod list;
mod stories;
pub mod unblock;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(block::block_visitor, unblock::unblock_visitor))
        .routes(routes!(list::list_visitor_blocks))
        .routes(routes!(lift::lift_visitor_block))
}
