//! The signed-in member of staff.

pub mod change_password;
pub mod get;
pub mod set_state;
pub mod today;
pub mod view;
pub mod viewed_role;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::get_me))
        .routes(routes!(set_state::set_my_state))
        .routes(routes!(change_password::change_my_password))
        .routes(routes!(today::get_my_today))
        .routes(routes!(viewed_role::look_as_role, viewed_role::look_as_oneself))
}
