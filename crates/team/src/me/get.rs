//! `GET /api/v1/me`: the signed-in member of staff.

use axum::{Json, extract::State};
use domain::api_token::Credential;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::Me;

/// Returns the signed-in member of staff.
#[utoipa::path(get, path = "/me", tag = "me", security(("staff" = [])), responses((status = 200, body = Me), Problems))]
pub async fn get_me(State(app): State<App>, actor: StaffActor) -> Result<Json<Me>, Problem> {
    let is_viewing = matches!(actor.credential, Credential::View(_));
    Ok(Json(Me { is_viewing, ..Me::of(&mut app.db().read_of(actor.tenant()).await?, actor.member, actor.staff.grants).await? }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn everyone_sees_what_they_may_do() {
        let app = TestApp::new().await;
        for (role, permissions) in [
            (Role::Agent, json!(["desk", "customers.edit", "canned_replies.edit", "goods.edit", "knowledge.curate", "contacts.reveal"])),
            (
                Role::Manager,
                json!([
                    "desk",
                    "conversations.read",
                    "people.manage",
                    "people.follow",
                    "records.export",
                    "customers.edit",
                    "panel",
                    "days.recount",
                    "canned_replies.edit",
                    "goods.edit",
                    "goods.prices",
                    "goods.asked",
                    "queues.manage",
                    "knowledge.curate",
                    "knowledge.edit",
                    "walls.manage",
                    "contacts.reveal",
                    "numbers.reveal",
                    "erase_people"
                ]),
            ),
            (
                Role::Administrator,
                json!([
                    "desk",
                    "conversations.read",
                    "people.manage",
                    "people.follow",
                    "records.export",
                    "customers.edit",
                    "panel",
                    "days.recount",
                    "canned_replies.edit",
                    "goods.edit",
                    "goods.prices",
                    "goods.asked",
                    "queues.manage",
                    "knowledge.curate",
                    "knowledge.edit",
                    "walls.manage",
                    "roles.manage",
                    "contacts.reveal",
                    "numbers.reveal",
                    "erase_people",
                    "audit",
                    "integrations",
                    "single_sign_on",
                    "settings",
                    "tokens.manage"
                ]),
            ),
            (Role::Auditor, json!(["conversations.read", "records.export", "panel", "audit"])),
        ] {
            let member = app.staff(role, &role.text()).await;
            let me = member.get("/api/v1/me").await.expect(200);
            assert_eq!((&me["permissions"], &me["role"], &me["state"]), (&permissions, &json!(role.text()), &json!("offline")));
            assert_eq!((&me["time_zone"], &me["tenant"]["id"]), (&json!("Asia/Shanghai"), &json!(app.company.tenant.to_string())));
            assert!(me.get("password_hash").is_none());
        }
    }

    #[tokio::test]
    async fn a_wrong_cookie_is_nobody() {
        let app = TestApp::new().await;
        for cookie in [String::new(), "0".repeat(64), "z".repeat(64), "0".repeat(63)] {
            app.with_cookie(&cookie).get("/api/v1/me").await.problem(401, "not_signed_in");
        }
    }
}
