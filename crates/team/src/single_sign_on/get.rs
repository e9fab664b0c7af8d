//! `GET /api/v1/single-sign-on`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::SingleSignOnSetUp;
use crate::sign_in::single_sign_on::redirect_uri;

/// Returns the connection to the company's identity provider, and what has to be entered there.
#[utoipa::path(get, path = "/single-sign-on", tag = "single_sign_on", security(("staff" = [])), responses((status = 200, body = SingleSignOnSetUp), Problems))]
pub async fn get_single_sign_on(State(app): State<App>, actor: StaffActor) -> Result<Json<SingleSignOnSetUp>, Problem> {
    actor.require(Permission::SetUpSingleSignOn)?;
    let found = store::single_sign_on::find(&mut app.db().read().await?, actor.tenant()).await?;
    Ok(Json(SingleSignOnSetUp { redirect_uri: redirect_uri(&app), connection: found.map(Into::into) }))
}
