//! `GET /api/v1/groups`

use axum::{Json, extract::State};
use domain::policy::OverPeople;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::GroupView;

/// A company's groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct Groups {
    /// Sorted by name.
    pub items: Vec<GroupView>,
}

/// Lists groups.
#[utoipa::path(get, path = "/groups", tag = "groups", security(("staff" = [])), responses((status = 200, body = Groups), Problems))]
pub async fn list_groups(State(app): State<App>, actor: StaffActor) -> Result<Json<Groups>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    let groups = store::groups::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(Groups { items: groups.into_iter().map(|(group, members)| GroupView::new(group, members)).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn groups_come_with_how_many_belong_to_them() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for name in ["b", "a"] {
            mira.post("/api/v1/groups", json!({"name": name})).await.expect(201);
        }
        let group = mira.get("/api/v1/groups").await.expect(200)["items"][0]["id"].clone();
        mira.post("/api/v1/staff", json!({"email": "x@y", "name": "x", "role": "agent", "group": group})).await.expect(201);
        let listed = mira.get("/api/v1/groups").await.expect(200);
        let rows: Vec<_> = listed["items"].as_array().unwrap().iter().map(|row| (row["name"].clone(), row["members"].clone())).collect();
        assert_eq!(rows, [(json!("a"), json!(1)), (json!("b"), json!(0))]);
        let beta = app.other_company("beta").await;
        assert_eq!(app.staff_of(&beta, Role::Manager, "bob").await.get("/api/v1/groups").await.expect(200)["items"], json!([]));
        app.agent("ada").await.get("/api/v1/groups").await.problem(403, "not_permitted");
    }
}
