//! `POST /api/v1/customer/sessions`: signs in with address or number and password.

use axum::{extract::State, http::HeaderMap, response::Response};
use http_kit::{
    App,
    audit::Asked,
    auth::{origin, password::sign_in_failed, puzzle::PuzzleProof},
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    NewSession, identifier,
    limits::{SignInTry, Tried},
    tenant_of,
    view::CustomerView,
};

/// The credentials with which a customer signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSignIn {
    /// The key of the site on whose page the request is made.
    pub site: String,
    /// The account's e-mail address or mobile number.
    pub identifier: String,
    /// The password.
    pub password: String,
    /// A solved puzzle; required after three wrong attempts, and while very many people sign in (428 `puzzle_required`).
    #[serde(default)]
    pub proof: Option<PuzzleProof>,
}

/// Signs in.
///
/// After three wrong attempts on an account or from a network address, a puzzle is required; after ten on an account from one network, a wait there.
#[utoipa::path(post, path = "/customer/sessions", tag = "customers", request_body = CustomerSignIn, responses((status = 201, body = CustomerView), Problems))]
pub async fn sign_in_customer(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(CustomerSignIn { site, identifier: raw, password, proof }): ValidJson<CustomerSignIn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let tenant = tenant_of(&app, &site).await?;
    let identifier = identifier(&raw)?;
    let (lookup, lookups) = (app.vault().lookup(tenant, &identifier), app.vault().lookups(tenant, &identifier));
    let this = SignInTry::begin(&app, &lookup, address, proof.as_ref()).await?;
    let found = store_hall::customers::find_any(&mut app.db().read_of(tenant).await?, tenant, &lookups).await?;
    // For an account that does not exist, this takes just as long.
    let hash = found.as_ref().map(|customer| customer.password_hash.clone());
    let (Tried::Right(this), Some(customer)) = (this.fits(&app, password, hash).await?, found) else {
        app.in_memory().signs.count_name(tenant, address, identifier.text(), app.env().now());
        return Err(sign_in_failed());
    };
    let session = NewSession::prepare(&app, &headers, asked)?;
    let (new, id, checked) = (session.clone(), customer.id, customer.password_hash);
    let begun = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            // If the password was changed after it was read, the one that was checked is the old one.
            store_hall::customers::hold_password(tx, tenant, id, &checked).await.map_err(Fault::if_stale(sign_in_failed))?;
            Ok(new.begin(tx, tenant, id).await?)
        })
    });
    begun.await?;
    this.went_well(&app).await;
    session.answer(&app, tenant, id).await
}

