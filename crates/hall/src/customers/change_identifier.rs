//! `POST /api/v1/customer/identifiers`: changes the address or number to sign in with, or adds one of the other kind.

use axum::{extract::State, response::Response};
use domain::customer::Identifier;
use http_kit::{
    App,
    auth::CustomerActor,
    extract::ValidJson,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store_hall::customer_codes::{NewCode, Purpose, Tried};
use utoipa::ToSchema;

use super::{
    Sent, code_problem, digits, digits_of,
    letters::{self, Letter},
    limits::{self, Sending},
    secret, sendable,
    texts::Text,
};

/// A new address or number, and the proof that the customer is the one who asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIdentifier {
    /// An e-mail address or a mobile number; it replaces the one of the same kind.
    pub identifier: String,
    /// The `handle` from the answer to the step-up.
    pub handle: String,
    /// The six digits that were sent for the step-up.
    pub code: String,
}

/// Accepts the step-up's code and sends another code to the new address or number.
///
/// If that belongs to somebody else, its owner is notified; the answer is the same.
#[utoipa::path(post, path = "/customer/identifiers", tag = "customers", security(("customer" = [])), request_body = NewIdentifier, responses((status = 202, body = Sent), Problems))]
pub async fn change_identifier(
    State(app): State<App>,
    actor: CustomerActor,
    address: ClientAddress,
    ValidJson(NewIdentifier { identifier: raw, handle, code }): ValidJson<NewIdentifier>,
) -> Result<Response, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    let identifier = sendable(&raw)?;
    let text = Text::to(&app, tenant, "identifier", &identifier)?;
    let lookups = app.vault().lookups(tenant, &identifier);
    limits::may_try_code(&app, address).await?;
    let (lang, is_taken) = {
        let mut tx = app.db().read_of(actor.tenant).await?;
        (store_hall::customers::get(&mut tx, tenant, customer).await?.lang, store_hall::customers::find_any(&mut tx, tenant, &lookups).await?.is_some())
    };
    let (step_up, step_up_code) = (env::hash(&handle), app.vault().codes(&handle, &digits_of(&code)));
    let proved = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            let tried = store_hall::customer_codes::attempt(tx, tenant, Purpose::StepUp, &step_up, &step_up_code).await?;
            Ok(if matches!(tried, Tried::Right { customer: Some(of), .. } if of == customer) { Ok(()) } else { Err(tried) })
        })
    });
    proved.await?.map_err(|tried| code_problem(&tried))?;
    // This is counted only for callers who may change it: otherwise anybody could use up the allowance of somebody else's address.
    limits::may_send(&app, Sending::Change, tenant, &identifier, address).await?;
    let (next, digits) = (secret(&app)?, digits(&app)?);
    let new = pending(&app, actor, &identifier, &next, if is_taken { "none" } else { &digits })?;
    let letter = letters::job(&app, tenant, &identifier, lang, if is_taken { Letter::Already } else { Letter::Code(digits) }, true).await?;
    let noted = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            text.count(tx, tenant, true).await?;
            store::jobs::add(tx, tenant, &letter).await?;
            Ok(store_hall::customer_codes::insert(tx, tenant, &new).await?)
        })
    });
    noted.await?;
    Ok(Sent::answer(&app, next))
}

fn pending(app: &App, actor: CustomerActor, identifier: &Identifier, handle: &str, digits: &str) -> Result<NewCode, Problem> {
    let handle_hash = env::hash(handle);
    let payload = Some(app.vault().seal_payload(&handle_hash, identifier.text().as_bytes()).map_err(|error| Problem::internal(&error))?);
    let code_hash = Some(app.vault().code(handle, digits));
    Ok(NewCode { handle_hash, purpose: Purpose::Change, customer: Some(actor.customer), code_hash, payload })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{CustomerClient, TestApp};

    async fn step_up(app: &TestApp, who: &CustomerClient, to: &str) -> (Value, String) {
        let sent = who.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        (sent["handle"].clone(), app.message_to(to).await.code())
    }

    #[tokio::test]
    async fn both_codes_are_needed_and_then_the_new_one_signs_in() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let (handle, code) = step_up(&app, &ada, "ada@example.com").await;
        let change =
            |handle: &Value, code: &str| ada.post("/api/v1/customer/identifiers", json!({"identifier": "love@example.com", "handle": handle, "code": code}));
        change(&handle, "no digits").await.problem_at(422, "code_wrong", "code");
        let sent = change(&handle, &code).await.expect(202);
        change(&handle, &code).await.problem(410, "code_spent");
        let proof = app.message_to("love@example.com").await.code();
        assert_eq!(ada.get("/api/v1/customer").await.expect(200)["email"], "ada@example.com");
        let confirm = json!({"handle": sent["handle"], "code": proof});
        assert_eq!(ada.post("/api/v1/customer/identifiers/confirm", confirm).await.expect(200)["email"], "love@example.com");
        assert!(app.message_to("ada@example.com").await.text.contains("no longer be used"));
    }

    #[tokio::test]
    async fn somebody_elses_address_is_not_taken_and_not_revealed() {
        let app = TestApp::new().await;
        let (ada, _) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let (handle, code) = step_up(&app, &ada, "ada@example.com").await;
        let change = json!({"identifier": "eve@example.com", "handle": handle, "code": code});
        let sent = ada.post("/api/v1/customer/identifiers", change).await.expect(202);
        assert!(app.message_to("eve@example.com").await.text.contains("already has an account"));
        let confirm = json!({"handle": sent["handle"], "code": "none"});
        ada.post("/api/v1/customer/identifiers/confirm", confirm).await.problem_at(422, "code_wrong", "code");
    }

    #[tokio::test]
    async fn a_code_of_somebody_else_proves_nothing() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let (handle, code) = step_up(&app, &eve, "eve@example.com").await;
        let change = json!({"identifier": "13800138000", "handle": handle, "code": code});
        ada.post("/api/v1/customer/identifiers", change).await.problem(410, "code_spent");
        assert_eq!(ada.get("/api/v1/customer").await.expect(200)["mobile"], json!(null));
    }
}
