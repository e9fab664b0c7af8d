//! `PATCH /api/v1/groups/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{DepartmentId, GroupId},
    policy::OverPeople,
    revision::Revision,
    staff,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::groups::Group;
use utoipa::ToSchema;

use super::{name_taken, view::GroupView};
use crate::departments::department_unknown;

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Billing and contracts", "seen": 1764547200000_i64}))]
pub struct GroupChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// The department it is to belong to, with its members; `null` for none.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<DepartmentId>)]
    pub department: Option<Option<DepartmentId>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Renames a group or moves it to another department, unless somebody else has changed it in the meantime.
#[utoipa::path(patch, path = "/groups/{id}", tag = "groups", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(("id" = GroupId, Path), OnceHeader),
    request_body = GroupChange, responses((status = 200, body = GroupView), Problems))]
pub async fn update_group(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<GroupId>,
    OnceJson(once, change): OnceJson<GroupChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let GroupChange { name, department, seen } = change;
    let (tenant, name, now) = (actor.tenant(), name.map(|name| staff::name(&name)).transpose()?, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::groups::get(tx, tenant, id).await?;
            let updated_at = Revision(before.updated_at).next(now);
            let group = Group { id, name: name.unwrap_or_else(|| before.name.clone()), department: department.unwrap_or(before.department), updated_at };
            store::groups::update(tx, tenant, &group, seen).await.map_err(Fault::if_taken(name_taken))?;
            if group.department != before.department {
                if let Some(department) = group.department {
                    store::departments::get(tx, tenant, department).await.map_err(Fault::if_not_found(department_unknown))?;
                }
                store::groups::move_members(tx, tenant, &group).await?;
                store::reach::begin_departments_anew(tx, tenant).await?;
            }
            tx.announce(Changed::People).await?;
            let members = store::groups::members(tx, tenant, id).await?;
            let view = GroupView::new(group, members);
            tx.note_change(&GroupView::new(before, members), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_group_is_renamed_unless_somebody_was_faster() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        mira.post("/api/v1/groups", json!({"name": "taken"})).await.expect(201);
        let made = mira.post("/api/v1/groups", json!({"name": "old"})).await.expect(201);
        let path = format!("/api/v1/groups/{}", made["id"].as_str().unwrap());
        mira.patch(&path, json!({"name": "taken", "seen": made["updated_at"]})).await.problem_at(409, "group_name_taken", "name");
        let renamed = mira.patch(&path, json!({"name": "new", "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(renamed["name"], "new");
        mira.patch(&path, json!({"name": "other", "seen": made["updated_at"]})).await.problem(409, "conflict");
        mira.patch(&path, json!({"name": "", "seen": renamed["updated_at"]})).await.problem_at(422, "invalid_value", "name");
    }
}
