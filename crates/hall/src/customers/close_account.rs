//! `POST /api/v1/customer/closure`: the customer closes the account, and everything is erased.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use db::Shard;
use domain::{
    erasure::{Erased, ErasureReason},
    id::ErasureId,
    refusal::Code,
};
use http_kit::{
    App,
    audit::Asked,
    auth::{CustomerActor, session},
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use service::erasing::{self, Traces};
use store_hall::customer_codes::{Purpose, Tried};
use store_privacy::erasures::Erasure;
use utoipa::ToSchema;

use super::{act::Act, code_problem, digits_of, limits};

/// The proof that it is the customer who closes the account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountClosure {
    /// The password.
    pub password: String,
    /// The `handle` from the answer to the step-up.
    pub handle: String,
    /// The six digits that were sent for the step-up.
    pub code: String,
}

/// Closes the account. The customer is signed out everywhere; the account, its conversations with their files, and everything noted about the customer are erased
/// within seconds, for good.
#[utoipa::path(post, path = "/customer/closure", tag = "customers", security(("customer" = [])), request_body = AccountClosure,
    responses((status = 204, description = "The account is closed"), Problems))]
pub async fn close_account(
    State(app): State<App>,
    actor: CustomerActor,
    address: ClientAddress,
    asked: Asked,
    ValidJson(AccountClosure { password, handle, code }): ValidJson<AccountClosure>,
) -> Result<Response, Problem> {
    let CustomerActor { tenant, customer, .. } = actor;
    let stored = store_hall::customers::get(&mut app.db().read_of(actor.tenant).await?, tenant, customer).await?.password_hash;
    limits::may_try_old_password(&app, customer).await?;
    let wrong = || Problem::invalid("password", Code::PasswordWrong, "the password is wrong");
    if !app.in_memory().passwords.customers.fits(password, stored.clone()).await? {
        return Err(wrong());
    }
    limits::old_password_fits(&app, customer).await;
    limits::may_try_code(&app, address).await?;
    let (step_up, digits, act) = (env::hash(&handle), app.vault().codes(&handle, &digits_of(&code)), Act::new(&app, asked));
    let new = erasure(&app, Erased::Customer(customer));
    // The conversations are locked before everything else.
    let closed = actor.oneself().on(Shard::Of(customer.uuid())).write(&app, move |tx| {
        Box::pin(async move {
            let tried = store_hall::customer_codes::attempt(tx, tenant, Purpose::StepUp, &step_up, &digits).await?;
            if !matches!(tried, Tried::Right { customer: Some(of), .. } if of == customer) {
                return Ok(Err(tried));
            }
            store_hall::customers::hold_password(tx, tenant, customer, &stored).await.map_err(Fault::if_stale(wrong))?;
            act.note(tx, tenant, customer).await?;
            erasing::ask(tx, tenant, &new).await?;
            Ok(Ok(()))
        })
    });
    closed.await?.map_err(|tried| code_problem(&tried))?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, session::clear_customer()?);
    Ok(response)
}

fn erasure(app: &App, subject: Erased) -> Erasure {
    let new = Erasure::new(ErasureId::new(app.env().uuid()), subject, ErasureReason::AccountClosed, (None, "customer"), app.env().now());
    Erasure { traces: Some(Traces::of(app.env().uuid()).to_json()), ..new }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};

    const PATH: &str = "/api/v1/customer/closure";

    #[tokio::test]
    async fn an_account_is_closed_with_the_password_and_a_code_and_nobody_signs_in_to_it_again() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let sent = ada.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        let code = app.message_to("ada@example.com").await.code();
        let body = |password: &str, code: &str| json!({"password": password, "handle": sent["handle"], "code": code});
        ada.post(PATH, body("not the password", &code)).await.problem_at(422, "password_wrong", "password");
        ada.post(PATH, body(CUSTOMER_PASSWORD, "no digits")).await.problem_at(422, "code_wrong", "code");
        assert_eq!(ada.post(PATH, body(CUSTOMER_PASSWORD, &code)).await.status.as_u16(), 204);
        ada.get("/api/v1/customer").await.problem(401, "not_signed_in");
        let sign_in = json!({"site": "alpha", "identifier": "ada@example.com", "password": CUSTOMER_PASSWORD});
        let mira = app.manager("mira").await;
        testkit::eventually("the account is erased", async || (mira.get("/api/v1/erasures").await.expect(200)["items"][0]["state"] == "done").then_some(()))
            .await;
        assert_eq!(app.post("/api/v1/customer/sessions", sign_in).await.status.as_u16(), 401);
    }

    #[tokio::test]
    async fn a_code_of_somebody_else_closes_nothing() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let sent = eve.post("/api/v1/customer/step-up", json!({"via": "email"})).await.expect(202);
        let code = app.message_to("eve@example.com").await.code();
        let body = json!({"password": CUSTOMER_PASSWORD, "handle": sent["handle"], "code": code});
        ada.post(PATH, body).await.problem(410, "code_spent");
        ada.get("/api/v1/customer").await.expect(200);
        app.post(PATH, json!({"password": "x", "handle": "x", "code": "1"})).await.problem(401, "not_signed_in");
    }
}
