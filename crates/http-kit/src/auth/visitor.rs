//! The visitor behind a request of the widget.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::id::{SiteId, TenantId, VisitorId};
use platform::env;

use crate::{App, problem::Problem, request_company};

/// A visitor, identified by the access token in `Authorization: Bearer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorActor {
    /// The company whose site it is.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: VisitorId,
    /// The site the visitor is on.
    pub site: SiteId,
}

impl VisitorActor {
    /// The visitor whose access token is in the headers.
    pub async fn of(app: &App, headers: &HeaderMap) -> Result<Self, Problem> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
        let found = match token {
            Some(token) => store::entry_points::visitor_token(app.db(), &env::hash(token.trim())).await?,
            None => None,
        };
        let (tenant, visitor, site, _) = found.ok_or_else(Problem::not_signed_in)?;
        request_company::note(tenant);
        Ok(Self { tenant, visitor, site })
    }
}

impl FromRequestParts<App> for VisitorActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::of(app, &parts.headers).await
    }
}
