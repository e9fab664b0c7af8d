//! `POST /api/v1/customer/recoveries/redeem`: sets a new password with a link or a code.

use axum::{extract::State, http::HeaderMap, response::Response};
use db::Tx;
use domain::{
    id::{CustomerId, TenantId},
    refusal::Code,
};
use http_kit::{
    App,
    audit::Asked,
    auth::{origin, password::Passwords},
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store_hall::customer_codes::{Purpose, Tried};
use utoipa::ToSchema;

use super::{NewSession, code_problem, digits_of, identifiers_of, limits, view::CustomerView};

/// A link or a code, and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemRecovery {
    /// The part of the link after the `#`, or the `handle` from the answer to the request for a code.
    pub handle: String,
    /// The six digits, if a code was sent.
    #[serde(default)]
    pub code: Option<String>,
    /// The new password: at least 10 characters, at most 256 bytes, and not one of those that are guessed first.
    pub password: String,
}

/// Sets the password and signs in; every other session ends.
#[utoipa::path(post, path = "/customer/recoveries/redeem", tag = "customers", request_body = RedeemRecovery, responses((status = 201, body = CustomerView), Problems))]
pub async fn redeem_recovery(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(RedeemRecovery { handle, code, password }): ValidJson<RedeemRecovery>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    Passwords::check_for(&password, None)?;
    limits::may_try_code(&app, address).await?;
    let handle_hash = env::hash(&handle);
    let tenant = super::tenant_of_code(&app, &handle_hash).await?.ok_or_else(|| code_problem(&Tried::Unknown))?;
    // A hash is expensive, so none is computed for an invalid link or code.
    let standing = store_hall::customer_codes::refusal(&mut app.db().read_of(tenant).await?, tenant, Purpose::Recover, &handle_hash).await?;
    standing.map_or(Ok(()), |why| Err(code_problem(&why)))?;
    let code_hashes = code.map_or_else(Vec::new, |code| app.vault().codes(&handle, &digits_of(&code)));
    let chosen = password.clone();
    let password_hash = app.in_memory().passwords.customers.hash_checked(password).await?;
    let session = NewSession::prepare(&app, &headers, asked)?;
    let (new, with) = (session.clone(), app.clone());
    let set = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            let tried = store_hall::customer_codes::attempt(tx, tenant, Purpose::Recover, &handle_hash, &code_hashes).await?;
            let Tried::Right { customer: Some(customer), .. } = tried else { return Ok(Err(tried)) };
            refuse_own_name(&with, tx, tenant, customer, &chosen).await?;
            store_hall::customers::set_password(tx, tenant, customer, &password_hash).await?;
            // Existing sessions end, and anything else that was sent becomes invalid.
            store_hall::customer_sessions::end_others(tx, tenant, customer, None).await?;
            store_hall::customer_codes::spend_all(tx, tenant, customer).await?;
            new.begin(tx, tenant, customer).await?;
            Ok(Ok(customer))
        })
    });
    let customer = set.await?.map_err(|tried| code_problem(&tried))?;
    session.answer(&app, tenant, customer).await
}

/// Refuses a password that contains an address or number the customer signs in with. This does not use up the link or code.
async fn refuse_own_name(app: &App, tx: &mut Tx, tenant: TenantId, customer: CustomerId, password: &str) -> Result<(), Fault> {
    let identifiers = identifiers_of(app, tx, tenant, customer).await?;
    let holds = identifiers.iter().any(|identifier| Passwords::check_for(password, Some(identifier)).is_err());
    if holds {
        return Err(Problem::invalid("password", Code::PasswordHoldsIdentifier, "a password must not contain your own address or number").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::customer::CODE_MS;
    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};
    use testkit_server::solved_puzzle;

    const ANOTHER: &str = "staple for the battery";

    async fn link(app: &TestApp, identifier: &str) -> String {
        app.post("/api/v1/customer/recoveries", json!({"site": "alpha", "identifier": identifier, "lang": "en", "proof": solved_puzzle(app).await}))
            .await
            .expect(202);
        app.message_to(identifier).await.text.split("/reset#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }
    async fn sign_in(app: &TestApp, password: &str) -> testkit_server::Answer {
        app.post("/api/v1/customer/sessions", json!({"site": "alpha", "identifier": "ada@example.com", "password": password})).await
    }

    #[tokio::test]
    async fn a_link_sets_the_password_and_signs_everybody_else_out() {
        let app = TestApp::new().await;
        let before = app.customer("ada@example.com").await;
        let (first, second) = (link(&app, "ada@example.com").await, link(&app, "ada@example.com").await);
        let redeem = |handle: &str, password: &str| app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": password}));
        redeem(&second, "password123").await.problem_at(422, "password_too_common", "password");
        let done = redeem(&second, ANOTHER).await;
        assert!(done.header("set-cookie").starts_with("__Host-yingda-customer="));
        assert_eq!(done.expect(201)["email"], "ada@example.com");
        before.get("/api/v1/customer").await.problem(401, "not_signed_in");
        redeem(&second, ANOTHER).await.problem(410, "code_spent");
        redeem(&first, ANOTHER).await.problem(410, "code_spent");
        sign_in(&app, CUSTOMER_PASSWORD).await.problem(401, "sign_in_failed");
        sign_in(&app, ANOTHER).await.expect(201);
    }

    #[tokio::test]
    async fn of_fifty_uses_of_one_link_at_once_exactly_one_succeeds() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let handle = link(&app, "ada@example.com").await;
        let uses = (0..50).map(|_| app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": ANOTHER})));
        let statuses: Vec<u16> = join_all(uses).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        // On a crowded machine, some requests are asked to try again.
        assert!(statuses.iter().all(|status| matches!(status, 201 | 410 | 503)), "{statuses:?}");
    }

    #[tokio::test]
    async fn a_number_gets_a_code_which_goes_with_the_answer() {
        let app = TestApp::new().await;
        app.customer("13800138000").await;
        let ask = json!({"site": "alpha", "identifier": "13800138000", "lang": "en", "proof": solved_puzzle(&app).await});
        let (mine, others) = (app.post("/api/v1/customer/recoveries", ask.clone()).await.expect(202), "0".repeat(64));
        let code = app.message_to("+8613800138000").await.code();
        let redeem = |handle: &Value, code: Value| app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "code": code, "password": ANOTHER}));
        redeem(&json!(others), json!(code)).await.problem(404, "link_unknown");
        app.post("/api/v1/customer/recoveries/redeem", json!({"handle": mine["handle"], "password": ANOTHER})).await.problem_at(422, "code_wrong", "code");
        redeem(&mine["handle"], json!(format!(" {} {} ", &code[..3], &code[3..]))).await.expect(201);
    }

    #[tokio::test]
    async fn a_password_that_holds_the_address_is_refused_and_the_link_still_works() {
        let app = TestApp::new().await;
        app.customer("ada.love@example.com").await;
        let handle = link(&app, "ada.love@example.com").await;
        let redeem = |password: &str| app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": password}));
        redeem("hello ada.love").await.problem_at(422, "password_holds_identifier", "password");
        redeem(ANOTHER).await.expect(201);
    }

    #[tokio::test]
    async fn a_link_is_good_for_a_quarter_of_an_hour() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let handle = link(&app, "ada@example.com").await;
        app.clock.advance(CODE_MS);
        app.post("/api/v1/customer/recoveries/redeem", json!({"handle": handle, "password": ANOTHER})).await.problem(410, "code_expired");
        sign_in(&app, CUSTOMER_PASSWORD).await.expect(201);
    }
}
