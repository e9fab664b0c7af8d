//! `POST /api/v1/departments`

use axum::{extract::State, http::StatusCode};
use domain::{
    department::{Department, Tree},
    entry::Changed,
    id::DepartmentId,
    policy::OverPeople,
    staff,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::departments::Size;
use utoipa::ToSchema;

use super::view::DepartmentView;

/// A department to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Customer service", "parent": "dep_00000000000000000000000000000000"}))]
pub struct NewDepartment {
    /// The name shown to staff, 1 to 40 characters, unique beside its siblings.
    pub name: String,
    /// The department it is part of; omitted for one at the top.
    #[serde(default)]
    pub parent: Option<DepartmentId>,
}

/// Adds a department, at most six levels deep.
#[utoipa::path(post, path = "/departments", tag = "departments", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(OnceHeader), request_body = NewDepartment,
    responses((status = 201, body = DepartmentView), Problems))]
pub async fn create_department(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewDepartment>) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let NewDepartment { name, parent } = new;
    let (tenant, name) = (actor.tenant(), staff::name(&name)?);
    let department = Department { id: DepartmentId::new(app.env().uuid()), parent, name, updated_at: app.env().now() };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let all = store::departments::list(tx, tenant).await?;
            Tree::of(&all).check(&department).map_err(Problem::from)?;
            store::departments::insert(tx, tenant, &department).await?;
            if parent.is_some() {
                store::reach::begin_departments_anew(tx, tenant).await?;
            }
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &DepartmentView::new(department, Size::default()))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_department_needs_a_name_of_its_own_in_its_place() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/departments", json!({"name": " 客户服务 "})).await.expect(201);
        assert_eq!((&made["name"], &made["parent"]), (&json!("客户服务"), &Value::Null));
        mira.post("/api/v1/departments", json!({"name": "客戶服務"})).await.problem_at(409, "department_name_taken", "name");
        mira.post("/api/v1/departments", json!({"name": "客户服务", "parent": made["id"]})).await.expect(201);
        for name in ["", "  ", "a\nb", &"长".repeat(41)] {
            mira.post("/api/v1/departments", json!({"name": name})).await.problem_at(422, "invalid_value", "name");
        }
        app.agent("ada").await.post("/api/v1/departments", json!({"name": "x"})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_department_is_part_of_one_of_its_company_and_not_too_far_down() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Manager, "bob").await.post("/api/v1/departments", json!({"name": "x"})).await.expect(201);
        mira.post("/api/v1/departments", json!({"name": "x", "parent": foreign["id"]})).await.problem_at(422, "invalid_value", "parent");
        let mut parent = Value::Null;
        for level in 1..=6 {
            parent = mira.post("/api/v1/departments", json!({"name": level.to_string(), "parent": parent})).await.expect(201)["id"].clone();
        }
        mira.post("/api/v1/departments", json!({"name": "7", "parent": parent})).await.problem_at(409, "departments_too_deep", "parent");
    }
}
