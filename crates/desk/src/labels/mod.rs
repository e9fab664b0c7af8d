//! Labels, with which agents say what a conversation is about.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_labels, create::create_label)).routes(routes!(update::update_label, delete::delete_label))
}
