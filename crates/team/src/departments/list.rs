//! `GET /api/v1/departments`

use axum::{Json, extract::State};
use domain::policy::OverPeople;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::DepartmentView;

/// A company's departments.
#[derive(Debug, Serialize, ToSchema)]
pub struct Departments {
    /// Sorted by name; each names the one it is part of.
    pub items: Vec<DepartmentView>,
}

/// Lists departments.
#[utoipa::path(get, path = "/departments", tag = "departments", security(("staff" = [])), responses((status = 200, body = Departments), Problems))]
pub async fn list_departments(State(app): State<App>, actor: StaffActor) -> Result<Json<Departments>, Problem> {
    actor.may(OverPeople::Manage)?.anywhere();
    let all = store::departments::list_with_sizes(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(Departments { items: all.into_iter().map(|(department, size)| DepartmentView::new(department, size)).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn departments_come_with_what_belongs_to_them_and_only_those_of_the_company() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let care = mira.post("/api/v1/departments", json!({"name": "care"})).await.expect(201)["id"].clone();
        mira.post("/api/v1/departments", json!({"name": "north", "parent": care})).await.expect(201);
        let group = mira.post("/api/v1/groups", json!({"name": "bills", "department": care})).await.expect(201);
        assert_eq!(group["department"], care);
        mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent", "group": group["id"]})).await.expect(201);
        mira.post("/api/v1/staff", json!({"email": "c@d", "name": "c", "role": "agent", "department": care})).await.expect(201);
        let rows = mira.get("/api/v1/departments").await.expect(200)["items"].clone();
        let shown: Vec<_> = rows.as_array().unwrap().iter().map(|row| (&row["name"], &row["parent"], &row["groups"], &row["members"])).collect();
        assert_eq!(shown, [(&json!("care"), &Value::Null, &json!(1), &json!(2)), (&json!("north"), &care, &json!(0), &json!(0))]);
        let beta = app.other_company("beta").await;
        assert_eq!(app.staff_of(&beta, Role::Manager, "bob").await.get("/api/v1/departments").await.expect(200)["items"], json!([]));
        app.agent("ada").await.get("/api/v1/departments").await.problem(403, "not_permitted");
    }
}
