//! `POST /api/v1/auth/sessions`: signs in with an e-mail and a password.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    staff,
};
use http_kit::{
    App, addressed,
    audit::Asked,
    auth::{
        origin,
        password::sign_in_failed,
        puzzle::{self, PuzzleProof},
    },
    denied::address_denied,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
    request_company,
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use store::staff::Member;
use utoipa::ToSchema;

use super::{
    limits::SignInTry,
    proved::{Proof, Proved, SecondStepAsked},
    single_sign_on,
};
use crate::me::view::Me;

/// An e-mail address and a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The e-mail address, in upper or lower case.
    pub email: String,
    /// The password.
    pub password: String,
    /// A solved puzzle (`GET /customer/puzzle`); required while very many people sign in, and after many wrong passwords for the account (428
    /// `puzzle_required`).
    #[serde(default)]
    pub proof: Option<PuzzleProof>,
}

/// Signs in with an e-mail address and a password.
///
/// After three wrong passwords for an account within 15 minutes, a puzzle is required from the network they came from; after ten, a wait.
///
/// The answer is 202 if a second step is asked for: nobody is signed in before it.
#[utoipa::path(post, path = "/auth/sessions", tag = "sign_in", request_body = SignIn,
    responses((status = 201, body = Me), (status = 202, body = SecondStepAsked), Problems))]
pub async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(SignIn { email, password, proof }): ValidJson<SignIn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let Checked { tenant, agent, hash } = check(&app, &email, password, address, proof.as_ref(), &asked).await?;
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (Proof::Password, asked)).await?;
    let then = proved.clone();
    let begun = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            // If the password was changed after it was read, the one that was checked is the old one.
            store::staff::hold_password(tx, tenant, agent, &hash).await.map_err(Fault::if_stale(sign_in_failed))?;
            then.settle(tx).await
        })
    });
    proved.answer(&app, begun.await?).await
}

/// The member whose password it is, and the hash against which it was checked.
struct Checked {
    tenant: TenantId,
    agent: AgentId,
    hash: String,
}

async fn check(app: &App, email: &str, password: String, address: ClientAddress, proof: Option<&PuzzleProof>, asked: &Asked) -> Result<Checked, Problem> {
    let passwords = &app.in_memory().passwords.staff;
    // Before anything is counted: a request for which there is no place has not made an attempt.
    let place = puzzle::place(passwords, address, proof)?;
    let this = SignInTry::begin(app, address).await?;
    // An invalid or already used proof counts like a wrong password.
    if let Some(proof) = proof {
        puzzle::spend(app, proof).await?;
    }
    // An address that cannot exist costs no hash.
    let Ok(email) = &staff::email(email) else { return Err(sign_in_failed()) };
    let tenant = addressed::company()?;
    let member = store::staff::by_email(&mut app.db().read_of(tenant).await?, tenant, email).await?;
    if let Some(Member { tenant, id, .. }) = &member {
        // Whoever fails is not known to be the member: the audit counts it as a try to be them.
        request_company::note_asking(*tenant, Actor::system(), asked.clone().making(id));
    }
    // Whatever the password is: otherwise the refusal would say whether it was right.
    if let Err(refused) = refuse_passwords(app, tenant, address).await {
        this.give_back().await;
        return Err(refused);
    }
    let this = this.of(Some(tenant), email.text(), member.as_ref(), proof.is_some()).await?;
    let stored = member.as_ref().and_then(|member| member.password_hash.clone());
    match (passwords.fits_at(place, password, stored).await, member) {
        (Ok(true), Some(Member { tenant, id: agent, password_hash: Some(hash), .. })) => {
            this.went_well().await;
            Ok(Checked { tenant, agent, hash })
        }
        (Ok(_), _) => {
            app.in_memory().signs.count_name(tenant, address, email.text(), app.env().now());
            Err(sign_in_failed())
        }
        (Err(problem), _) => {
            this.give_back().await;
            Err(problem)
        }
    }
}

