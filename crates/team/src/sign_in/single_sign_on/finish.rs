//! `POST /api/v1/auth/single-sign-on/finish`: signs in with what the identity provider sent the browser back with.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
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
    sign_in::{NewSession, limits::SignInTry},
};

/// How the audit names a sign-in.
const OPERATION: &str = "POST /api/v1/auth/single-sign-on/finish";

/// What the identity provider added to the address of the page that the browser came back to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSingleSignOn {
    /// The state that was sent there.
    pub state: String,
    /// The code, if somebody signed in.
    #[serde(default)]
    pub code: Option<String>,
    /// Why there is no code.
    #[serde(default)]
    pub error: Option<String>,
    /// Who answers (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
}

/// Signs in with what the identity provider sent the browser back with, once.
///
/// Who is refused changes nothing; the company's audit says why.
#[utoipa::path(post, path = "/auth/single-sign-on/finish", tag = "sign_in", request_body = FinishSingleSignOn, responses((status = 201, body = Me), Problems))]
pub async fn finish_single_sign_on(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(back): ValidJson<FinishSingleSignOn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let this = SignInTry::begin(&app, address).await?;
    let state_hash = env::hash(&back.state);
    let attempt = store::entry_points::sign_on_attempt(app.db(), &state_hash).await?.ok_or_else(expired)?;
    let tenant = attempt.tenant;
    let session = NewSession::prepare(&app, &headers, address)?;
    let mut known = json!({});
    let done = async {
        let vouched = vouched(&app, &headers, &attempt, state_hash, back, &mut known).await?;
        begin(&app, tenant, vouched, session.clone(), &known).await
    };
    let agent = match done.await {
        Ok(agent) => agent,
        Err(problem) => {
            note_refusal(&app, tenant, known, &problem).await?;
            return Err(problem);
        }
    };
    this.give_back().await;
    let mut response = session.answer(Me::read(&app, tenant, agent).await?)?;
    response.headers_mut().append(header::SET_COOKIE, attempt::clear());
    Ok(response)
}

/// Who came back, after everything was verified that can be without looking at the staff. What the audit is to say is added to `known`.
async fn vouched(
    app: &App,
    headers: &HeaderMap,
    attempt: &SignOnAttempt,
    state_hash: Vec<u8>,
    back: FinishSingleSignOn,
    known: &mut Value,
) -> Result<Vouched, Problem> {
    let (tenant, now) = (attempt.tenant, app.env().now());
    let browser = attempt::browser(headers).filter(|secret| env::hash(secret) == attempt.browser_hash).ok_or_else(expired)?;
    let spent = Permitted::as_system(tenant)
        .write(app, move |tx| Box::pin(async move { store::single_sign_on::spend_attempt(tx, tenant, &state_hash).await.map_err(Fault::if_stale(spent)) }));
    spent.await?;
    if attempt.expires_at <= now {
        return Err(expired());
    }
    let FinishSingleSignOn { state: _, code, error, iss } = back;
    let Some(code) = code.filter(|_| error.is_none()) else { return Err(provider::declined()) };
    let connection = store::single_sign_on::find(&mut app.db().read().await?, tenant).await?.ok_or_else(not_set_up)?;
    if iss.is_some_and(|iss| iss != connection.issuer) {
        return Err(provider::token_refused("another identity provider answers"));
    }
    let (rules, sealer) = (connection.rules(), app.sealer());
    let found = Provider::find(app, connection).await?;
    let said = found.said(app, code, attempt::verifier(&sealer, browser), &attempt::nonce(&sealer, browser)).await?;
    if let Some(address) = &said.address {
        known["address"] = Value::from(address.text());
    }
    Vouched::of(app, said, &rules, tenant)
}

/// Lets somebody in: who that is, what changes by it, the session and the line in the audit are one transaction.
async fn begin(app: &App, tenant: TenantId, vouched: Vouched, new: NewSession, known: &Value) -> Result<AgentId, Problem> {
    let noted = Permitted::as_system(tenant).audited(Some(Asked::by_nobody(OPERATION, known.clone())));
    let begun = noted.write(app, move |tx| {
        Box::pin(async move {
            // Who is created or given another role is content of the company.
            tx.lock_company().await?;
            // The rules may have changed while the identity provider was asked.
            let connection = store::single_sign_on::find(tx, tenant).await?.ok_or_else(not_set_up)?;
            let agent = vouched.admit(tx, &connection.rules()).await?;
            new.begin(tx, tenant, agent).await?;
            Ok(agent)
        })
    });
    begun.await
}

/// Notes a refusal in the audit.
async fn note_refusal(app: &App, tenant: TenantId, mut known: Value, problem: &Problem) -> Result<(), Problem> {
    known["refused"] = Value::from(problem.code.as_str());
    let noted = Permitted::as_system(tenant).audited(Some(Asked::by_nobody(OPERATION, known)));
    noted.write(app, |_| Box::pin(async { Ok(()) })).await
}

fn expired() -> Problem {
    Problem::new(StatusCode::GONE, Code::SingleSignOnExpired, "this attempt to sign in is not known in this browser, or took too long: begin again")
}

fn spent() -> Problem {
    Problem::new(StatusCode::GONE, Code::SingleSignOnSpent, "this attempt to sign in has already been used: begin again")
}