#[cfg(test)]
mod tests {
    use domain::time::MINUTE;
    use serde_json::{Value, json};
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};
    use testkit_server::{Answer, solved_puzzle};

    async fn try_it(app: &TestApp, identifier: &str, password: &str, proof: Value) -> Answer {
        let mut body = json!({"site": "alpha", "identifier": identifier, "password": password});
        if !proof.is_null() {
            body["proof"] = proof;
        }
        app.post("/api/v1/customer/sessions", body).await
    }

    #[tokio::test]
    async fn however_it_is_typed_the_right_one_signs_in() {
        let app = TestApp::new().await;
        app.customer("13800138000").await;
        for typed in ["13800138000", "+86 138-0013-8000"] {
            assert_eq!(try_it(&app, typed, CUSTOMER_PASSWORD, json!(null)).await.expect(201)["mobile"], "+8613800138000");
        }
    }

    #[tokio::test]
    async fn the_answer_does_not_tell_which_of_both_was_wrong() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let (mut wrong, mut unknown) =
            (try_it(&app, "ada@example.com", "wrong", json!(null)).await.json(), try_it(&app, "eve@example.com", "wrong", json!(null)).await.json());
        (wrong["request_id"], unknown["request_id"]) = (json!(null), json!(null));
        assert_eq!(wrong, unknown);
        assert_eq!((&wrong["status"], &wrong["code"]), (&json!(401), &json!("sign_in_failed")));
    }

    #[tokio::test]
    async fn after_three_wrong_tries_a_puzzle_is_to_be_solved() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        for _ in 0..3 {
            try_it(&app, "ada@example.com", "wrong", json!(null)).await.problem(401, "sign_in_failed");
        }
        try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, json!(null)).await.problem(428, "puzzle_required");
        let proof = solved_puzzle(&app).await;
        try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, proof.clone()).await.expect(201);
        try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, proof).await.problem_at(422, "puzzle_refused", "proof");
    }

    #[tokio::test]
    async fn nobody_learns_from_the_puzzle_whether_there_is_an_account() {
        let app = TestApp::new().await;
        for _ in 0..3 {
            try_it(&app, "nobody@example.com", "wrong", json!(null)).await.problem(401, "sign_in_failed");
        }
        try_it(&app, "nobody@example.com", "wrong", json!(null)).await.problem(428, "puzzle_required");
    }

    #[tokio::test]
    async fn somebody_who_tries_many_names_is_told_to_the_managers() {
        let app = TestApp::behind_proxy().await;
        let mira = app.manager("mira").await;
        for n in 0..10 {
            let stranger = app.from_address("203.0.113.7");
            let body = json!({"site": "alpha", "identifier": format!("nobody{n}@example.com"), "password": "wrong", "proof": solved_puzzle(&stranger).await});
            stranger.post("/api/v1/customer/sessions", body).await.problem(401, "sign_in_failed");
        }
        http_kit::auth::raise_signs::raise(app.app()).await.unwrap();
        assert_eq!(mira.get("/api/v1/alerts").await.expect(200)["items"][0]["kind"], "many_names");
    }

    #[tokio::test]
    async fn after_ten_wrong_tries_it_takes_a_wait() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        for n in 0..10 {
            let proof = if n < 3 { json!(null) } else { solved_puzzle(&app).await };
            try_it(&app, "ada@example.com", "wrong", proof).await.problem(401, "sign_in_failed");
        }
        let refused = try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, solved_puzzle(&app).await).await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "900");
        app.clock.advance(15 * MINUTE);
        try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, json!(null)).await.expect(201);
    }

    #[tokio::test]
    async fn wrong_passwords_from_elsewhere_make_no_customer_wait() {
        let app = TestApp::behind_proxy().await;
        app.customer("ada@example.com").await;
        let ask = async |from: &str, password: &str| {
            let body = json!({"site": "alpha", "identifier": "ada@example.com", "password": password, "proof": solved_puzzle(&app).await});
            app.from_address(from).post("/api/v1/customer/sessions", body).await
        };
        for network in ["203.0.113.7", "203.0.113.8"] {
            for _ in 0..10 {
                ask(network, "wrong").await.problem(401, "sign_in_failed");
            }
            ask(network, CUSTOMER_PASSWORD).await.problem(429, "too_many_requests");
        }
        ask("198.51.100.7", CUSTOMER_PASSWORD).await.expect(201);
    }

    #[tokio::test]
    async fn one_network_cannot_ask_without_end_and_keeps_no_other_out() {
        let app = TestApp::behind_proxy().await;
        let (stranger, neighbour) = (app.from_address("203.0.113.7"), app.from_address("198.51.100.7"));
        let ask = async |who: &testkit_server::Client, n: usize| {
            let body = json!({"site": "alpha", "identifier": format!("n{n}@example.com"), "password": "wrong"});
            who.post("/api/v1/customer/sessions", body).await
        };
        for n in 0..300 {
            // Nothing is counted for the account while the puzzle is missing.
            ask(&stranger, n).await.problem(if n < 3 { 401 } else { 428 }, if n < 3 { "sign_in_failed" } else { "puzzle_required" });
        }
        ask(&stranger, 300).await.problem(429, "too_many_requests");
        ask(&neighbour, 300).await.problem(401, "sign_in_failed");
    }

    #[tokio::test]
    async fn a_password_that_is_replaced_meanwhile_lets_nobody_in() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let recover = json!({"site": "alpha", "identifier": "ada@example.com", "lang": "en", "proof": solved_puzzle(&app).await});
        app.post("/api/v1/customer/recoveries", recover).await.expect(202);
        let mail = app.message_to("ada@example.com").await.text;
        let handle = mail.split("/reset#").nth(1).unwrap().split_whitespace().next().unwrap();
        let mut proofs = vec![json!(null); 3];
        for _ in 0..5 {
            proofs.push(solved_puzzle(&app).await);
        }
        // All attempts read the password before the new one is stored; most are checked after it.
        let redeem = app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": "staple for the battery"}));
        let tries = proofs.into_iter().map(|proof| try_it(&app, "ada@example.com", CUSTOMER_PASSWORD, proof));
        let (redeemed, _) = futures_util::future::join(redeem, futures_util::future::join_all(tries)).await;
        redeemed.expect(201);
        let cookie = redeemed.header("set-cookie").split_once("__Host-yingda-customer=").unwrap().1.split(';').next().unwrap().to_owned();
        let sessions = app.with_customer(&cookie).get("/api/v1/customer/sessions").await.expect(200);
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");
    }

    #[tokio::test]
    async fn a_flood_of_customers_keeps_no_member_of_the_staff_out() {
        let app = TestApp::new().await;
        let member = app.agent("ada").await.member;
        app.set_password(&member, "long enough").await;
        let customers = &app.app().in_memory().passwords.customers;
        let flood = futures_util::future::join_all((0..80).map(|_| customers.hash_checked("long enough".to_owned())));
        let staff = async {
            // The customers were first.
            tokio::task::yield_now().await;
            app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await
        };
        let (flood, staff) = futures_util::future::join(flood, staff).await;
        staff.expect(201);
        let refused = flood.into_iter().filter_map(Result::err).map(|problem| (problem.status, problem.retry_after)).collect::<Vec<_>>();
        assert!(!refused.is_empty() && refused.iter().all(|one| *one == (503, Some(1))), "{refused:?}");
    }

    #[tokio::test]
    async fn a_customer_is_no_member_of_the_staff_and_the_other_way_round() {
        let app = TestApp::new().await;
        let (customer, agent) = (app.customer("ada@example.com").await, app.agent("ada").await);
        customer.get("/api/v1/me").await.problem(401, "not_signed_in");
        agent.get("/api/v1/customer").await.problem(401, "not_signed_in");
        let swapped = app.with_cookie(customer.customer.as_deref().unwrap());
        swapped.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.with_customer(agent.cookie.as_deref().unwrap()).get("/api/v1/customer").await.problem(401, "not_signed_in");
    }
}
