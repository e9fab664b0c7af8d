//! `POST /api/v1/auth/single-sign-on/finish`: signs in with what the identity provider sent the browser back with.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use domain::{id::TenantId, journal::Actor, refusal::Code};
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
    request_company,
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use serde_json::{Value, json};
use store::entry_points::SignOnAttempt;
use utoipa::ToSchema;

use super::{
    admit::Vouched,
    attempt, not_set_up,
    provider::{self, Provider},
};
use crate::{
    me::view::Me,
    sign_in::{
        limits::SignInTry,
        proved::{Next, Proof, Proved, SecondStepAsked},
    },
};

/// What the identity provider added to the address of the page that the browser came back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSingleSignOn {
    /// The company's id in the address of the page.
    pub company: TenantId,
    /// The state that was sent there.
    pub state: String,
    /// The code, if somebody signed in.
    #[serde(default)]
    pub code: Option<String>,
    /// Why there is no code.
    #[serde(default)]
    pub error: Option<String>,
    /// Who answers (RFC 9207); required if the identity provider's discovery document announces it.
    #[serde(default)]
    pub iss: Option<String>,
}

/// Signs in with what the identity provider sent the browser back with, once.
///
/// Who is refused changes nothing; the company's audit says why.
///
/// The answer is 202 if a second step is asked for, which it is unless the ID token says that the identity provider has asked for two proofs (`amr`): nobody is
/// signed in before it.
#[utoipa::path(post, path = "/auth/single-sign-on/finish", tag = "sign_in", request_body = FinishSingleSignOn,
    responses((status = 201, body = Me), (status = 202, body = SecondStepAsked), Problems))]
pub async fn finish_single_sign_on(
    State(app): State<App>,
    address: ClientAddress,
    asked: Asked,
    headers: HeaderMap,
    ValidJson(back): ValidJson<FinishSingleSignOn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let this = SignInTry::begin(&app, address).await?;
    let state_hash = env::hash(&back.state);
    let attempt = store::entry_points::sign_on_attempt(app.db(), &state_hash).await?;
    // What came back to another company's page is no answer to this attempt.
    let attempt = attempt.filter(|attempt| attempt.tenant == back.company && request_company::enter(attempt.tenant)).ok_or_else(attempt_expired)?;
    let tenant = attempt.tenant;
    let mut known = json!({});
    let done = async {
        let vouched = check_answer(&app, &headers, &attempt, state_hash, back, &mut known).await?;
        let proof = Proof::Provider { by_two: vouched.by_two() };
        let agent = vouched.member(&mut app.db().read_of(tenant).await?, tenant).await?;
        let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (proof, asked.clone().saying(known.clone()))).await?;
        let next = let_in(&app, tenant, vouched, proved.clone()).await?;
        Ok::<_, Problem>((proved, next))
    };
    let (proved, next) = match done.await {
        Ok(done) => done,
        Err(problem) => {
            app.in_memory().refusals.count(tenant, Actor::system(), asked.saying(known), problem.code);
            return Err(problem);
        }
    };
    this.give_back().await;
    let mut response = proved.answer(&app, next).await?;
    response.headers_mut().append(header::SET_COOKIE, attempt::clear());
    Ok(response)
}

/// Who came back, after everything was verified that can be without looking at the staff. What the audit is to say is added to `known`.
async fn check_answer(
    app: &App,
    headers: &HeaderMap,
    attempt: &SignOnAttempt,
    state_hash: Vec<u8>,
    back: FinishSingleSignOn,
    known: &mut Value,
) -> Result<Vouched, Problem> {
    let (tenant, now) = (attempt.tenant, app.env().now());
    let browser = attempt::browser(headers).filter(|secret| env::hash(secret) == attempt.browser_hash).ok_or_else(attempt_expired)?;
    let spent = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move { store::single_sign_on::spend_attempt(tx, tenant, &state_hash).await.map_err(Fault::if_stale(attempt_spent)) })
    });
    spent.await?;
    if attempt.expires_at <= now {
        return Err(attempt_expired());
    }
    let FinishSingleSignOn { company: _, state: _, code, error, iss } = back;
    let Some(code) = code.filter(|_| error.is_none()) else { return Err(provider::declined_problem()) };
    let connection = store::single_sign_on::find(&mut app.db().read_of(tenant).await?, tenant).await?.ok_or_else(not_set_up)?;
    let (rules, sealer) = (connection.rules(), app.sealer());
    let found = Provider::find(app, connection).await?;
    found.check_sender(iss.as_deref())?;
    let said = found.ask_who(app, code, attempt::verifier(&sealer, browser), &attempt::nonce(&sealer, browser)).await?;
    if let Some(address) = &said.address {
        known["address"] = Value::from(address.text());
    }
    Vouched::of(app, said, &rules, tenant)
}

