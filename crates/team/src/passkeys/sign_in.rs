//! `POST /api/v1/auth/passkey-options` and `POST /api/v1/auth/passkey-sessions`: signs in with a passkey, which also says who somebody is.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use http_kit::{
    App,
    auth::origin,
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;

use super::{
    ceremony::{self, Used},
    view::{PasskeyAssertion, PasskeyOptions},
};
use crate::{
    me::view::Me,
    sign_in::{
        limits::SignInTry,
        proved::{Proof, Proved},
    },
};

/// Returns what a browser needs to sign in with a passkey; nothing is stored.
#[utoipa::path(post, path = "/auth/passkey-options", tag = "sign_in", responses((status = 201, body = PasskeyOptions), Problems))]
pub async fn begin_passkey_sign_in(State(app): State<App>, headers: HeaderMap) -> Result<(StatusCode, Json<PasskeyOptions>), Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    Ok((StatusCode::CREATED, Json(ceremony::begin_using(&app, None, &[])?)))
}

/// Signs in with a passkey. No further step is asked for: the device has verified its owner.
#[utoipa::path(post, path = "/auth/passkey-sessions", tag = "sign_in", request_body = PasskeyAssertion, responses((status = 201, body = Me), Problems))]
pub async fn sign_in_with_passkey(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(assertion): ValidJson<PasskeyAssertion>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let this = SignInTry::begin(&app, address).await?;
    let used = Used::check(&app, None, &assertion).await?;
    this.give_back().await;
    let (tenant, agent) = used.member();
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), Proof::Two).await?;
    let then = proved.clone();
    let begun = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            used.note(tx).await?;
            Ok(then.settle(tx).await?)
        })
    });
    proved.answer(&app, begun.await?).await
}
