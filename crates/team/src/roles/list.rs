//! `GET /api/v1/roles`

use axum::{Json, extract::State};
use domain::{
    policy::{Grants, OverPeople, Permission, may_give},
    staff::Role,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{PermissionView, RoleView, permissions};

/// The roles of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// The built-in ones, then those that the company composed, by name.
    pub items: Vec<RoleView>,
    /// Of what roles are composed.
    pub permissions: Vec<PermissionView>,
}

/// Lists the roles: for those who give them to members, and for those who compose them.
#[utoipa::path(get, path = "/roles", tag = "roles", security(("staff" = [])), responses((status = 200, body = Roles), Problems))]
pub async fn list_roles(State(app): State<App>, actor: StaffActor) -> Result<Json<Roles>, Problem> {
    if !actor.staff.grants.holds(OverPeople::Manage) {
        actor.require(Permission::ManageRoles)?;
    }
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let mut members = store::roles::count_members(&mut tx, actor.tenant()).await?;
    let composed = store::roles::list(&mut tx, actor.tenant()).await?;
    let mut count = |role: Role| members.remove(role.text().as_ref()).unwrap_or_default();
    let mut items: Vec<RoleView> =
        Role::BUILT_IN.into_iter().map(|role| RoleView::built_in(role, count(role), may_give(&actor.staff, Grants::of(role)))).collect();
    items.extend(composed.into_iter().map(|role| {
        let (members, may_give) = (count(Role::Composed(role.id)), may_give(&actor.staff, role.grants));
        RoleView::composed(role, members, may_give)
    }));
    Ok(Json(Roles { items, permissions: permissions() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_gives_roles_sees_what_each_holds_and_which_they_may_give() {
        let app = TestApp::new().await;
        let (mira, tara) = (app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        app.agent("ada").await.get("/api/v1/roles").await.problem(403, "not_permitted");
        let made = tara
            .post("/api/v1/roles", json!({"name": "夜班", "grants": [{"permission": "desk", "reach": ["own", "queue"]}], "hides": ["phone"]}))
            .await
            .expect(201);
        let given =
            |roles: &Value| roles["items"].as_array().unwrap().iter().filter(|row| row["may_give"] == true).map(|row| row["id"].clone()).collect::<Vec<_>>();
        let seen = mira.get("/api/v1/roles").await.expect(200);
        // The manager sees all contacts, so may give what hides some.
        assert_eq!(given(&seen), ["agent", "senior_agent", "supervisor", "knowledge_editor", "account_manager", made["id"].as_str().unwrap()]);
        let all = tara.get("/api/v1/roles").await.expect(200);
        assert_eq!((given(&all).len(), &all["items"][6]["members"], &all["items"][8]["hides"]), (9, &json!(1), &json!(["phone"])));
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/roles").await.expect(200);
        assert_eq!(foreign["items"].as_array().unwrap().len(), 8);
    }
}
