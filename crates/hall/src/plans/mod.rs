//! Plans for staff: those on sale, those not on sale yet, and those no longer on sale.

pub mod change;
pub mod forms;
pub mod list;

use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_plans, change::create_plan))
        .routes(routes!(list::get_plan, change::update_plan, change::delete_plan))
        .routes(routes!(change::restore_plan))
}
