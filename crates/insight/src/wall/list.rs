//! `GET /api/v1/wall-links`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::WallLinkView;

/// A company's wall links.
#[derive(Debug, Serialize, ToSchema)]
pub struct WallLinks {
    /// Oldest first.
    pub items: Vec<WallLinkView>,
}

/// Lists the links that open the wall.
#[utoipa::path(get, path = "/wall-links", tag = "wall", security(("staff" = [])), responses((status = 200, body = WallLinks), Problems))]
pub async fn list_wall_links(State(app): State<App>, actor: StaffActor) -> Result<Json<WallLinks>, Problem> {
    actor.require(Permission::ManageWalls)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let items = store::wall_links::list(&mut tx, actor.tenant()).await?.into_iter().map(WallLinkView::from).collect();
    Ok(Json(WallLinks { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn each_company_sees_its_own_links() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for name in ["one", "two"] {
            mira.post("/api/v1/wall-links", json!({"name": name})).await.expect(201);
        }
        let names: Vec<_> = mira.get("/api/v1/wall-links").await.expect(200)["items"].as_array().unwrap().iter().map(|link| link["name"].clone()).collect();
        assert_eq!(names, ["one", "two"].map(|name| json!(name)));
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/wall-links").await.expect(200)["items"], json!([]));
        app.agent("ada").await.get("/api/v1/wall-links").await.problem(403, "not_permitted");
    }
}
