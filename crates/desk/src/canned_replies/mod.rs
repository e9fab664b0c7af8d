//! Canned replies, which an agent inserts with `/shortcode`.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use domain::refusal::Code;
use http_kit::{App, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_canned_replies, create::create_canned_reply))
        .routes(routes!(update::update_canned_reply, delete::delete_canned_reply))
}

fn shortcode_taken() -> Problem {
    Problem { field: Some("shortcode".to_owned()), ..Problem::conflict(Code::CannedReplyShortcodeTaken, "another canned reply has this shortcode") }
}
