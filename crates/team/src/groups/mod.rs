//! Groups of members of staff.

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
    OpenApiRouter::new().routes(routes!(list::list_groups, create::create_group)).routes(routes!(update::update_group, delete::delete_group))
}

fn name_taken() -> Problem {
    Problem { field: Some("name".to_owned()), ..Problem::conflict(Code::GroupNameTaken, "another group already has this name") }
}
