//! The installation's operator behind a request: somebody of no company, who came in by a one-time link that was made at the terminal.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use db::Shard;
use domain::{
    id::TenantId,
    time::{HOUR, Ts},
};
use platform::env;
use store::entry_points::{At, OperatorKey, add_operator_key, operator_key_until, take_operator_key};

use super::{origin, session};
use crate::{App, audit::Asked, permitted::Permitted, problem::Problem, request_company};

/// How long a link is valid.
const LINK_MS: i64 = HOUR;

/// The page that takes a link's secret. The secret follows `#`, so it reaches no log and no Referer.
fn url(public_url: &str, secret: &str) -> String {
    format!("{public_url}/operator#{secret}")
}

/// The operator, who is signed in, and what they ask for.
#[derive(Debug, Clone)]
pub struct OperatorActor {
    /// Until when they are signed in.
    pub until: Ts,
    /// The hash of the session's secret.
    session: Vec<u8>,
    asked: Asked,
}

impl OperatorActor {
    /// Allows what the operator does to a company, which its audit notes.
    pub fn over(&self, tenant: TenantId) -> Permitted {
        Permitted::by_operator(tenant, self.asked.clone().making(&tenant))
    }
    /// Has the company at the root note what concerns no company: that somebody signed in or out.
    pub async fn note(app: &App, asked: Asked) -> Result<(), Problem> {
        match store::entry_points::company_at(app.db(), At::Root).await? {
            Some(root) => Permitted::by_operator(root.tenant, asked).note(app).await,
            None => Ok(()),
        }
    }
    /// Signs the operator out, which the company at the root notes.
    pub async fn leave(self, app: &App) -> Result<(), Problem> {
        let Self { session, asked, .. } = self;
        let ended = app.db().writer().write(Shard::Any, move |tx| {
            let session = session.clone();
            Box::pin(async move { take_operator_key(tx, &session, OperatorKey::Session).await })
        });
        ended.await?;
        Self::note(app, asked).await
    }
}

/// Stores a new one-time link; returns its address and until when it can be used.
///
/// # Errors
/// If there are no random numbers, or the record cannot be written.
pub async fn make_link(app: &App) -> store::Result<(String, Ts)> {
    let secret = app.env().secret().map_err(|error| db::Error::Corrupt(error.to_string()))?;
    let (hash, expires_at) = (env::hash(&secret), app.env().now().plus(LINK_MS));
    let stored = app.db().writer().write_patiently(Shard::Any, move |tx| {
        let hash = hash.clone();
        Box::pin(async move { add_operator_key(tx, &hash, OperatorKey::Link, expires_at).await })
    });
    stored.await?;
    Ok((url(&app.settings().public_url, &secret), expires_at))
}

/// Uses a link up and begins a session; returns its secret and until when it lasts. `None` if the link was used, has expired, or was never made.
pub async fn enter(app: &App, link: &str) -> Result<Option<(String, Ts)>, Problem> {
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let (link, begun, expires_at) = (env::hash(link), env::hash(&secret), app.env().now().plus(session::OPERATOR_SESSION_MS));
    // A guess costs no write.
    if operator_key_until(app.db(), &link, OperatorKey::Link).await?.is_none() {
        return Ok(None);
    }
    let taken = app.db().writer().write(Shard::Any, move |tx| {
        let (link, begun) = (link.clone(), begun.clone());
        Box::pin(async move {
            let is_there = take_operator_key(tx, &link, OperatorKey::Link).await?;
            if is_there {
                add_operator_key(tx, &begun, OperatorKey::Session, expires_at).await?;
            }
            Ok::<_, store::Error>(is_there)
        })
    });
    Ok(taken.await?.then_some((secret, expires_at)))
}

/// Refuses where nobody is an operator: at the address of a company that is not at the root.
pub fn require_root() -> Result<(), Problem> {
    if request_company::address().is_none_or(|address| address.is_root()) { Ok(()) } else { Err(Problem::not_found()) }
}

/// Until when the operator whose cookie is in these headers is signed in, and the hash of the session's secret.
async fn session_of(app: &App, headers: &HeaderMap) -> store::Result<Option<(Ts, Vec<u8>)>> {
    let Some(session) = session::operator_token(headers).map(env::hash) else { return Ok(None) };
    Ok(operator_key_until(app.db(), &session, OperatorKey::Session).await?.map(|until| (until, session)))
}

impl FromRequestParts<App> for OperatorActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        require_root()?;
        let (until, session) = session_of(app, &parts.headers).await?.ok_or_else(Problem::not_signed_in)?;
        if !parts.method.is_safe() {
            origin::require_own_page(&parts.headers, app)?;
        }
        let Ok(asked) = Asked::from_request_parts(parts, app).await;
        Ok(Self { until, session, asked })
    }
}