/// Lets somebody in: who that is, what changes by it, what comes next and the line in the audit are one transaction.
async fn let_in(app: &App, tenant: TenantId, vouched: Vouched, proved: Proved) -> Result<Next, Problem> {
    let begun = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move {
            // Who is created or given another role is content of the company.
            tx.lock_company().await?;
            // The rules may have changed while the identity provider was asked.
            let connection = store::single_sign_on::find(tx, tenant).await?.ok_or_else(not_set_up)?;
            let agent = vouched.admit(tx, &connection.rules()).await?;
            // Somebody who came in, or was given the address, while this was prepared for another member.
            if agent != proved.agent() {
                return Err(attempt_spent().into());
            }
            proved.settle(tx).await
        })
    });
    begun.await
}

fn attempt_expired() -> Problem {
    Problem::new(StatusCode::GONE, Code::SingleSignOnExpired, "this attempt to sign in is not known in this browser, or took too long: begin again")
}

fn attempt_spent() -> Problem {
    Problem::new(StatusCode::GONE, Code::SingleSignOnSpent, "this attempt to sign in has already been used: begin again")
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, header};
    use domain::single_sign_on::ATTEMPT_MS;
    use serde_json::{Value, json};

    use super::super::tests::{
        idp::Idp,
        story::{Sent, Story},
    };

    #[tokio::test]
    async fn an_attempt_is_one_browsers_is_used_once_and_grows_old() {
        let story = Story::new(json!({})).await;
        story.app.agent("ada").await;
        let sent = story.begin().await;
        let token = Idp::token(&story.claims(&sent), 0);
        let other = Sent { cookie: story.begin().await.cookie, state: sent.state.clone(), nonce: String::new(), challenge: sent.challenge.clone() };
        story.finish(&other, token.clone()).await.problem(410, "single_sign_on_expired");
        story.finish(&sent, token.clone()).await.expect(201);
        story.finish(&sent, token).await.problem(410, "single_sign_on_spent");
        let late = story.begin().await;
        story.app.clock.advance(ATTEMPT_MS);
        story.finish(&late, String::new()).await.problem(410, "single_sign_on_expired");
        let unknown = Sent { state: "0".repeat(64), ..story.begin().await };
        story.finish(&unknown, String::new()).await.problem(410, "single_sign_on_expired");
        let declined = story.begin().await;
        story.come_back(&declined, json!({"error": "access_denied"})).await.problem(403, "single_sign_on_declined");
        let mixed = story.begin().await;
        story.come_back(&mixed, json!({"code": "the code", "iss": "https://other.example"})).await.problem(403, "single_sign_on_token_refused");
        let expected =
            ["in", "single_sign_on_declined", "single_sign_on_expired", "single_sign_on_expired", "single_sign_on_spent", "single_sign_on_token_refused"];
        assert_eq!(story.audited(5).await, expected, "what cannot be told whose it is, is no company's");
    }

    #[tokio::test]
    async fn what_came_back_to_another_companys_page_or_does_not_say_from_whom_is_no_answer() {
        let story = Story::new(json!({})).await;
        story.app.agent("ada").await;
        let beta = story.app.other_company("beta").await;
        story.idp.saying().discovery = json!({"authorization_response_iss_parameter_supported": true});
        let sent = story.begin().await;
        story.come_back(&sent, json!({"code": "the code", "company": beta.tenant})).await.problem(410, "single_sign_on_expired");
        // That has not used the attempt up.
        story.come_back(&sent, json!({"code": "the code"})).await.problem(403, "single_sign_on_token_refused");
        let sent = story.begin().await;
        {
            let mut saying = story.idp.saying();
            (saying.token, saying.challenge) = (Idp::token(&story.claims(&sent), 0), sent.challenge.clone());
        }
        story.come_back(&sent, json!({"code": "the code", "iss": story.idp.issuer})).await.expect(201);
    }

    #[tokio::test]
    async fn only_our_page_finishes_and_whoever_it_lets_in_may_try_on() {
        let story = Story::new(json!({})).await;
        story.app.agent("ada").await;
        let sent = story.begin().await;
        let foreign = || story.app.request(Method::POST, "/api/v1/auth/single-sign-on/finish").header("sec-fetch-site", "cross-site");
        story
            .app
            .send(foreign().header(header::COOKIE, &sent.cookie).json(&json!({"state": sent.state, "company": story.app.company.tenant})))
            .await
            .problem(403, "cross_site");
        story.app.post("/api/v1/auth/single-sign-on/finish", json!({"code": "the code", "company": story.app.company.tenant})).await.problem_at(
            422,
            "missing_field",
            "state",
        );
        // What was refused so has not used the attempt up.
        let came = story.finish(&sent, Idp::token(&story.claims(&sent), 0)).await;
        assert_eq!(came.expect(201)["name"], "ada");
        let unknown = Sent { state: "0".repeat(64), ..story.begin().await };
        for _ in 0..30 {
            story.come_back(&unknown, json!({})).await.problem(410, "single_sign_on_expired");
        }
        assert!(story.come_back(&unknown, json!({})).await.problem(429, "too_many_requests")["retry_after"].is_number());
        assert_eq!(story.audited(0).await, ["in"]);
        assert_ne!(story.tara.get("/api/v1/single-sign-on").await.expect(200)["connection"]["proved_at"], Value::Null);
    }
}
