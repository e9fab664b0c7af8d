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
    Ok(Json(SignInRules { second_step_for: store::second_steps::required_roles(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await? }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn administrators_read_them_and_at_first_nothing_is_required() {
        let app = TestApp::new().await;
        assert_eq!(app.staff(Role::Administrator, "tara").await.get("/api/v1/sign-in-rules").await.expect(200), json!({"second_step_for": []}));
        app.agent("ada").await.get("/api/v1/sign-in-rules").await.problem(403, "not_permitted");
    }
}
