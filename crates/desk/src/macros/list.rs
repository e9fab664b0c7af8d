//! `GET /api/v1/macros`

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Known, view::MacroView};

/// The macros of whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Macros {
    /// Everybody's and one's own, in the order in which they were added.
    pub items: Vec<MacroView>,
}

/// Lists macros: everybody's, and those of whoever asks.
#[utoipa::path(get, path = "/macros", tag = "canned_replies", security(("staff" = [])), responses((status = 200, body = Macros), Problems))]
pub async fn list_macros(State(app): State<App>, actor: StaffActor) -> Result<Json<Macros>, Problem> {
    let tenant = actor.tenant();
    let mut tx = app.db().read_of(tenant).await?;
    let found = store_desk::macros::of_member(&mut tx, tenant, actor.staff.agent).await?;
    let known = Known::read(&mut tx, tenant).await?;
    Ok(Json(Macros { items: found.into_iter().map(|one| MacroView::of(one, &known)).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn one_s_own_macros_are_seen_by_nobody_else_and_what_is_gone_is_named() {
        let app = TestApp::new().await;
        let (root, mira, ada, eve) = (app.staff(Role::Administrator, "root").await, app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let label = root.post("/api/v1/labels", json!({"name": {"zh": "退费", "en": "Refund"}, "colour": "ok"})).await.expect(201);
        let acts = json!([{"type": "label", "label": label["id"]}, {"type": "resolve"}]);
        let shared = mira.post("/api/v1/macros", json!({"name": {"zh": "一"}, "own": false, "acts": acts})).await.expect(201);
        let own = ada.post("/api/v1/macros", json!({"name": {"zh": "二"}, "own": true, "acts": [{"type": "resolve"}]})).await.expect(201);
        assert_eq!(ada.get("/api/v1/macros").await.expect(200)["items"], json!([shared, own]));
        assert_eq!(eve.get("/api/v1/macros").await.expect(200)["items"], json!([shared]));
        assert_eq!((&shared["acts"][0]["name"]["en"], &shared["gone"]), (&json!("Refund"), &json!(null)));
        let path = format!("/api/v1/labels/{}", label["id"].as_str().unwrap());
        root.patch(&path, json!({"archived": true, "seen": label["updated_at"]})).await.expect(200);
        assert_eq!(eve.get("/api/v1/macros").await.expect(200)["items"][0]["gone"]["en"], "Refund");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/macros").await.expect(200)["items"], json!([]));
    }
}
