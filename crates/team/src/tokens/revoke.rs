//! `DELETE /api/v1/tokens/{id}`

use axum::extract::State;
use domain::{id::ApiTokenId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Revokes a token.
///
/// From then on it is refused; its connections are closed on every node, and the program gives back the conversations it was serving.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", security(("staff" = [])), params(("id" = ApiTokenId, Path), OnceHeader),
    responses((status = 204, description = "The token opens nothing any more"), Problems))]
pub async fn revoke_token(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ApiTokenId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    let (tenant, by) = (actor.tenant(), actor.staff.name.clone());
    let revoked = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::api_tokens::revoke(tx, tenant, id, &by).await?;
            Ok(Answer::nothing())
        })
    });
    revoked.await
}
