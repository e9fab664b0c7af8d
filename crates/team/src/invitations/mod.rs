//! Many invitations at once, from a file or a pasted list: shown first, then sent a few at a time.

pub mod create;
pub mod preview;
pub mod sheet;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview::preview_invitations)).routes(routes!(create::invite_members))
}
