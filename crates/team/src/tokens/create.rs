//! `POST /api/v1/tokens`

use axum::{extract::State, http::StatusCode};
use domain::{api_token::MAX_API_TOKENS, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    new_token::{Maker, Wanted},
    view::{TokenPermission, TokenView, TokenWithSecret, holding},
};

/// A token to be made for a program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
pub struct NewToken {
    /// The program it is for, 1 to 40 characters. Customers see it if the program writes to them.
    pub name: String,
    /// What it may do: at least one permission, and nothing that the maker does not hold with the same reach.
    pub permissions: Vec<TokenPermission>,
    /// The addresses it may be used from, in CIDR notation; at most 20. None means all.
    #[serde(default)]
    pub ranges: Vec<String>,
    /// When it expires, within ten years; `null` means never.
    #[serde(default)]
    pub expires_at: Option<Ts>,
}

/// Makes a token for a program.
///
/// The answer contains its secret, which is never shown again. Only people make tokens; nobody can give more than they hold.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`).
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("staff" = [])), params(OnceHeader),
    request_body(content = NewToken, example = json!({
        "name": "CRM", "permissions": [{"permission": "desk", "reach": ["company"]}, {"permission": "integrations", "reach": ["company"]}],
        "ranges": ["203.0.113.0/24"], "expires_at": null
    })),
    responses((status = 201, body = TokenWithSecret), Problems))]
pub async fn create_token(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewToken>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    proof::require_recent(&app, &actor).await?;
    let NewToken { name, permissions, ranges, expires_at } = new;
    let maker = Maker { member: Some((actor.staff.agent, actor.staff.grants)), name: actor.staff.name.clone() };
    let prepared = Wanted { name, holds: holding(permissions), ranges, expires_at }.prepare(app.env(), actor.tenant(), maker)?;
    let made = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            prepared.insert(tx).await.map_err(Fault::if_refused(Code::TooManyTokens, too_many))?;
            let token = TokenView::new(prepared.token, None, tx.now());
            tx.note_change(&(), &token);
            Answer::json(StatusCode::CREATED, &TokenWithSecret { token, secret: prepared.secret })
        })
    });
    made.await
}

fn too_many() -> Problem {
    Problem::conflict(Code::TooManyTokens, format!("a company can have at most {MAX_API_TOKENS} tokens; revoke one first"))
}

#[cfg(test)]
mod tests {
    use domain::{
        staff::Role,
        time::{DAY, MINUTE},
    };
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn new(change: Value) -> Value {
        let mut new = json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["own"]}]});
        change.as_object().unwrap().iter().for_each(|(field, value)| new[field] = value.clone());
        new
    }

    #[tokio::test]
    async fn a_secret_is_shown_once_and_kept_by_its_hash() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let until = app.env().now().plus(DAY);
        let made = tara.post("/api/v1/tokens", new(json!({"name": " CRM ", "ranges": ["192.0.2.7/24"], "expires_at": until}))).await.expect(201);
        let secret = made["secret"].as_str().unwrap();
        assert_eq!(
            (&made["name"], &made["ranges"], &made["state"], &made["made_by"]),
            (&json!("CRM"), &json!(["192.0.2.0/24"]), &json!("active"), &json!("tara"))
        );
        assert_eq!(made["hint"], format!("ydt_…{}", &secret[secret.len() - 4..]));
        let listed = tara.get("/api/v1/tokens").await.expect(200);
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["last_used_at"]), (&made["id"], &Value::Null));
        assert!(!listed.to_string().contains(secret));
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_makes_nothing() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let permission = |name: &str, reach: Value| json!({"permissions": [{"permission": name, "reach": reach}]});
        for (field, change) in [
            ("name", json!({"name": " "})),
            ("name", json!({"name": "x".repeat(41)})),
            ("permissions", json!({"permissions": []})),
            ("permissions", permission("everything", json!(["own"]))),
            ("permissions", permission("desk", json!([]))),
            ("permissions", permission("desk", json!(["far"]))),
            ("ranges", json!({"ranges": ["example.com"]})),
            ("ranges", json!({"ranges": vec!["192.0.2.1"; 21]})),
            ("expires_at", json!({"expires_at": app.env().now()})),
        ] {
            tara.post("/api/v1/tokens", new(change)).await.problem_at(422, "invalid_value", field);
        }
        app.manager("mira").await.post("/api/v1/tokens", new(json!({}))).await.problem(403, "not_permitted");
        assert_eq!(tara.get("/api/v1/tokens").await.expect(200), json!({"items": []}));
    }

    #[tokio::test]
    async fn a_session_left_open_makes_and_replaces_no_secret() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.post("/api/v1/tokens", new(json!({}))).await.expect(201);
        app.clock.advance(11 * MINUTE);
        tara.post("/api/v1/tokens", new(json!({}))).await.problem(403, "proof_required");
        tara.post(&format!("/api/v1/tokens/{}/secret", made["id"].as_str().unwrap()), json!({})).await.problem(403, "proof_required");
    }

    #[tokio::test]
    async fn there_is_room_for_fifty_that_can_be_used() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let mut last = Value::Null;
        for _ in 0..50 {
            last = tara.post("/api/v1/tokens", new(json!({}))).await.expect(201);
        }
        tara.post("/api/v1/tokens", new(json!({}))).await.problem(409, "too_many_tokens");
        assert_eq!(tara.delete(&format!("/api/v1/tokens/{}", last["id"].as_str().unwrap())).await.status.as_u16(), 204);
        tara.post("/api/v1/tokens", new(json!({}))).await.expect(201);
    }

    #[tokio::test]
    async fn a_program_makes_nobody_a_member_and_changes_no_roles() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let company = |names: &[&str]| names.iter().map(|name| json!({"permission": name, "reach": ["company"]})).collect::<Vec<_>>();
        let decides_sign_in = json!({"name": "IdP", "permissions": company(&["single_sign_on"])});
        tara.post("/api/v1/tokens", decides_sign_in).await.problem_at(422, "people_only", "permissions");
        let desk = company(&["desk"]);
        let role = tara.post("/api/v1/roles", json!({"name": "night", "grants": desk})).await.expect(201);
        let all = json!({"name": "HR", "permissions": company(&["desk", "people.manage", "roles.manage", "settings"])});
        let program = app.with_token(tara.post("/api/v1/tokens", all).await.expect(201)["secret"].as_str().unwrap());
        let member = format!("/api/v1/staff/{}", ada.member.id);
        let seen = program.get(&member).await.expect(200)["updated_at"].clone();
        let new = json!({"email": "new@alpha.example", "name": "new", "role": "agent"});
        let composed = format!("/api/v1/roles/{}", role["id"].as_str().unwrap());
        for refused in [
            program.post("/api/v1/staff", new.clone()).await,
            program.post("/api/v1/staff-invitations", json!({"people": [new]})).await,
            program.post(&format!("{member}/link"), json!(null)).await,
            program.patch(&member, json!({"email": "other@alpha.example", "seen": seen})).await,
            program.delete(&format!("{member}/second-step")).await,
            program.put("/api/v1/sign-in-rules", json!({"second_step_for": []})).await,
            program.post("/api/v1/roles", json!({"name": "late", "grants": desk})).await,
            program.patch(&composed, json!({"name": "late", "grants": desk, "seen": role["updated_at"]})).await,
            program.delete(&composed).await,
        ] {
            refused.problem(403, "people_only");
        }
    }
}
