//! Departments of the staff: a tree above its groups.

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
        .routes(routes!(list::list_departments, create::create_department))
        .routes(routes!(update::update_department, delete::delete_department))
}

/// The department that a request names does not exist.
pub fn department_unknown() -> Problem {
    Problem::invalid("department", Code::InvalidValue, "there is no such department")
}
