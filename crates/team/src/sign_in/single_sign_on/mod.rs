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
use http_kit::{App, problem::Problem};
use normal::typed::typed;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The page that the identity provider sends the browser back to.
const PAGE: &str = "/console/single-sign-on";
/// The longest short name of a company that is looked up, in bytes.
const MAX_COMPANY_BYTES: usize = 100;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(offer::get_single_sign_on_offer, start::start_single_sign_on)).routes(routes!(finish::finish_single_sign_on))
}

/// The address that has to be entered at the identity provider.
pub fn redirect_uri(app: &App) -> String {
    format!("{}{PAGE}", app.settings().public_url)
}

/// The purpose that a company's client secret is sealed for.
pub fn purpose(tenant: TenantId) -> Vec<u8> {
    [&b"single sign-on"[..], tenant.uuid().as_bytes()].concat()
}

/// The company with this short name; without one, the only company. It is never found by an address: whether somebody in another company has it must not be
/// revealed.
async fn company(app: &App, name: Option<&str>) -> Result<Option<TenantId>, Problem> {
    let name = name.map(|name| typed(name).to_lowercase()).filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.len() > MAX_COMPANY_BYTES) {
        return Ok(None);
    }
    let tenant = store::entry_points::company(app.db(), name.as_deref()).await?;
    if tenant.is_none() && name.is_none() {
        return Err(Problem::invalid("company", Code::CompanyRequired, "this installation has several companies: give yours as `company`"));
    }
    Ok(tenant)
}

fn refused(code: Code, title: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, code, title)
}

fn not_set_up() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, Code::SingleSignOnNotSetUp, "this company has no single sign-on; sign in with your password or a link")
}

#[cfg(test)]
mod tests;
