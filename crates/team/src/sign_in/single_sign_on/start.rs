//! `POST /api/v1/auth/single-sign-on`: begins to sign in by way of the company's identity provider.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::{mail_address::MailAddress, time::MINUTE};
use http_kit::{
    App,
    auth::{attempts::Limit, origin, tally::Tally},
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{attempt, company, not_set_up, provider::Provider};

/// Attempts from one network, which a large office shares.
const PER_NETWORK: Limit = Limit { tries: 300, within_ms: 15 * MINUTE };

/// Whose identity provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSingleSignOn {
    /// The company's short name; it may be omitted if the installation has only one company.
    #[serde(default)]
    pub company: Option<String>,
    /// The address that the identity provider may suggest.
    #[serde(default)]
    pub email: Option<String>,
}

/// Where to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleSignOnStarted {
    /// The identity provider's page, to which the browser goes; it comes back to `/console/single-sign-on`.
    pub url: String,
}

/// Begins to sign in by way of the company's identity provider. The attempt belongs to the browser that gets the cookie, and lasts for ten minutes.
#[utoipa::path(post, path = "/auth/single-sign-on", tag = "sign_in", request_body = StartSingleSignOn, responses((status = 200, body = SingleSignOnStarted), Problems))]
pub async fn start_single_sign_on(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(start): ValidJson<StartSingleSignOn>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let begun = Tally::new("single sign-ons from", &app.in_memory().sign_ins.sign_ons_from, app.cluster().redis());
    begun.take_from(address, PER_NETWORK, app.env().now()).await.map_err(Problem::too_many)?;
    let tenant = company(&app, start.company.as_deref()).await?.ok_or_else(not_set_up)?;
    let connection = store::single_sign_on::find(&mut app.db().read().await?, tenant).await?.ok_or_else(not_set_up)?;
    let provider = Provider::find(&app, connection).await?;
    let secret = || app.env().secret().map_err(|error| Problem::internal(&error));
    let (state, browser, sealer) = (secret()?, secret()?, app.sealer());
    let hashes = (env::hash(&state), env::hash(&browser));
    let hint = start.email.and_then(|email| MailAddress::parse(&email)).map(MailAddress::into_text);
    let url = provider.sign_in_url(state, attempt::nonce(&sealer, &browser), &attempt::verifier(&sealer, &browser), hint);
    let kept = Permitted::as_system(tenant)
        .write(&app, move |tx| Box::pin(async move { Ok(store::single_sign_on::begin_attempt(tx, tenant, &hashes.0, &hashes.1).await?) }));
    kept.await?;
    let mut response = Json(SingleSignOnStarted { url }).into_response();
    response.headers_mut().insert(header::SET_COOKIE, attempt::set(&browser)?);
    Ok(response)
}
