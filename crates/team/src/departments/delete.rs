//! `DELETE /api/v1/departments/{id}`

use axum::extract::State;
use domain::{department::Tree, entry::Changed, id::DepartmentId, policy::OverPeople};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::DepartmentView;

/// Deletes a department. The departments, groups and members in it move up to the one it was part of; at the top, they belong to none.
#[utoipa::path(delete, path = "/departments/{id}", tag = "departments", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(("id" = DepartmentId, Path), OnceHeader),
    responses((status = 204, description = "The department was deleted"), Problems))]
pub async fn delete_department(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<DepartmentId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let gone = store::departments::get(tx, tenant, id).await?;
            let all = store::departments::list(tx, tenant).await?;
            Tree::of(&all).check_dissolving(&gone).map_err(Problem::from)?;
            let view = DepartmentView::new(gone.clone(), store::departments::size(tx, tenant, id).await?);
            tx.note_change(&view, &());
            store::departments::dissolve(tx, tenant, &gone).await?;
            store::reach::begin_departments_anew(tx, tenant).await?;
            tx.announce(Changed::People).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_a_deleted_department_held_moves_up() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let add = async |name: &str, parent: &Value| mira.post("/api/v1/departments", json!({"name": name, "parent": parent})).await.expect(201)["id"].clone();
        let care = add("care", &Value::Null).await;
        let north = add("north", &care).await;
        let night = add("night", &north).await;
        let group = mira.post("/api/v1/groups", json!({"name": "bills", "department": north})).await.expect(201)["id"].clone();
        let member = mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent", "group": group})).await.expect(201)["member"].clone();
        assert_eq!(member["department"], north);
        let path = format!("/api/v1/departments/{}", north.as_str().unwrap());
        app.agent("ada").await.delete(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Manager, "bob").await.delete(&path).await.problem(404, "not_found");
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        let rows = mira.get("/api/v1/departments").await.expect(200)["items"].clone();
        let shown: Vec<_> = rows.as_array().unwrap().iter().map(|row| (&row["id"], &row["parent"], &row["groups"], &row["members"])).collect();
        assert_eq!(shown, [(&care, &Value::Null, &json!(1), &json!(1)), (&night, &care, &json!(0), &json!(0))]);
        mira.delete(&path).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn a_department_stays_while_one_of_its_own_would_meet_its_name() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let north = mira.post("/api/v1/departments", json!({"name": "north"})).await.expect(201)["id"].clone();
        mira.post("/api/v1/departments", json!({"name": "sales"})).await.expect(201);
        mira.post("/api/v1/departments", json!({"name": "Sales", "parent": north})).await.expect(201);
        mira.delete(&format!("/api/v1/departments/{}", north.as_str().unwrap())).await.problem_at(409, "department_name_taken", "name");
    }
}
