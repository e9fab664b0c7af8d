//! `POST /api/v1/auth/second-step`: takes the second step of a sign-in with a code.

use axum::{extract::State, http::HeaderMap, response::Response};
use http_kit::{
    App,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{check, over, waiting};
use crate::{
    me::view::Me,
    sign_in::proved::{Proof, Proved},
};

/// A code as the second step of a sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStepCode {
    /// The token of the sign-in.
    pub token: String,
    /// A code of the authenticator app, or a recovery code.
    pub code: String,
}

/// Takes the second step of a sign-in with a code of the authenticator app or a recovery code; each code is used once.
///
/// After ten wrong codes of a member within 15 minutes there is a wait; after ten of one sign-in, it begins again.
#[utoipa::path(post, path = "/auth/second-step", tag = "sign_in", request_body = SecondStepCode, responses((status = 201, body = Me), Problems))]
pub async fn give_second_step(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(SecondStepCode { token, code }): ValidJson<SecondStepCode>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let (tenant, agent) = waiting(&app, &token).await?;
    count_try(&app, tenant, agent, &token).await?;
    let given = check::read(&app, tenant, agent, &code).await?;
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), Proof::Two).await?;
    let (token_hash, then) = (env::hash(&token), proved.clone());
    let taken = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            store::sign_in_steps::spend(tx, tenant, &token_hash).await.map_err(Fault::if_stale(over))?;
            given.use_up(tx, tenant, agent).await?;
            Ok(then.settle(tx).await?)
        })
    });
    let next = taken.await?;
    check::forget(&app, agent).await;
    proved.answer(&app, next).await
}

/// Counts a try of the second step of a sign-in, for the member and for the sign-in.
pub(crate) async fn count_try(app: &App, tenant: domain::id::TenantId, agent: domain::id::AgentId, token: &str) -> Result<(), Problem> {
    check::count(app, agent).await?;
    let token_hash = env::hash(token);
    let counted = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move { store::sign_in_steps::count_try(tx, tenant, &token_hash).await.map_err(Fault::if_stale(over)) })
    });
    counted.await
}
