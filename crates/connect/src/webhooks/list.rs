//! `GET /api/v1/webhooks`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::WebhookView;

/// A company's webhook endpoints.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhooks {
    /// Oldest first.
    pub items: Vec<WebhookView>,
}

/// Lists the endpoints, with how many deliveries are pending for each and how many were given up.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", security(("staff" = [])), responses((status = 200, body = Webhooks), Problems))]
pub async fn list_webhooks(State(app): State<App>, actor: StaffActor) -> Result<Json<Webhooks>, Problem> {
    actor.require(Permission::Integrations)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let mut items = Vec::new();
    for webhook in crate::table::webhooks::list(&mut tx, actor.tenant()).await? {
        items.push(WebhookView::read(&mut tx, actor.tenant(), webhook).await?);
    }
    Ok(Json(Webhooks { items }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn each_company_sees_its_own() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/webhooks").await.expect(200), json!({"items": []}));
        app.agent("ada").await.get("/api/v1/webhooks").await.problem(403, "not_permitted");
    }
}
