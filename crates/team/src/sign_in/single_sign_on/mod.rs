//! Signing in by way of the company's identity provider: OpenID Connect, authorization code flow with PKCE.
//!
//! - [`offer`]: whether a company has it
//! - [`start`]: sends the browser to the identity provider
//! - [`finish`]: takes what the browser came back with; [`admit`] decides who that is
//! - [`provider`], [`outgoing`], [`claims`]: what the identity provider is asked and what it says
//! - [`required`]: refuses other ways to sign in where it is required

pub mod admit;
pub mod attempt;
pub mod claims;
pub mod finish;
pub mod offer;
pub mod outgoing;
pub mod provider;
pub mod required;
pub mod start;

use axum::http::StatusCode;
use domain::{id::TenantId, refusal::Code};
use http_kit::{App, addressed, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The page that the identity provider sends the browser back to; the company's id follows.
const PAGE: &str = "/console/single-sign-on";

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offer::get_single_sign_on_offer, start::start_single_sign_on)).routes(routes!(finish::finish_single_sign_on))
}

/// The address that has to be entered at a company's identity provider. Each company has its own, so that what one company's identity provider sends back is never
/// taken for the answer of another's (RFC 9700, 4.4).
pub fn redirect_uri(app: &App, tenant: TenantId) -> String {
    format!("{}{PAGE}/{tenant}", addressed::base(app))
}

fn refusal(code: Code, title: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, code, title)
}

fn not_set_up() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, Code::SingleSignOnNotSetUp, "this company has no single sign-on; sign in with your password or a link")
}

#[cfg(test)]
pub mod tests;
