//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use domain::time::SECOND;

use crate::problem::Problem;

/// The cookie's name; `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2).
pub const COOKIE: &str = "__Host-yingda";

/// The session's secret among request headers, if it is there and has the right form.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(|(_, value)| value)
}

/// Sets the cookie.
pub fn set(token: &str) -> Result<HeaderValue, Problem> {
    let seconds = store::staff_sessions::ABSOLUTE_MS / SECOND;
    HeaderValue::from_str(&format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")).map_err(|error| Problem::internal(&error))
}

/// Takes the cookie away.
pub const fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-yingda=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// What a browser calls itself, short enough to keep.
pub fn user_agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.chars().take(200).collect()
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
    }
}
