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
use crate::staff::role_change::{self, Holder};

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

/// Changes a composed role, unless somebody else has changed it in the meantime. Its members hold within a second what it holds now;
/// their wall links and tokens that they could not make with it are revoked.
///
/// Only people can do this; programs are refused.
#[utoipa::path(patch, path = "/roles/{id}", tag = "roles", security(("staff" = [])), params(("id" = Role, Path), OnceHeader),
    request_body = RoleChange, responses((status = 200, body = RoleView), Problems))]
pub async fn update_role(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<RoleId>,
    OnceJson(once, RoleChange { name, about, grants, hides, seen }): OnceJson<RoleChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    actor.session()?;
    let (name, about, grants) = checked(&actor, NewRole { name, about, grants, hides })?;
    let (tenant, staff) = (actor.tenant(), actor.staff);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::roles::get(tx, tenant, id).await?;
            require_covered(&staff, before.grants)?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            let role = ComposedRole { name, about, grants, updated_at: Revision(seen).next(tx.now()), ..before };
            let members = store::roles::update(tx, tenant, &role, seen).await.map_err(Fault::if_taken(name_taken))?;
            for (agent, is_disabled) in &members {
                let after = Holder { agent: *agent, role: Role::Composed(id), grants, is_disabled: *is_disabled };
                role_change::settle(tx, &staff.name, Holder { grants: before.grants, ..after }, after).await?;
            }
            tx.announce(Changed::People).await?;
            let count = members.len() as i64;
            let view = RoleView::composed(role, count, true);
            tx.note_change(&RoleView::composed(before, count, true), &view);
            Answer::json(StatusCode::OK, &view)
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
        let made = tara.post("/api/v1/roles", json!({"name": "night", "grants": desk.clone()})).await.expect(201);
        let (path, staff) = (format!("/api/v1/roles/{}", made["id"].as_str().unwrap()), format!("/api/v1/staff/{}", ada.member.id));
        let seen = tara.get(&staff).await.expect(200)["updated_at"].clone();
        tara.patch(&staff, json!({"role": made["id"], "seen": seen})).await.expect(200);
        let ada = ada.with_cookie(&app.company.session(app.app().db(), ada.member.id).await);
        let mut desk_of_ada = Realtime::connect(&ada).await;
        desk_of_ada.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk_of_ada.until("welcome").await;
        ada.get("/api/v1/panel").await.problem(403, "not_permitted");
        let more = json!([{"permission": "desk", "reach": ["own", "queue"]}, {"permission": "panel", "reach": ["company"]}]);
        let mut silent = Realtime::connect(&ada).await;
        let changed = tara.patch(&path, json!({"name": "night", "grants": more, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(changed["members"], 1);
        assert_eq!(app.changed_by("PATCH /api/v1/roles/{id}").await, [("grants".to_owned(), desk, more.clone())]);
        desk_of_ada.closed().await;
        // What it was upgraded with does not count any more.
        silent.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        assert_eq!(silent.until("no").await["code"], "moving");
        silent.closed().await;
        ada.get("/api/v1/panel").await.expect(200);
        tara.patch(&path, json!({"name": "night", "grants": more, "seen": made["updated_at"]})).await.problem(409, "conflict");
    }
}
