//! `POST /api/v1/roles`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::RoleId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use store::roles::ComposedRole;

use super::{MOST, NewRole, checked, name_taken, view::RoleView};

/// Composes a role; nobody can give it more than they hold themselves.
///
/// Only people can do this; programs are refused.
#[utoipa::path(post, path = "/roles", tag = "roles", security(("staff" = [])), params(OnceHeader), request_body = NewRole,
    responses((status = 201, body = RoleView), Problems))]
pub async fn create_role(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewRole>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    actor.session()?;
    let (name, about, grants) = checked(&actor, new)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let role = ComposedRole { id: RoleId::new(app.env().uuid()), name, about, grants, created_at: now, updated_at: now };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if store::roles::list(tx, tenant).await?.len() >= MOST {
                return Err(Problem::conflict(Code::TooManyRoles, format!("a company composes at most {MOST} roles: delete one first")).into());
            }
            store::roles::insert(tx, tenant, &role).await.map_err(Fault::if_taken(name_taken))?;
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &RoleView::composed(role, 0, true))
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
    async fn what_is_wrong_with_a_role_is_named_and_nothing_is_kept() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let desk = json!([{"permission": "desk", "reach": ["own"]}]);
        tara.post("/api/v1/roles", json!({"name": "night", "grants": desk})).await.expect(201);
        let invalid = async |name: &str, grants: Value, field: &str| {
            tara.post("/api/v1/roles", json!({"name": name, "grants": grants})).await.problem_at(422, "invalid_value", field);
        };
        invalid("", desk.clone(), "name").await;
        invalid("a", json!([]), "grants").await;
        invalid("a", json!([{"permission": "fly", "reach": ["own"]}]), "grants").await;
        invalid("a", json!([{"permission": "panel", "reach": ["own"]}]), "grants").await;
        invalid("a", json!([{"permission": "desk", "reach": []}]), "grants").await;
        for taken in ["night", "administrator"] {
            tara.post("/api/v1/roles", json!({"name": taken, "grants": desk})).await.problem_at(409, "role_name_taken", "name");
        }
        app.manager("mira").await.post("/api/v1/roles", json!({"name": "b", "grants": desk})).await.problem(403, "not_permitted");
        assert_eq!(tara.get("/api/v1/roles").await.expect(200)["items"].as_array().unwrap().len(), 9);
    }

    #[tokio::test]
    async fn nobody_composes_more_than_they_hold() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let composer = json!({"name": "composer", "grants": [{"permission": "roles.manage", "reach": ["company"]}, {"permission": "desk", "reach": ["own"]}]});
        let ada = app.composed(&tara, &app.agent("ada").await, composer).await;
        assert_eq!(ada.get("/api/v1/me").await.expect(200)["permissions"], json!(["desk", "roles.manage"]));
        for more in [json!([{"permission": "settings", "reach": ["company"]}]), json!([{"permission": "desk", "reach": ["company"]}])] {
            ada.post("/api/v1/roles", json!({"name": "more", "grants": more})).await.problem_at(403, "not_permitted", "grants");
        }
        ada.post("/api/v1/roles", json!({"name": "less", "grants": [{"permission": "desk", "reach": ["own"]}]})).await.expect(201);
    }
}
