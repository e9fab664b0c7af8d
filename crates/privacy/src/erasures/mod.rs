//! Erasures: asked for, confirmed by a second person where the company wants that, and proved.

pub mod ask;
pub mod confirm;
pub mod decline;
pub mod list;
pub mod proof;
pub mod view;

use domain::{
    id::{AgentId, ErasureId, TenantId},
    refusal::Code,
};
use http_kit::{App, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_erasures, ask::ask_for_erasure))
        .routes(routes!(confirm::confirm_erasure))
        .routes(routes!(decline::decline_erasure))
        .routes(routes!(proof::get_erasure_proof))
}

/// Refuses a member who asked for an erasure: a second person decides. Programs cannot ask for what waits for one.
async fn refuse_own(tx: &mut db::Tx, tenant: TenantId, id: ErasureId, agent: AgentId) -> Result<(), http_kit::fault::Fault> {
    let asked_by = store_privacy::erasures::get(tx, tenant, id).await?.asked_by;
    let own = || Problem::conflict(Code::OwnErasure, "somebody else has to confirm what you asked for");
    if asked_by == Some(agent) { Err(own().into()) } else { Ok(()) }
}
