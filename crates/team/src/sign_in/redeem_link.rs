//! `POST /api/v1/auth/links/redeem`: signs in with a one-time link and sets the password.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::refusal::Code;
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store::sign_in_steps::LinkUse;
use utoipa::ToSchema;

use super::{
    inspect_link,
    proved::{Proof, Proved, SecondStepAsked},
};
use crate::me::view::Me;

/// The secret of a one-time link, and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemLink {
    /// The part of the link after the `#`.
    pub token: String,
    /// The new password: at least 10 characters, at most 256 bytes; required if the member has none yet or has forgotten it.
    #[serde(default)]
    pub password: Option<String>,
}

/// Signs in with a one-time link, which is used up.
///
/// The answer is 202 if a second step is asked for: nobody is signed in before it, the password stays as it was, and the link can be used again until then.
#[utoipa::path(post, path = "/auth/links/redeem", tag = "sign_in", request_body = RedeemLink,
    responses((status = 201, body = Me), (status = 202, body = SecondStepAsked), Problems))]
pub async fn redeem_sign_in_link(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(redeem): ValidJson<RedeemLink>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (link, member) = inspect_link::usable(&app, &redeem.token).await?;
    let password_hash = match redeem.password {
        Some(password) => Some(app.in_memory().passwords.staff.hash(password).await?),
        None if link.is_recovery || member.password_hash.is_none() => return Err(Problem::invalid("password", Code::PasswordRequired, "choose a password")),
        None => None,
    };
    let proof = Proof::Link { used: LinkUse { token_hash: env::hash(&redeem.token), password_hash }, is_recovery: link.is_recovery };
    let proved = Proved::prepare(&app, &headers, address, (link.tenant, link.agent), (proof, asked)).await?;
    let then = proved.clone();
    let redeemed = Permitted::as_system(link.tenant).write(&app, move |tx| Box::pin(async move { then.settle(tx).await }));
    proved.answer(&app, redeemed.await?).await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use futures_util::future::join_all;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_link_signs_in_once_and_sets_the_password() {
        let app = TestApp::new().await;
        app.agent("ada").await;
        let token = app.link(Role::Agent).await;
        let redeem = |password: serde_json::Value| app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": password}));
        redeem(json!(null)).await.problem_at(422, "password_required", "password");
        redeem(json!("too short")).await.problem_at(422, "password_too_short", "password");
        redeem(json!("x".repeat(257))).await.problem_at(422, "password_too_long", "password");
        let done = redeem(json!("long enough")).await;
        assert_eq!(done.expect(201)["email"], "ada@alpha.example");
        let cookie = done.header("set-cookie");
        assert!(cookie.starts_with("__Host-yingda=") && cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=604800"), "{cookie}");
        let secret = cookie["__Host-yingda=".len()..].split(';').next().unwrap();
        assert_eq!(app.with_cookie(secret).get("/api/v1/me").await.expect(200)["name"], "ada");
        redeem(json!("long enough")).await.problem(410, "link_spent");
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await.expect(201);
    }

    #[tokio::test]
    async fn a_new_password_ends_the_other_sessions_and_links() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.manager("eve").await);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        let (token, other) = (app.link(Role::Agent).await, app.link(Role::Agent).await);
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await.expect(201);
        desk.closed().await;
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.post("/api/v1/auth/links/redeem", json!({"token": other})).await.problem(410, "link_spent");
        eve.get("/api/v1/me").await.expect(200);
    }

    #[tokio::test]
    async fn a_link_used_without_a_new_password_leaves_other_browsers_signed_in() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        app.set_password(&ada.member, "long enough").await;
        let token = app.link(Role::Agent).await;
        app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.expect(201);
        ada.get("/api/v1/me").await.expect(200);
    }

    #[tokio::test]
    async fn of_fifty_uses_at_once_exactly_one_succeeds() {
        let app = TestApp::new().await;
        app.agent("ada").await;
        let token = app.link(Role::Agent).await;
        let uses = (0..50).map(|_| app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})));
        let statuses: Vec<u16> = join_all(uses).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 201 | 410)), "{statuses:?}");
    }

    #[tokio::test]
    async fn another_sites_page_cannot_sign_somebody_in() {
        let app = TestApp::new().await;
        app.agent("ada").await;
        let token = app.link(Role::Agent).await;
        let request = reqwest::Client::new().post(format!("{}/api/v1/auth/links/redeem", app.base)).header("origin", "https://evil.example");
        app.send(request.json(&json!({"token": token, "password": "long enough"}))).await.problem(403, "cross_site");
    }
}
