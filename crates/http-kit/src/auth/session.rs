//! The session cookies, and the list of staff sessions in the API.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::{
    id::SessionId,
    time::{HOUR, SECOND, Ts},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{problem::Problem, request_company};

/// The cookie's name, to which [`Address::cookie_suffix`] is added; `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section
/// 4.1.3.2).
///
/// [`Address::cookie_suffix`]: crate::address::Address::cookie_suffix
const COOKIE: &str = "__Host-yingda";

/// The cookie of a customer's session: a separate one, so that customers and staff are never mistaken for each other.
const CUSTOMER_COOKIE: &str = "__Host-yingda-customer";

/// The cookie of an operator's session, who is of no company and never mistaken for one of its staff.
const OPERATOR_COOKIE: &str = "__Host-yingda-operator";

/// How long an operator's session lasts.
pub const OPERATOR_SESSION_MS: i64 = 12 * HOUR;

/// The secret of an operator's session in the request headers, if it is present and well-formed.
pub fn operator_token(headers: &HeaderMap) -> Option<&str> {
    cookie_value(headers, OPERATOR_COOKIE)
}

/// The session's secret in the request headers, if it is present and well-formed.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    cookie_value(headers, COOKIE)
}

/// The secret of a customer's session in the request headers, if it is present and well-formed.
pub fn customer_token(headers: &HeaderMap) -> Option<&str> {
    cookie_value(headers, CUSTOMER_COOKIE)
}

/// The cookie's name at the company to which the request is addressed.
fn name_of(cookie: &str) -> String {
    let suffix = request_company::address().map_or_else(String::new, |address| address.cookie_suffix());
    format!("{cookie}{suffix}")
}

fn cookie_value<'a>(headers: &'a HeaderMap, cookie: &str) -> Option<&'a str> {
    let cookie = name_of(cookie);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == cookie && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(|(_, value)| value)
}

/// Sets the session cookie of a member of the staff.
pub fn set(token: &str) -> Result<HeaderValue, Problem> {
    cookie(COOKIE, token, store::staff_sessions::ABSOLUTE_MS / SECOND)
}

/// Deletes the session cookie of a member of the staff.
pub fn clear() -> Result<HeaderValue, Problem> {
    cookie(COOKIE, "", 0)
}

/// Sets the session cookie of a customer.
pub fn set_customer(token: &str) -> Result<HeaderValue, Problem> {
    cookie(CUSTOMER_COOKIE, token, domain::customer::SESSION_MS / SECOND)
}

/// Deletes the session cookie of a customer.
pub fn clear_customer() -> Result<HeaderValue, Problem> {
    cookie(CUSTOMER_COOKIE, "", 0)
}

/// Sets the session cookie of an operator.
pub fn set_operator(token: &str) -> Result<HeaderValue, Problem> {
    cookie(OPERATOR_COOKIE, token, OPERATOR_SESSION_MS / SECOND)
}

/// Deletes the session cookie of an operator.
pub fn clear_operator() -> Result<HeaderValue, Problem> {
    cookie(OPERATOR_COOKIE, "", 0)
}

fn cookie(name: &str, token: &str, seconds: i64) -> Result<HeaderValue, Problem> {
    let name = name_of(name);
    HeaderValue::from_str(&format!("{name}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")).map_err(|error| Problem::internal(&error))
}

/// A browser in which a member of the staff is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSession {
    /// The id of the session.
    pub id: SessionId,
    /// When the browser was signed in.
    pub created_at: Ts,
    /// When the session was last used, to the minute.
    pub last_seen_at: Ts,
    /// The `User-Agent` of the browser, cut to 200 characters.
    pub user_agent: String,
    /// Whether it is the session that makes this request.
    pub current: bool,
}

/// The browsers in which a member of the staff is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffSessions {
    /// The sessions, the most recently used first.
    pub items: Vec<StaffSession>,
}

impl StaffSessions {
    /// The sessions as shown to the member; `own` is the one that makes the request, if it is made with one.
    pub fn new(sessions: Vec<store::staff_sessions::StaffSession>, own: Option<SessionId>) -> Self {
        let view = |session| {
            let store::staff_sessions::StaffSession { id, user_agent, created_at, last_seen_at } = session;
            StaffSession { id, created_at, last_seen_at, user_agent, current: Some(id) == own }
        };
        Self { items: sessions.into_iter().map(view).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let secret = "0a".repeat(32);
        let with = |cookie: String| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            token(&headers).map(str::to_owned)
        };
        assert_eq!(with(format!("a=b; {COOKIE}={secret}; c=d")), Some(secret.clone()));
        assert_eq!(with(format!("{COOKIE}=short")), None);
        assert_eq!(with(format!("yingda={secret}")), None);
        assert_eq!(with(format!("{CUSTOMER_COOKIE}={secret}")), None);
    }
}
