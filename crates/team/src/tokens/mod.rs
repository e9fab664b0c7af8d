//! Tokens of programs.

pub mod create;
pub mod list;
pub mod new_token;
pub mod revoke;
pub mod rotate;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_tokens, create::create_token)).routes(routes!(revoke::revoke_token)).routes(routes!(rotate::rotate_token))
}
