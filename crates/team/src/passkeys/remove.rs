//! `DELETE /api/v1/me/passkeys/{id}`: removes a passkey.

use axum::extract::State;
use domain::id::PasskeyId;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use crate::second_step::{prove, remove::refuse_none};

/// Removes one of the caller's passkeys; it no longer signs in.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`). It is refused (409 `second_step_required`) if the company requires a second
/// step of the caller's role and this is the last one.
#[utoipa::path(delete, path = "/me/passkeys/{id}", tag = "me", security(("staff" = [])), params(("id" = PasskeyId, Path), OnceHeader),
    responses((status = 204, description = "The passkey no longer signs in"), Problems))]
pub async fn remove_my_passkey(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<PasskeyId>, once: Once) -> Result<Answer, Problem> {
    prove::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = actor.oneself().on(db::Shard::Any).change(&app, once, move |tx| {
        Box::pin(async move {
            store::passkeys::remove(tx, tenant, agent, id).await?;
            refuse_none(tx, tenant, agent).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}
