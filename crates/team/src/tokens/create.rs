//! `POST /api/v1/tokens`

use axum::{extract::State, http::StatusCode};
use domain::{api_token::MAX_API_TOKENS, policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
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
#[utoipa::path(post, path = "/tokens", tag = "tokens", security(("staff" = [])), params(OnceHeader),
    request_body(content = NewToken, example = json!({
        "name": "CRM", "permissions": [{"permission": "desk", "reach": ["company"]}, {"permission": "integrations", "reach": ["company"]}],
        "ranges": ["203.0.113.0/24"], "expires_at": null
    })),
    responses((status = 201, body = TokenWithSecret), Problems))]
pub async fn create_token(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewToken>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageTokens)?;
    actor.session()?;
    let NewToken { name, permissions, ranges, expires_at } = new;
    let maker = Maker { member: Some((actor.staff.agent, actor.staff.grants)), name: actor.staff.name.clone() };
    let prepared = Wanted { name, holds: holding(permissions), ranges, expires_at }.prepare(app.env(), actor.tenant(), maker)?;
    let made = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            prepared.insert(tx).await.map_err(Fault::if_refused(Code::TooManyTokens, too_many))?;
            let token = TokenView::new(prepared.token, None, tx.now());
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
    use domain::{staff::Role, time::DAY};
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
}
