//! `POST /api/v1/me/view` and `DELETE /api/v1/me/view`: looking at the console as another role would.

use axum::extract::State;
use domain::{
    policy::{Grants, Permission},
    staff::Role,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::staff::role_unknown;

/// The role to look as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewedRole {
    /// The role, which must hold nothing that the caller does not hold.
    pub role: Role,
}

/// Lets the caller look at the console as a role would: in this session, they see what its permissions reach from where they stand, and can change nothing.
///
/// Everything that changes something answers `viewing_only` until `DELETE /me/view`; only signing out is possible.
#[utoipa::path(post, path = "/me/view", tag = "me", security(("staff" = [])), params(OnceHeader), request_body = ViewedRole,
    responses((status = 204, description = "From now on, the session looks as the role"), Problems))]
pub async fn look_as_role(State(app): State<App>, actor: StaffActor, OnceJson(once, ViewedRole { role }): OnceJson<ViewedRole>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    let (tenant, agent, session, own) = (actor.tenant(), actor.staff.agent, actor.session()?, actor.staff.grants);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let composed = store::roles::grants_of(tx, tenant, role).await;
            let viewed = composed.map_err(Fault::if_not_found(role_unknown))?.unwrap_or_else(|| Grants::of(role));
            if !own.cover(viewed) {
                return Err(Problem { field: Some("role".to_owned()), ..Problem::not_permitted() }.into());
            }
            store::staff_sessions::look_as(tx, tenant, agent, session, Some(role)).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Ends the look as another role: the session has the caller's own again.
#[utoipa::path(delete, path = "/me/view", tag = "me", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "The session has the caller's own role"), Problems))]
pub async fn look_as_oneself(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let (tenant, agent, session) = (actor.tenant(), actor.staff.agent, actor.any_session()?);
    let done = actor.accountable().change(&app, once, move |tx| {
        Box::pin(async move {
            store::staff_sessions::look_as(tx, tenant, agent, session, None).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn an_administrator_sees_what_a_role_sees_and_changes_nothing_meanwhile() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let own = tara.get("/api/v1/me").await.expect(200);
        mira.post("/api/v1/me/view", json!({"role": "agent"})).await.problem(403, "not_permitted");
        tara.post("/api/v1/me/view", json!({"role": "rol_00000000000000000000000000000009"})).await.problem_at(422, "invalid_value", "role");
        let conversation = app.visitor().await.open("hello").await;
        tara.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);

        tara.post("/api/v1/me/view", json!({"role": "agent"})).await.expect(204);
        let me = tara.get("/api/v1/me").await.expect(200);
        assert_eq!((&me["role"], &me["is_viewing"], &me["agent"]), (&json!("agent"), &json!(true), &own["agent"]));
        assert_eq!(me["permissions"], app.agent("ada").await.get("/api/v1/me").await.expect(200)["permissions"]);
        tara.get("/api/v1/roles").await.problem(403, "not_permitted");
        tara.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
        for path in ["/api/v1/me/view", "/api/v1/canned-replies", "/api/v1/roles"] {
            tara.post(path, json!({"role": "agent"})).await.problem(403, "viewing_only");
        }
        tara.put("/api/v1/me/state", json!({"state": "available"})).await.problem(403, "viewing_only");
        let client_id = "00000000-0000-4000-8000-000000000001";
        let frame = json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": {"type": "take"}});
        assert_eq!(tara.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["code"], "viewing_only");

        tara.delete("/api/v1/me/view").await.expect(204);
        let again = tara.get("/api/v1/me").await.expect(200);
        assert_eq!((&again["role"], &again["is_viewing"], &again["grants"]), (&own["role"], &Value::Bool(false), &own["grants"]));
        let noted = tara.get("/api/v1/audit").await.expect(200).to_string();
        assert!(noted.contains("POST /api/v1/me/view") && noted.contains("DELETE /api/v1/me/view"), "{noted}");
    }

    #[tokio::test]
    async fn a_look_ends_with_what_was_looked_as_and_can_be_left_by_signing_out() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/roles", json!({"name": "night", "grants": [{"permission": "panel", "reach": ["company"]}]})).await.expect(201);
        let path = format!("/api/v1/roles/{}", made["id"].as_str().unwrap());
        tara.post("/api/v1/me/view", json!({"role": made["id"]})).await.expect(204);
        assert_eq!(tara.get("/api/v1/me").await.expect(200)["permissions"], json!(["panel"]));
        let other = tara.clone().with_cookie(&app.company.session(app.app().db(), tara.member.id).await);
        other.delete(&path).await.expect(204);
        tara.get("/api/v1/audit").await.problem(403, "not_permitted");
        tara.delete("/api/v1/auth/sessions/current").await.expect(204);
        tara.get("/api/v1/me").await.problem(401, "not_signed_in");
    }
}
