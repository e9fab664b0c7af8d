//! `PATCH /api/v1/roles/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::RoleId,
    policy::{Contact, Grant, Permission},
    revision::Revision,
    staff::Role,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::roles::ComposedRole;
use utoipa::ToSchema;

use super::{NewRole, checked, name_taken, require_covered, view::RoleView};

/// A composed role as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The name staff see.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub about: String,
    /// What its members may do: nothing that the maker may not.
    pub grants: Vec<Grant>,
    /// The contacts of customers that are masked for its members.
    #[serde(default)]
    pub hides: Vec<Contact>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes a composed role, unless somebody else has changed it in the meantime. Its members hold within a second what it holds now.
#[utoipa::path(patch, path = "/roles/{id}", tag = "roles", security(("staff" = [])), params(("id" = Role, Path), OnceHeader),
    request_body = RoleChange, responses((status = 200, body = RoleView), Problems))]
pub async fn update_role(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<RoleId>,
    OnceJson(once, RoleChange { name, about, grants, hides, seen }): OnceJson<RoleChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    let (name, about, grants) = checked(&actor, NewRole { name, about, grants, hides })?;
    let tenant = actor.tenant();
    let before = store::roles::get(&mut app.db().read().await?, tenant, id).await?;
    require_covered(&actor, before.grants)?;
    let role = ComposedRole { name, about, grants, updated_at: Revision(before.updated_at).next(app.env().now()), ..before };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if store::roles::get(tx, tenant, id).await?.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            store::roles::update(tx, tenant, &role, seen).await.map_err(Fault::if_taken(name_taken))?;
            tx.announce(Changed::People).await?;
            let members = store::roles::count_members(tx, tenant).await?.remove(&id.to_string()).unwrap_or_default();
            Answer::json(StatusCode::OK, &RoleView::composed(role, members, true))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn the_members_of_a_role_hold_what_it_holds_now() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let desk = json!([{"permission": "desk", "reach": ["own", "queue"]}]);
        let made = tara.post("/api/v1/roles", json!({"name": "night", "grants": desk})).await.expect(201);
        let (path, staff) = (format!("/api/v1/roles/{}", made["id"].as_str().unwrap()), format!("/api/v1/staff/{}", ada.member.id));
        let seen = tara.get(&staff).await.expect(200)["updated_at"].clone();
        tara.patch(&staff, json!({"role": made["id"], "seen": seen})).await.expect(200);
        let ada = ada.with_cookie(&app.company.session(app.app().db(), ada.member.id).await);
        let mut desk_of_ada = Realtime::connect(&ada).await;
        desk_of_ada.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk_of_ada.until("welcome").await;
        ada.get("/api/v1/panel").await.problem(403, "not_permitted");
        let more = json!([{"permission": "desk", "reach": ["own", "queue"]}, {"permission": "panel", "reach": ["company"]}]);
        let changed = tara.patch(&path, json!({"name": "night", "grants": more, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(changed["members"], 1);
        desk_of_ada.closed().await;
        ada.get("/api/v1/panel").await.expect(200);
        tara.patch(&path, json!({"name": "night", "grants": more, "seen": made["updated_at"]})).await.problem(409, "conflict");
        tara.delete(&path).await.problem(409, "role_in_use");
        let seen = tara.get(&staff).await.expect(200)["updated_at"].clone();
        tara.patch(&staff, json!({"role": "agent", "seen": seen})).await.expect(200);
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        tara.delete(&path).await.problem(404, "not_found");
        let seen = tara.get(&staff).await.expect(200)["updated_at"].clone();
        tara.patch(&staff, json!({"role": made["id"], "seen": seen})).await.problem_at(422, "invalid_value", "role");
    }
}
