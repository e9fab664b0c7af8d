//! `DELETE /api/v1/single-sign-on`

use axum::extract::State;
use domain::{entry::Changed, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Removes the connection to the company's identity provider. Members sign in with their password or a one-time link from then on; sessions go on.
#[utoipa::path(delete, path = "/single-sign-on", tag = "single_sign_on", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "There is no single sign-on any more"), Problems))]
pub async fn remove_single_sign_on(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetUpSingleSignOn)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::single_sign_on::delete(tx, tenant).await?;
            tx.announce(Changed::Settings).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}
