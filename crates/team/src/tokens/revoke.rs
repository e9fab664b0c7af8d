//! `DELETE /api/v1/tokens/{id}`

use axum::extract::State;
use domain::{id::ApiTokenId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::TokenView;

/// Revokes a token.
///
/// From then on it is refused; its connections are closed on every node, and the program gives back the conversations it was serving.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", security(("staff" = [])), params(("id" = ApiTokenId, Path), OnceHeader),
    responses((status = 204, description = "The token opens nothing any more"), Problems))]
pub async fn revoke_token(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ApiTokenId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    let (tenant, by) = (actor.tenant(), actor.staff.name.clone());
    let revoked = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = TokenView::new(store::api_tokens::get(tx, tenant, id).await?, None, tx.now());
            let revoked = store::api_tokens::revoke(tx, tenant, id, &by).await?;
            tx.note_change(&before, &TokenView::new(revoked, None, tx.now()));
            Ok(Answer::nothing())
        })
    });
    revoked.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_revoked_token_opens_nothing_and_stays_listed() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let new = json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["own"]}]});
        let made = tara.post("/api/v1/tokens", new).await.expect(201);
        let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        app.manager("mira").await.delete(&path).await.problem(403, "not_permitted");
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        app.with_token(made["secret"].as_str().unwrap()).get("/api/v1/me").await.problem(401, "token_revoked");
        let listed = tara.get("/api/v1/tokens").await.expect(200)["items"][0].clone();
        assert_eq!((&listed["state"], &listed["revoked_by"], &listed["revoked_at"]), (&json!("revoked"), &json!("tara"), &json!(app.env().now())));
    }
}
