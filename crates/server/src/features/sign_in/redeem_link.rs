//! `POST /api/v1/auth/links/redeem`: signs in by a one-time link and sets the password.

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{NewSession, inspect_link};
use crate::{
    App,
    auth::origin,
    env,
    extract::ValidJson,
    features::me::view::Me,
    problem::{Problem, Problems},
};

/// The secret of a one-time link, and the password to sign in with from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemLink {
    /// What stood behind the `#`.
    pub token: String,
    /// At least 10 characters, at most 256 bytes; needed while there is none.
    #[serde(default)]
    pub password: Option<String>,
}

/// Signs in by a one-time link, which is used up.
#[utoipa::path(post, path = "/auth/links/redeem", tag = "sign_in", request_body = RedeemLink, responses((status = 201, body = Me), Problems))]
pub async fn redeem_sign_in_link(State(app): State<App>, headers: HeaderMap, ValidJson(redeem): ValidJson<RedeemLink>) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let (link, member) = inspect_link::usable(&app, &redeem.token).await?;
    let password_hash = match redeem.password {
        Some(password) => Some(app.shared().passwords.hash(password).await?),
        None if member.password_hash.is_none() => return Err(Problem::invalid("password", "password_required", "choose a password")),
        None => None,
    };
    let session = NewSession::prepare(&app, &headers)?;
    let (token_hash, new) = (env::hash(&redeem.token), session.clone());
    app.db()
        .writer()
        .write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                store::sign_in_links::spend(tx, link.tenant, &token_hash).await?;
                if let Some(password_hash) = password_hash {
                    store::staff::set_password(tx, link.tenant, link.agent, &password_hash).await?;
                }
                new.begin(tx, link.tenant, link.agent).await
            })
        })
        .await
        .map_err(|error| if matches!(error, store::Error::Conflict) { inspect_link::spent() } else { error.into() })?;
    session.answer(Me::read(&app, link.tenant, link.agent).await?)
}
