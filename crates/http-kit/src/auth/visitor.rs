//! The visitor behind a request of the widget.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    id::{SiteId, TenantId, VisitorId},
    time::Ts,
    visitor_block::is_in_force,
};
use platform::env;

use crate::{App, denied, problem::Problem, request_company};

/// A visitor, identified by the access token in `Authorization: Bearer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorActor {
    /// The company whose site it is.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: VisitorId,
    /// The site the visitor is on.
    pub site: SiteId,
    /// Until when the company takes nothing from the visitor; `None` if it has not blocked them.
    pub blocked_until: Option<Ts>,
}

impl VisitorActor {
    /// The visitor whose access token is in the headers.
    pub async fn of(app: &App, headers: &HeaderMap) -> Result<Self, Problem> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
        let found = match token {
            Some(token) => store::entry_points::visitor_token(app.db(), &env::hash(token.trim())).await?,
            None => None,
        };
        let (tenant, visitor, site, _, blocked_until) = found.filter(|&(tenant, ..)| request_company::enter(tenant)).ok_or_else(Problem::not_signed_in)?;
        denied::require_visitors_address()?;
        Ok(Self { tenant, visitor, site, blocked_until })
    }

    /// Refuses a visitor whom the company has blocked.
    pub fn require_unblocked(&self, app: &App) -> Result<(), Problem> {
        if is_in_force(self.blocked_until, app.env().now()) { Err(denied::visitor_blocked()) } else { Ok(()) }
    }
}

impl FromRequestParts<App> for VisitorActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::of(app, &parts.headers).await
    }
}
