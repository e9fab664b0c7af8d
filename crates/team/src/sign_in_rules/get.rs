//! `GET /api/v1/sign-in-rules`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::SignInRules;

/// Returns what the company requires of a sign-in.
#[utoipa::path(get, path = "/sign-in-rules", tag = "company", security(("staff" = [])), responses((status = 200, body = SignInRules), Problems))]
pub async fn get_sign_in_rules(State(app): State<App>, actor: StaffActor) -> Result<Json<SignInRules>, Problem> {
    actor.require(Permission::Settings)?;
    Ok(Json(SignInRules { second_step_for: store::second_steps::required_roles(&mut app.db().read().await?, actor.tenant()).await? }))
}
