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

/// Refuses a member who asked for an erasure, or who made the token of the program that did: a second person decides.
async fn refuse_own(tx: &mut db::Tx, tenant: TenantId, id: ErasureId, agent: AgentId) -> Result<(), http_kit::fault::Fault> {
    let own = || Problem::conflict(Code::OwnErasure, "somebody else has to confirm what you asked for");
    let asked_by = store_privacy::erasures::get(tx, tenant, id).await?.asked_by;
    let by_own_program = async |tx| {
        let tokens = store::api_tokens::list(tx, tenant).await?;
        Ok::<_, store::Error>(tokens.iter().any(|token| Some(token.program) == asked_by && token.maker == Some(agent)))
    };
    if asked_by == Some(agent) || by_own_program(tx).await? { Err(own().into()) } else { Ok(()) }
}
