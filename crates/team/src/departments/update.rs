//! `PATCH /api/v1/departments/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    department::{Department, Tree},
    entry::Changed,
    id::DepartmentId,
    policy::OverPeople,
    revision::Revision,
    staff,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::DepartmentView;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Customer service, south", "parent": null, "seen": 1764547200000_i64}))]
pub struct DepartmentChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// The department it is to be part of, with everything below it; `null` for the top.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<DepartmentId>)]
    pub parent: Option<Option<DepartmentId>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Renames a department or moves it, unless somebody else has changed it in the meantime. It cannot become part of itself.
#[utoipa::path(patch, path = "/departments/{id}", tag = "departments", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(("id" = DepartmentId, Path), OnceHeader),
    request_body = DepartmentChange, responses((status = 200, body = DepartmentView), Problems))]
pub async fn update_department(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<DepartmentId>,
    OnceJson(once, change): OnceJson<DepartmentChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let DepartmentChange { name, parent, seen } = change;
    let (tenant, name, now) = (actor.tenant(), name.map(|name| staff::name(&name)).transpose()?, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::departments::get(tx, tenant, id).await?;
            let size = store::departments::size(tx, tenant, id).await?;
            let (old, updated_at) = (DepartmentView::new(before.clone(), size), Revision(before.updated_at).next(now));
            let after = Department { id, parent: parent.unwrap_or(before.parent), name: name.unwrap_or(before.name), updated_at };
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            let all = store::departments::list(tx, tenant).await?;
            Tree::of(&all).check(&after).map_err(Problem::from)?;
            store::departments::update(tx, tenant, &after, seen).await?;
            if after.parent != before.parent {
                store::reach::begin_departments_anew(tx, tenant).await?;
            }
            tx.announce(Changed::People).await?;
            let view = DepartmentView::new(after, size);
            tx.note_change(&old, &view);
            Answer::json(StatusCode::OK, &view)
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
    async fn a_department_is_renamed_and_moved_but_never_below_itself() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let add = async |name: &str, parent: &Value| mira.post("/api/v1/departments", json!({"name": name, "parent": parent})).await.expect(201);
        let care = add("care", &Value::Null).await;
        let north = add("north", &care["id"]).await;
        let path = |of: &Value| format!("/api/v1/departments/{}", of["id"].as_str().unwrap());
        for to in [&care["id"], &north["id"]] {
            mira.patch(&path(&care), json!({"parent": to, "seen": care["updated_at"]})).await.problem_at(409, "department_circle", "parent");
        }
        let unchanged = mira.get("/api/v1/departments").await.expect(200)["items"][0].clone();
        assert_eq!((&unchanged["parent"], &unchanged["updated_at"]), (&Value::Null, &care["updated_at"]));

        let moved = mira.patch(&path(&north), json!({"name": "south", "parent": null, "seen": north["updated_at"]})).await.expect(200);
        assert_eq!((&moved["name"], &moved["parent"]), (&json!("south"), &Value::Null));
        let changed = [("name".to_owned(), json!("north"), json!("south")), ("parent".to_owned(), care["id"].clone(), Value::Null)];
        assert_eq!(app.changed_by("PATCH /api/v1/departments/{id}").await, changed);
        mira.patch(&path(&north), json!({"name": "west", "seen": north["updated_at"]})).await.problem(409, "conflict");
        mira.patch(&path(&north), json!({"name": "Care", "seen": moved["updated_at"]})).await.problem_at(409, "department_name_taken", "name");
        let moved = mira.patch(&path(&care), json!({"parent": north["id"], "seen": care["updated_at"]})).await.expect(200);
        assert_eq!(moved["parent"], north["id"], "what was below it is above it now");
        app.agent("ada").await.patch(&path(&care), json!({"seen": moved["updated_at"]})).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Manager, "bob").await;
        bob.patch(&path(&care), json!({"name": "x", "seen": moved["updated_at"]})).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn of_two_moves_that_would_make_a_circle_one_is_made() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let add = async |name: &str| mira.post("/api/v1/departments", json!({"name": name})).await.expect(201);
        let (one, other) = (add("one").await, add("other").await);
        let path = |of: &Value| format!("/api/v1/departments/{}", of["id"].as_str().unwrap());
        let into = |what: &Value, where_to: &Value| (path(what), json!({"parent": where_to["id"], "seen": what["updated_at"]}));
        let ((first, first_body), (second, second_body)) = (into(&one, &other), into(&other, &one));
        let (a, b) = futures_util::future::join(mira.patch(&first, first_body), mira.patch(&second, second_body)).await;
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 409]);
    }
}
