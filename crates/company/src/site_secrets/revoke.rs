//! `DELETE /api/v1/company/sites/{id}/secrets/{kid}`

use axum::extract::State;
use domain::{entry::Changed, id::SiteId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Revokes a secret: its tokens are refused from now on, and the chats that it signed end.
#[utoipa::path(delete, path = "/company/sites/{id}/secrets/{kid}", tag = "company", security(("staff" = [])),
    params(("id" = SiteId, Path), ("kid" = String, Path), OnceHeader), responses((status = 204, description = "The secret was revoked"), Problems))]
pub async fn revoke_site_secret(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath((id, kid)): ValidPath<(SiteId, String)>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let revoked = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::sites::get(tx, tenant, id).await?;
            store::site_secrets::delete(tx, tenant, id, &kid).await?;
            store::visitors::end_signed_with(tx, tenant, &kid).await?;
            tx.announce(Changed::Settings).await?;
            Ok(Answer::nothing())
        })
    });
    revoked.await
}
