//! `POST /api/v1/customer/registrations/confirm`: submits the code, which creates the account and signs its owner in.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    customer::Identifier,
    id::{CustomerId, TenantId},
};
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use seal::vault::Field;
use serde::Deserialize;
use service::customers;
use store_hall::{
    customer_codes::{Purpose, Tried},
    customers::Customer,
};
use utoipa::ToSchema;

use super::{NewSession, code_problem, digits_of, limits, register::Pending, view::CustomerView};

/// A code that was sent, and the handle it belongs to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandedIn {
    /// The `handle` from the answer to the previous request.
    pub handle: String,
    /// The six digits; spaces are ignored.
    pub code: String,
}

/// Submits the code, creates the account and signs in.
#[utoipa::path(post, path = "/customer/registrations/confirm", tag = "customers", request_body = HandedIn, responses((status = 201, body = CustomerView), Problems))]
pub async fn confirm_registration(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(HandedIn { handle, code }): ValidJson<HandedIn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    limits::may_try_code(&app, address).await?;
    let handle_hash = env::hash(&handle);
    let tenant = super::tenant_of_code(&app, &handle_hash).await?.ok_or_else(|| code_problem(&Tried::Unknown))?;
    let (code_hashes, session) = (app.vault().codes(&handle, &digits_of(&code)), NewSession::prepare(&app, &headers, asked)?);
    let (id, with, new) = (CustomerId::new(app.env().uuid()), app.clone(), session.clone());
    let made = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            let tried = store_hall::customer_codes::attempt(tx, tenant, Purpose::Register, &handle_hash, &code_hashes).await?;
            let Tried::Right { payload: Some(sealed), .. } = tried else { return Ok(Err(tried)) };
            // Somebody may have proved the same address in the meantime, with another code.
            make(&with, tx, tenant, id, &handle_hash, &sealed).await.map_err(Fault::if_taken(|| code_problem(&Tried::Spent)))?;
            new.begin(tx, tenant, id).await?;
            Ok(Ok(()))
        })
    });
    made.await?.map_err(|tried| code_problem(&tried))?;
    session.answer(&app, tenant, id).await
}

async fn make(app: &App, tx: &mut db::Tx, tenant: TenantId, id: CustomerId, handle_hash: &[u8], sealed: &[u8]) -> store::Result<()> {
    let corrupt = || store::Error::Db(db::Error::Corrupt("a registration does not open".to_owned()));
    let vault = app.vault();
    let json = vault.open_payload(handle_hash, sealed).ok_or_else(corrupt)?;
    let Pending { identifier, password_hash, lang } = serde_json::from_slice(&json).map_err(|_| corrupt())?;
    let identifier = Identifier::parse(&identifier).map_err(|_| corrupt())?;
    // An earlier version may have stored it in another spelling, which nothing else guards.
    if store_hall::customers::find_any(tx, tenant, &vault.lookups(tenant, &identifier)).await?.is_some() {
        return Err(store::Error::Taken);
    }
    let now = tx.now();
    let customer = Customer { id, tenant, name: None, lang, password_hash, created_at: now, updated_at: now };
    let sealed = vault.seal(tenant, id, Field::Identifier, identifier.text()).map_err(|_| corrupt())?;
    let stored = store_hall::customers::StoredIdentifier { lookup: vault.lookup(tenant, &identifier), kind: identifier.kind(), sealed, verified_at: now };
    store_hall::customers::insert(tx, tenant, &customer, &stored).await?;
    customers::derive(tx, &vault, tenant, id).await
}

#[cfg(test)]
mod tests {
    use domain::customer::CODE_MS;
    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::solved_puzzle;

    async fn registered(app: &TestApp, identifier: &str) -> (Value, String) {
        let proof = solved_puzzle(app).await;
        let new = json!({"site": "alpha", "identifier": identifier, "password": "correct horse battery", "lang": "en", "proof": proof});
        let handle = app.post("/api/v1/customer/registrations", new).await.expect(202)["handle"].clone();
        (handle, app.message_to(identifier).await.code())
    }

    #[tokio::test]
    async fn of_fifty_uses_of_one_code_at_once_exactly_one_succeeds() {
        let app = TestApp::new().await;
        let (handle, code) = registered(&app, "ada@example.com").await;
        let uses = (0..50).map(|_| app.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": code})));
        let statuses: Vec<u16> = join_all(uses).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        // On a crowded machine, some requests are asked to try again.
        assert!(statuses.iter().all(|status| matches!(status, 201 | 410 | 503)), "{statuses:?}");
    }

    #[tokio::test]
    async fn after_five_wrong_codes_the_right_one_is_none_either() {
        let app = TestApp::new().await;
        let (handle, code) = registered(&app, "ada@example.com").await;
        let wrong = if code == "000000" { "111111" } else { "000000" };
        let hand_in = |code: String| app.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": code}));
        for _ in 0..4 {
            hand_in(wrong.to_owned()).await.problem_at(422, "code_wrong", "code");
        }
        hand_in(wrong.to_owned()).await.problem(410, "code_spent");
        hand_in(code).await.problem(410, "code_spent");
    }

    #[tokio::test]
    async fn a_code_runs_out_and_a_code_of_nothing_is_unknown() {
        let app = TestApp::new().await;
        let (handle, code) = registered(&app, "ada@example.com").await;
        app.clock.advance(CODE_MS);
        app.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": code})).await.problem(410, "code_expired");
        app.post("/api/v1/customer/registrations/confirm", json!({"handle": "0", "code": code})).await.problem(404, "link_unknown");
    }

    #[tokio::test]
    async fn who_registers_twice_has_one_account() {
        let app = TestApp::new().await;
        let (first, second) = (registered(&app, "ada@example.com").await, registered(&app, "ada@example.com").await);
        let hand_in = |(handle, code): (Value, String)| app.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": code}));
        hand_in(second).await.expect(201);
        hand_in(first).await.problem(410, "code_spent");
    }
}
