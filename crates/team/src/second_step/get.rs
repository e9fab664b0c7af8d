//! `GET /api/v1/me/second-step`: whether the caller's sign-in has a second step.

use axum::{Json, extract::State};
use domain::time::Ts;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sign_in::proved;

/// The caller's two-step verification.
#[derive(Debug, Serialize, ToSchema)]
pub struct MySecondStep {
    /// Since when a code of an authenticator app is asked for; `null` if it is not.
    #[schema(required)]
    pub app_since: Option<Ts>,
    /// How many recovery codes are unused.
    pub recovery_codes_left: i64,
    /// Whether the company requires a second step of the caller's role.
    pub required: bool,
}

/// Returns whether the caller's sign-in has a second step.
#[utoipa::path(get, path = "/me/second-step", tag = "me", security(("staff" = [])), responses((status = 200, body = MySecondStep), Problems))]
pub async fn get_my_second_step(State(app): State<App>, actor: StaffActor) -> Result<Json<MySecondStep>, Problem> {
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let mut tx = app.db().read_of(actor.tenant()).await?;
    Ok(Json(MySecondStep {
        app_since: store::second_steps::find(&mut tx, tenant, agent).await?.and_then(|found| found.confirmed_at),
        recovery_codes_left: store::second_steps::recovery_codes_left(&mut tx, tenant, agent).await?,
        required: proved::is_required(&mut tx, tenant, agent).await?,
    }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::set_up;

    #[tokio::test]
    async fn it_says_what_there_is_and_what_is_required() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
        set_up(&app, &ada).await;
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["administrator"]})).await.expect(200);
        let state = async |who: &testkit_app::StaffClient| who.get("/api/v1/me/second-step").await.expect(200);
        assert_eq!(state(&ada).await, json!({"app_since": app.env().now(), "recovery_codes_left": 10, "required": false}));
        assert_eq!(state(&tara).await, json!({"app_since": null, "recovery_codes_left": 0, "required": true}));
    }
}
