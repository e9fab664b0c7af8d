//! Lessons about the program: which of them the caller has finished, and which those whom the caller manages have.

pub mod export;
pub mod finish;
pub mod list;
pub mod team;
pub mod view;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_lessons))
        .routes(routes!(finish::finish_lesson))
        .routes(routes!(team::list_team_lessons))
        .routes(routes!(export::export_team_lessons))
}
