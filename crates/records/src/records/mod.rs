//! Records as staff search them.

pub mod export;
pub mod get;
pub mod list;
mod query;
mod view;

use domain::policy::OverConversations;
use http_kit::{App, auth::actor::StaffActor, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_records))
        .routes(routes!(get::get_record))
        .routes(routes!(export::export_records_as_table))
        .routes(routes!(export::export_records_for_programs))
}

/// Whoever serves conversations looks at those that they may read, and so does whoever only reads.
fn permit(actor: &StaffActor) -> Result<(), Problem> {
    if actor.staff.grants.holds(OverConversations::Desk) {
        return Ok(());
    }
    actor.may(OverConversations::Read).map(drop)
}
