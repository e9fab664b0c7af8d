//! What browsers say of themselves.

use axum::http::{HeaderMap, header};

/// The browser's `User-Agent`, cut to 200 characters.
pub fn user_agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.chars().take(200).collect()
}
