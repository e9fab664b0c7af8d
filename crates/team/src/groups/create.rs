//! `POST /api/v1/groups`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{DepartmentId, GroupId},
    policy::OverPeople,
    staff,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::groups::Group;
use utoipa::ToSchema;

use super::{name_taken, view::GroupView};
use crate::departments::department_unknown;

/// A group to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Billing"}))]
pub struct NewGroup {
    /// The name shown to staff, 1 to 40 characters, unique among the company's groups.
    pub name: String,
    /// The department it belongs to.
    #[serde(default)]
    pub department: Option<DepartmentId>,
}

/// Adds a group.
#[utoipa::path(post, path = "/groups", tag = "groups", security(("staff" = [])),
    extensions(("x-announces" = json!("people_changed"))), params(OnceHeader), request_body = NewGroup,
    responses((status = 201, body = GroupView), Problems))]
pub async fn create_group(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewGroup>) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.everywhere()?;
    let name = staff::name(&new.name)?;
    let (tenant, department) = (actor.tenant(), new.department);
    let group = Group { id: GroupId::new(app.env().uuid()), name, department, updated_at: app.env().now() };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if let Some(department) = department {
                store::departments::get(tx, tenant, department).await.map_err(Fault::if_not_found(department_unknown))?;
            }
            store::groups::insert(tx, tenant, &group).await.map_err(Fault::if_taken(name_taken))?;
            if department.is_some() {
                store::reach::begin_departments_anew(tx, tenant).await?;
            }
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &GroupView::new(group, 0))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_name_is_one_groups_only() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/groups", json!({"name": " 账单组 "})).await.expect(201);
        assert_eq!((&made["name"], &made["members"]), (&json!("账单组"), &json!(0)));
        mira.post("/api/v1/groups", json!({"name": "账单组"})).await.problem_at(409, "group_name_taken", "name");
        for name in ["", "  ", "a\nb", &"长".repeat(41)] {
            mira.post("/api/v1/groups", json!({"name": name})).await.problem_at(422, "invalid_value", "name");
        }
        app.agent("ada").await.post("/api/v1/groups", json!({"name": "x"})).await.problem(403, "not_permitted");
    }
}
