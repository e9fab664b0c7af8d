//! `DELETE /api/v1/webhooks/{id}`

use axum::extract::State;
use domain::{id::WebhookId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Removes an endpoint with its secret and its deliveries; nothing more is sent to it.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), OnceHeader),
    responses((status = 204, description = "The endpoint was deleted"), Problems))]
pub async fn delete_webhook(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<WebhookId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::table::webhooks::delete(tx, tenant, id).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn an_endpoint_is_removed_once_with_all_that_belongs_to_it() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/webhooks", json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]})).await.expect(201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        tara.delete(&path).await.problem(404, "not_found");
        tara.get(&format!("{path}/deliveries?state=dead")).await.problem(404, "not_found");
        assert_eq!(tara.get("/api/v1/webhooks").await.expect(200)["items"], json!([]));
    }
}
