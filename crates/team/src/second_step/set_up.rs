//! `POST /api/v1/auth/second-step/setup` and `POST /api/v1/auth/second-step/setup/confirm`: sets up two-step verification during a sign-in, because the company
//! requires it. Until that is done, there is no session, and nothing else can be done.

use axum::{Json, extract::State, http::{HeaderMap, StatusCode}, response::{IntoResponse as _, Response}};
use domain::id::{AgentId, TenantId};
use http_kit::{
    App,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NewApp, check, confirm, is_on, new_app, new_codes, over, waiting};
use crate::{
    me::view::Me,
    sign_in::proved::{Proof, Proved},
};

/// The token of a sign-in that waits for the second step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStepToken {
    /// The token of the sign-in.
    pub token: String,
}

/// The first code of the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstCode {
    /// The token of the sign-in.
    pub token: String,
    /// The code that the app shows.
    pub code: String,
}

/// Who is signed in, and the recovery codes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetUp {
    /// Who is signed in.
    pub me: Me,
    /// The recovery codes, which are shown once; each is used once, in place of a code of the app.
    pub recovery_codes: Vec<String>,
}

/// Gives an authenticator app what it needs, during a sign-in for which two-step verification has to be set up.
#[utoipa::path(post, path = "/auth/second-step/setup", tag = "sign_in", request_body = SecondStepToken, responses((status = 201, body = NewApp), Problems))]
pub async fn begin_setup_at_sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    ValidJson(SecondStepToken { token }): ValidJson<SecondStepToken>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let (tenant, agent) = waiting(&app, &token).await?;
    refuse_with_passkey(&app, tenant, agent).await?;
    let (sealed, shown) = new_app(&app, tenant, agent).await?;
    let begun = Permitted::as_system(tenant)
        .write(&app, move |tx| Box::pin(async move { store::second_steps::begin(tx, tenant, agent, &sealed).await.map_err(Fault::if_taken(is_on)) }));
    begun.await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// Signs in with the first code of the app: from then on, it is asked for at each sign-in.
#[utoipa::path(post, path = "/auth/second-step/setup/confirm", tag = "sign_in", request_body = FirstCode, responses((status = 201, body = SetUp), Problems))]
pub async fn confirm_setup_at_sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(FirstCode { token, code }): ValidJson<FirstCode>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let (tenant, agent) = waiting(&app, &token).await?;
    super::give::count_try(&app, tenant, agent, &token).await?;
    refuse_with_passkey(&app, tenant, agent).await?;
    let first = confirm::read_first(&app, tenant, agent, &code).await?;
    let (codes, digests) = new_codes(&app, agent)?;
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), Proof::Two).await?;
    let (token_hash, then) = (env::hash(&token), proved.clone());
    let done = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            store::sign_in_steps::spend(tx, tenant, &token_hash).await.map_err(Fault::if_stale(over))?;
            first.confirm(tx, tenant, agent, &digests).await?;
            Ok(then.settle(tx).await?)
        })
    });
    done.await?;
    check::forget(&app, agent).await;
    proved.answer_with(&app, |me| SetUp { me, recovery_codes: codes.recovery_codes }).await
}

/// Whoever has a passkey has a second step, and takes it.
async fn refuse_with_passkey(app: &App, tenant: TenantId, agent: AgentId) -> Result<(), Problem> {
    let passkeys = store::passkeys::list(&mut app.db().read().await?, tenant, agent).await?;
    if passkeys.is_empty() { Ok(()) } else { Err(is_on()) }
}
