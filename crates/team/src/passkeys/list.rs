//! `GET /api/v1/me/passkeys`: the caller's passkeys.

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PasskeyView;

/// The caller's passkeys.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyPasskeys {
    /// The passkeys, the oldest first.
    pub items: Vec<PasskeyView>,
}

/// Lists the caller's passkeys.
#[utoipa::path(get, path = "/me/passkeys", tag = "me", security(("staff" = [])), responses((status = 200, body = MyPasskeys), Problems))]
pub async fn list_my_passkeys(State(app): State<App>, actor: StaffActor) -> Result<Json<MyPasskeys>, Problem> {
    let passkeys = store::passkeys::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), actor.staff.agent).await?;
    Ok(Json(MyPasskeys { items: passkeys.into_iter().map(PasskeyView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::passkeys::device::add_passkey;

    #[tokio::test]
    async fn everybody_sees_their_own() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        for name in ["Phone", "Laptop"] {
            add_passkey(&app, &ada, name).await;
        }
        let listed = ada.get("/api/v1/me/passkeys").await.expect(200);
        let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, [json!("Phone"), json!("Laptop")]);
        assert!(listed["items"][0].get("credential").is_none());
        assert_eq!(eve.get("/api/v1/me/passkeys").await.expect(200), json!({"items": []}));
        app.get("/api/v1/me/passkeys").await.problem(401, "not_signed_in");
    }
}