/// Refuses passwords where the company requires another way in, and at an address at which it lets no members in.
async fn refuse_passwords(app: &App, tenant: TenantId, address: ClientAddress) -> Result<(), Problem> {
    single_sign_on::required::refuse_others(&mut app.db().read_of(tenant).await?, tenant).await?;
    if request_company::lets_staff_in(address) { Ok(()) } else { Err(address_denied()) }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use platform::client_address::ClientAddress;
    use serde_json::json;
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};
    use testkit_server::{Answer, solved_puzzle};

    async fn with_password(app: &TestApp, name: &str) {
        let member = app.staff(Role::Agent, name).await.member;
        app.set_password(&member, "long enough").await;
    }
    async fn try_it(app: &TestApp, email: &str, password: &str) -> Answer {
        app.post("/api/v1/auth/sessions", json!({"email": email, "password": password})).await
    }

    /// The same with a solved puzzle.
    async fn prove(app: &TestApp, email: &str, password: &str) -> Answer {
        app.post("/api/v1/auth/sessions", json!({"email": email, "password": password, "proof": solved_puzzle(app).await})).await
    }
    /// This many wrong passwords in a row, with a puzzle where one is required.
    async fn wrong_passwords(app: &TestApp, email: &str, many: usize) {
        for n in 0..many {
            if n < 3 { try_it(app, email, "wrong").await } else { prove(app, email, "wrong").await }.problem(401, "sign_in_failed");
        }
    }

    #[tokio::test]
    async fn address_and_password_sign_in() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        for typed in [" Ada@Alpha.example ", "ａｄａ＠alpha.example"] {
            assert_eq!(try_it(&app, typed, "long enough").await.expect(201)["name"], "ada", "{typed}");
        }
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
    async fn each_company_lets_in_its_own_people_only() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        let beta = app.other_company("beta").await;
        let body = json!({"email": "ada@alpha.example", "password": "long enough"});
        app.anyone_at(&beta).post("/api/v1/auth/sessions", body.clone()).await.problem(401, "sign_in_failed");
        let me = app.post("/api/v1/auth/sessions", body).await.expect(201);
        assert_eq!((&me["name"], &me["tenant"]["key"]), (&json!("ada"), &json!("alpha")));
    }

    #[tokio::test]
    async fn after_three_wrong_passwords_it_takes_a_puzzle_and_after_ten_a_wait() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        with_password(&app, "eve").await;
        wrong_passwords(&app, "ada@alpha.example", 9).await;
        for _ in 0..20 {
            // This does not count as an attempt.
            try_it(&app, "ADA@alpha.example", "long enough").await.problem(428, "puzzle_required");
        }
        prove(&app, "ADA@alpha.example", "long enough").await.expect(201);
        try_it(&app, "ada@alpha.example", "long enough").await.expect(201);
        wrong_passwords(&app, "ada@alpha.example", 10).await;
        let refused = prove(&app, "ADA@alpha.example", "long enough").await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "900");
        try_it(&app, "eve@alpha.example", "long enough").await.expect(201);
        app.clock.advance(15 * MINUTE);
        try_it(&app, "ada@alpha.example", "long enough").await.expect(201);
    }

    #[tokio::test]
    async fn nobody_keeps_a_member_out_from_one_place() {
        let app = TestApp::behind_proxy().await;
        with_password(&app, "ada").await;
        let ask = async |from: &str, password: &str| {
            app.from_address(from).post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": password})).await
        };
        for _ in 0..3 {
            ask("203.0.113.7", "wrong").await.problem(401, "sign_in_failed");
        }
        ask("203.0.113.7", "long enough").await.problem(428, "puzzle_required");
        ask("198.51.100.7", "long enough").await.expect(201);
    }

    #[tokio::test]
    async fn fifty_wrong_passwords_from_many_networks_make_nobody_wait() {
        let app = TestApp::behind_proxy().await;
        with_password(&app, "ada").await;
        let ask = async |from: &str, password: &str, proof: serde_json::Value| {
            let mut body = json!({"email": "ada@alpha.example", "password": password});
            if !proof.is_null() {
                body["proof"] = proof;
            }
            app.from_address(from).post("/api/v1/auth/sessions", body).await
        };
        ask("2001:db8:7:aa01::1", "long enough", json!(null)).await.expect(201);
        for n in 0..50 {
            ask(&format!("203.0.{}.7", n / 3), "wrong", json!(null)).await.problem(401, "sign_in_failed");
        }
        // From where the member signed in before, even if the household was assigned another part of its network; and from elsewhere with a puzzle.
        ask("2001:db8:7:aaff::2", "long enough", json!(null)).await.expect(201);
        for _ in 0..10 {
            // This does not count as an attempt.
            ask("198.51.100.7", "long enough", json!(null)).await.problem(428, "puzzle_required");
        }
        ask("198.51.100.7", "long enough", solved_puzzle(&app).await).await.expect(201);
        ask("198.51.100.7", "long enough", json!(null)).await.expect(201);
        // Neither helps with guessing: each network has its ten attempts.
        for _ in 0..10 {
            ask("198.51.100.8", "wrong", solved_puzzle(&app).await).await.problem(401, "sign_in_failed");
        }
        ask("198.51.100.8", "long enough", solved_puzzle(&app).await).await.problem(429, "too_many_requests");
    }

    #[tokio::test]
    async fn what_belongs_to_one_customer_of_a_provider_is_counted_together() {
        let app = TestApp::behind_proxy().await;
        let ask = async |n: usize, from: String| {
            app.from_address(&from).post("/api/v1/auth/sessions", json!({"email": format!("n{n}@alpha.example"), "password": "wrong"})).await
        };
        for n in 0..60 {
            ask(n, format!("2001:db8:1:12{n:02x}::1")).await.problem(401, "sign_in_failed");
        }
        ask(60, "2001:db8:1:12ff::1".to_owned()).await.problem(429, "too_many_requests");
        for n in 60..120 {
            ask(n, format!("2001:db8:1:{n:02x}01::1")).await.problem(401, "sign_in_failed");
        }
        ask(120, "2001:db8:1:ff01::1".to_owned()).await.problem(429, "too_many_requests");
        ask(120, "2001:db8:2:ff01::1".to_owned()).await.problem(401, "sign_in_failed");
    }

    #[tokio::test]
    async fn strangers_who_take_every_place_keep_nobody_out_and_no_place_is_no_try() {
        let app = TestApp::behind_proxy().await;
        with_password(&app, "ada").await;
        app.customer("ada@example.com").await;
        let passwords = &app.app().in_memory().passwords;
        let stranger = |n: usize| ClientAddress(format!("2001:db8:{n:x}::1").parse().unwrap());
        let mut held = Vec::new();
        for (passwords, path) in [(&passwords.staff, "/api/v1/auth/sessions"), (&passwords.customers, "/api/v1/customer/sessions")] {
            let ask = async |proof: serde_json::Value| {
                let is_staff = path.starts_with("/api/v1/auth");
                let mut body = if is_staff {
                    json!({"email": "ada@alpha.example", "password": "long enough"})
                } else {
                    json!({"site": "alpha", "identifier": "ada@example.com", "password": CUSTOMER_PASSWORD})
                };
                if !proof.is_null() {
                    body["proof"] = proof;
                }
                let member = app.from_address("203.0.113.7");
                let request = member.request(reqwest::Method::POST, path).json(&body);
                request.send().await.unwrap().status().as_u16()
            };
            while let Ok(place) = passwords.place(stranger(held.len()), false) {
                held.push(place);
            }
            assert_eq!(ask(json!(null)).await, 428);
            assert_eq!(ask(solved_puzzle(&app).await).await, 201);
            while let Ok(place) = passwords.place(stranger(held.len()), true) {
                held.push(place);
            }
            for _ in 0..20 {
                assert_eq!(ask(json!({"puzzle": "", "solution": ""})).await, 503);
            }
            held.clear();
            assert_eq!(ask(json!(null)).await, 201, "not one of those was a try");
        }
    }

    #[tokio::test]
    async fn a_password_that_is_replaced_meanwhile_lets_nobody_in() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        let token = app.link(Role::Agent).await;
        // All attempts read the password before the new one is stored; most are checked after it.
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
    async fn a_puzzle_that_was_used_already_is_a_try() {
        let app = TestApp::new().await;
        with_password(&app, "ada").await;
        let body = json!({"email": "ada@alpha.example", "password": "long enough", "proof": solved_puzzle(&app).await});
        app.post("/api/v1/auth/sessions", body.clone()).await.expect(201);
        for _ in 0..30 {
            app.post("/api/v1/auth/sessions", body.clone()).await.problem_at(422, "puzzle_refused", "proof");
        }
        app.post("/api/v1/auth/sessions", body).await.problem(429, "too_many_requests");
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
