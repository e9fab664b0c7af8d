//! Customers as the staff find, see and keep them.

pub mod create;
mod fields;
pub mod get;
pub mod label;
pub mod list;
pub mod merge;
pub mod reveal;
pub mod timeline;
pub mod undo_merge;
pub mod update;
mod view;

use domain::{
    id::CustomerId,
    policy::{OverConversations, Staff},
};
use http_kit::{App, auth::StaffActor, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::table::listed::{self, Known};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_customers, create::create_customer))
        .routes(routes!(get::get_customer_profile, update::update_customer_profile))
        .routes(routes!(label::label_customer))
        .routes(routes!(timeline::list_customer_timeline))
        .routes(routes!(reveal::reveal_customer_contacts))
        .routes(routes!(merge::merge_customer, undo_merge::undo_customer_merge))
}

/// Whoever serves conversations sees the customers of those that they may read, and so does whoever only reads.
fn permit(actor: &StaffActor) -> Result<(), Problem> {
    if actor.staff.grants.holds(OverConversations::Desk) {
        return Ok(());
    }
    actor.may(OverConversations::Read).map(drop)
}

/// A customer whom the member may see.
///
/// # Errors
/// [`store::Error::NotFound`] if there is no such customer, or it is none of the member's.
async fn seen(tx: &mut db::Tx, staff: &Staff, id: CustomerId) -> store::Result<Known> {
    listed::one(tx, staff.tenant, staff, id).await?.ok_or(store::Error::NotFound)
}
