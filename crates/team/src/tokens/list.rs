//! `GET /api/v1/tokens`

use std::collections::HashMap;

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TokenView;

/// A company's tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiTokens)]
pub struct Tokens {
    /// The newest first. Revoked ones are listed for 30 days.
    pub items: Vec<TokenView>,
}

/// Lists the tokens of programs.
#[utoipa::path(get, path = "/tokens", tag = "tokens", security(("staff" = [])), responses((status = 200, body = Tokens), Problems))]
pub async fn list_tokens(State(app): State<App>, actor: StaffActor) -> Result<Json<Tokens>, Problem> {
    actor.require(Permission::ManageTokens)?;
    let (mut tx, tenant) = (app.db().snapshot_of(actor.tenant()).await?, actor.tenant());
    let overlaps: HashMap<_, _> = store::api_tokens::overlaps(&mut tx, tenant).await?.into_iter().collect();
    let now = tx.now();
    let all = store::api_tokens::list(&mut tx, tenant).await?;
    let items = all.into_iter().map(|token| (overlaps.get(&token.id).copied(), token)).map(|(until, token)| TokenView::new(token, until, now)).collect();
    Ok(Json(Tokens { items }))
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
        tara.post("/api/v1/tokens", json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["own"]}]})).await.expect(201);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/tokens").await.expect(200), json!({"items": []}));
        app.manager("mira").await.get("/api/v1/tokens").await.problem(403, "not_permitted");
    }
}
