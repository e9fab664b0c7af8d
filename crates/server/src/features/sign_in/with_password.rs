//! `POST /api/v1/auth/sessions`: signs in with address and password.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    id::{AgentId, TenantId},
    staff::check_email,
    time::MINUTE,
};
use serde::Deserialize;
use store::staff::Member;
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

/// Wrong passwords for one account from one network address.
const PER_ACCOUNT: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };
/// Wrong passwords for one account from everywhere: so many that nobody keeps a member out from one place.
const PER_ACCOUNT_EVERYWHERE: Limit = Limit { tries: 50, within_ms: 15 * MINUTE };
/// Wrong passwords from one network address; an office shares one.
const PER_ADDRESS: Limit = Limit { tries: 30, within_ms: 15 * MINUTE };

/// The longest short name of a company that is looked for.
const MAX_COMPANY_BYTES: usize = 100;

/// Address and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The company's short name; it may be left out where the installation has one company only.
    #[serde(default)]
    pub company: Option<String>,
    /// The address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Signs in. After five wrong passwords within 15 minutes it takes a wait.
#[utoipa::path(post, path = "/auth/sessions", tag = "sign_in", request_body = SignIn, responses((status = 201, body = Me), Problems))]
pub async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(SignIn { company, email, password }): ValidJson<SignIn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let company = company.map(|company| company.trim().to_lowercase()).filter(|company| !company.is_empty());
    let Checked { tenant, agent, hash } = check(&app, company.as_deref(), &email.trim().to_lowercase(), password, &address.network()).await?;
    let session = NewSession::prepare(&app, &headers)?;
    let new = session.clone();
    let begun = app.db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store::staff::hold_password(tx, tenant, agent, &hash).await?;
            new.begin(tx, tenant, agent).await
        })
    });
    match begun.await {
        // The password was changed since it was read: what was checked is the old one.
        Err(store::Error::Conflict) => return Err(sign_in_failed()),
        begun => begun?,
    }
    session.answer(Me::read(&app, tenant, agent).await?)
}

/// Whose password it is, and against what it was checked.
struct Checked {
    tenant: TenantId,
    agent: AgentId,
    hash: String,
}

async fn check(app: &App, company: Option<&str>, email: &str, password: String, network: &str) -> Result<Checked, Problem> {
    let (shared, redis, now) = (app.shared(), app.live().cluster().redis(), app.env().now());
    let (of, from) = (Tally::new("sign-ins of staff", &shared.sign_ins_of, redis), Tally::new("sign-ins of staff from", &shared.sign_ins_from, redis));
    let near = Tally::new("sign-ins of a member from", &shared.sign_ins_of_from, redis);
    from.take(network, PER_ADDRESS, now).await.map_err(Problem::too_many)?;
    // What cannot be anybody's costs no hash.
    if check_email(email).is_err() || company.is_some_and(|company| company.len() > MAX_COMPANY_BYTES) {
        return Err(sign_in_failed());
    }
    // Never by the address: whether it is somebody's in another company is nobody's business.
    let tenant = store::entry_points::company(app.db(), company).await?;
    if tenant.is_none() && company.is_none() {
        return Err(Problem::invalid("company", "company_required", "this installation has several companies: name yours"));
    }
    let whose = tenant.map_or_else(String::new, |tenant| tenant.to_string());
    let account = format!("{whose} {email}");
    let here = format!("{account} {network}");
    near.take(&here, PER_ACCOUNT, now).await.map_err(Problem::too_many)?;
    of.take(&account, PER_ACCOUNT_EVERYWHERE, now).await.map_err(Problem::too_many)?;
    let member = match tenant {
        Some(tenant) => store::staff::by_email(&mut app.db().read().await?, tenant, email).await?,
        None => None,
    };
    let stored = member.as_ref().and_then(|member| member.password_hash.clone());
    match (shared.passwords.fits(password, stored).await?, member) {
        (true, Some(Member { tenant, id: agent, password_hash: Some(hash), .. })) => {
            near.forget(&here).await;
            of.give_back(&account).await;
            from.give_back(network).await;
            Ok(Checked { tenant, agent, hash })
        }
        _ => Err(sign_in_failed()),
    }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_server::Answer;

    use crate::testing::TestApp;

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
    async fn with_several_companies_one_says_which_and_learns_of_no_other() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        app.other_company("beta").await;
        let answer = async |body: serde_json::Value| app.post("/api/v1/auth/sessions", body).await;
        // The same for an address that is somebody's and one that is nobody's, with the right password and without.
        for (email, password) in [("ada@alpha.example", "long enough"), ("ada@alpha.example", "wrong"), ("nobody@x", "wrong")] {
            answer(json!({"email": email, "password": password})).await.problem_at(422, "company_required", "company");
        }
        for company in ["beta", "nowhere", "alpha'--", "al\u{e4}pha"] {
            answer(json!({"company": company, "email": "ada@alpha.example", "password": "long enough"})).await.problem(401, "sign_in_failed");
        }
        let me = answer(json!({"company": " Alpha ", "email": "ada@alpha.example", "password": "long enough"})).await.expect(201);
        assert_eq!((&me["name"], &me["tenant"]["key"]), (&json!("ada"), &json!("alpha")));
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
    async fn nobody_keeps_a_member_out_from_one_place_and_many_places_share_a_limit() {
        let app = TestApp::behind_proxy().await;
        with_password(&app, "ada").await;
        let ask = async |from: u8, password: &str| {
            let body = json!({"company": "alpha", "email": "ada@alpha.example", "password": password});
            app.from_address(&format!("203.0.{from}.7")).post("/api/v1/auth/sessions", body).await
        };
        for network in 0..10 {
            for _ in 0..5 {
                ask(network, "wrong").await.problem(401, "sign_in_failed");
            }
            ask(network, "long enough").await.problem(429, "too_many_requests");
            if network == 0 {
                ask(100, "long enough").await.expect(201);
            }
        }
        ask(101, "long enough").await.problem(429, "too_many_requests");
    }

    #[tokio::test]
    async fn a_password_that_is_replaced_meanwhile_lets_nobody_in() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        let token = app.link(Role::Agent).await;
        // All read the password before the new one is stored, most are checked after it.
        let redeem = app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "another one"}));
        let tries = (0..5).map(|_| try_it(&app, "ada@alpha.example", "long enough"));
        let (redeemed, _) = futures_util::future::join(redeem, futures_util::future::join_all(tries)).await;
        redeemed.expect(201);
        let cookie = redeemed.header("set-cookie")["__Host-yingda=".len()..].split(';').next().unwrap().to_owned();
        let sessions = app.with_cookie(&cookie).get("/api/v1/auth/sessions").await.expect(200);
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");
    }

    #[tokio::test]
    async fn what_is_no_address_costs_no_hash_and_is_counted() {
        let app = TestApp::new().await;
        for _ in 0..30 {
            try_it(&app, "no address", "wrong").await.problem(401, "sign_in_failed");
        }
        try_it(&app, "no address", "wrong").await.problem(429, "too_many_requests");
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
