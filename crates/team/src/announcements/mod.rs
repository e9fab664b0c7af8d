//! Announcements: what managers and supervisors tell the staff, and who has read it.

pub mod confirm;
pub mod create;
pub mod list;
pub mod readers;
pub mod view;
pub mod withdraw;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_announcements, create::create_announcement))
        .routes(routes!(withdraw::withdraw_announcement))
        .routes(routes!(readers::list_readers))
        .routes(routes!(confirm::confirm_announcement))
}
