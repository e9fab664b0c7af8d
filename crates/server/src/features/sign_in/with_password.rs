//! `POST /api/v1/auth/sessions`: signs in with address and password.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    id::{AgentId, TenantId},
    time::MINUTE,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::NewSession;
use crate::{
    App,
    auth::{attempts::Limit, origin, password::sign_in_failed},
    cluster::tally::Tally,
    extract::{ClientAddress, ValidJson},
    features::me::view::Me,
    problem::{Problem, Problems},
};

/// Wrong passwords for one account.
const PER_ACCOUNT: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };
/// Wrong passwords from one network address; an office shares one.
const PER_ADDRESS: Limit = Limit { tries: 30, within_ms: 15 * MINUTE };

/// Address and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Signs in. After five wrong passwords within 15 minutes it takes a wait.
#[utoipa::path(post, path = "/auth/sessions", tag = "sign_in", request_body = SignIn, responses((status = 201, body = Me), Problems))]
pub async fn sign_in(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    ValidJson(SignIn { email, password }): ValidJson<SignIn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let (tenant, agent) = check(&app, &email.trim().to_lowercase(), password, &ClientAddress(address).network()).await?;
    let session = NewSession::prepare(&app, &headers)?;
    let new = session.clone();
    app.db().writer().write(db::Shard::Any, move |tx| Box::pin(async move { new.begin(tx, tenant, agent).await })).await?;
    session.answer(Me::read(&app, tenant, agent).await?)
}

async fn check(app: &App, email: &str, password: String, network: &str) -> Result<(TenantId, AgentId), Problem> {
    let tries = Tally::new("sign_ins", &app.shared().sign_ins, app.live().cluster().redis());
    let now = app.env().now();
    let (account, address) = (format!("account {email}"), format!("address {network}"));
    if email.len() > 254 {
        return Err(sign_in_failed());
    }
    tries.take(&address, PER_ADDRESS, now).await.map_err(Problem::too_many)?;
    tries.take(&account, PER_ACCOUNT, now).await.map_err(Problem::too_many)?;
    let member = store::entry_points::staff_by_email(app.db(), email).await?;
    let stored = member.as_ref().and_then(|member| member.password_hash.clone());
    match (app.shared().passwords.fits(password, stored).await?, member) {
        (true, Some(member)) => {
            tries.forget(&account).await;
            tries.give_back(&address).await;
            Ok((member.tenant, member.id))
        }
        _ => Err(sign_in_failed()),
    }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit::{Answer, TestApp};

    async fn with_password(app: &TestApp, name: &str) {
        let member = app.staff(Role::Agent, name).await.member;
        app.set_password(&member, "long enough").await;
    }
    async fn try_it(app: &TestApp, email: &str, password: &str) -> Answer {
        app.post("/api/v1/auth/sessions", json!({"email": email, "password": password})).await
    }

    #[tokio::test]
    async fn address_and_password_sign_in() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        assert_eq!(try_it(&app, " Ada@Alpha.example ", "long enough").await.expect(201)["name"], "ada");
    }

    #[tokio::test]
    async fn the_answer_does_not_tell_which_of_both_was_wrong() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        app.agent("without-password").await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("ada@alpha.example", "wrong"),
            ("nobody@alpha.example", "wrong"),
            ("without-password@alpha.example", ""),
            ("ada@alpha.example", "x".repeat(10_000).as_str()),
            ("x".repeat(300).as_str(), "wrong"),
        ] {
            let mut problem = try_it(&app, email, password).await.problem(401, "sign_in_failed");
            problem["request_id"] = json!(null);
            answers.push(problem);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    }

    #[tokio::test]
    async fn after_five_wrong_passwords_it_takes_a_wait() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        with_password(&app, "eve").await;
        for _ in 0..5 {
            try_it(&app, "ada@alpha.example", "wrong").await.problem(401, "sign_in_failed");
        }
        let refused = try_it(&app, "ADA@alpha.example", "long enough").await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "900");
        try_it(&app, "eve@alpha.example", "long enough").await.expect(201);
        app.clock.advance(15 * MINUTE);
        try_it(&app, "ada@alpha.example", "long enough").await.expect(201);
    }

    #[tokio::test]
    async fn one_address_cannot_try_every_account() {
        let app = TestApp::new().await;
        for n in 0..30 {
            try_it(&app, &format!("n{n}@alpha.example"), "wrong").await.problem(401, "sign_in_failed");
        }
        try_it(&app, "n30@alpha.example", "wrong").await.problem(429, "too_many_requests");
    }
}
