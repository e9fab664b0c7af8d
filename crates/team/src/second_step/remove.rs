//! `DELETE /api/v1/me/second-step`: removes two-step verification.

use axum::extract::State;
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::prove;
use crate::sign_in::proved;

/// Removes the caller's authenticator app and recovery codes; passkeys stay.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`). It is refused (409 `second_step_required`) if the company requires a second
/// step of the caller's role and they have no passkey.
#[utoipa::path(delete, path = "/me/second-step", tag = "me", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "Only the first step is asked for from now on"), Problems))]
pub async fn remove_my_second_step(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    prove::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = actor.oneself().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            store::second_steps::remove(tx, tenant, agent).await?;
            refuse_none(tx, tenant, agent).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Refuses to leave a member without a second step if the company requires one of them. Called in the transaction that removes one.
pub(crate) async fn refuse_none(tx: &mut db::Tx, tenant: TenantId, agent: AgentId) -> Result<(), Fault> {
    let has_app = store::second_steps::find(tx, tenant, agent).await?.is_some_and(|found| found.confirmed_at.is_some());
    let has_passkey = !store::passkeys::list(tx, tenant, agent).await?.is_empty();
    if has_app || has_passkey || !proved::is_required(tx, tenant, agent).await? {
        return Ok(());
    }
    Err(Problem::conflict(Code::SecondStepRequired, "your company requires a second step: set up another one first").into())
}
