//! What of the console can be done where the staff of a company practise: what is done in conversations, and nothing that sets something up.

use axum::http::{Method, StatusCode};
use domain::refusal::Code;

use crate::problem::Problem;

/// Endpoints that are not there in practice, by what follows the version: those of visitors, customers and the operator, and all that concerns signing in.
const LEFT_OUT: [&str; 9] = ["auth/", "company-openings", "customer", "hall", "operator/", "practice-exercises", "sites/", "wall", "widget/"];

/// What may be changed in practice, by the first word that follows the version: what is done in conversations, and what the console notes by itself. Files are not
/// among it: what is stored there counts towards no limit.
const CHANGED: [&str; 7] = ["alerts", "conversations", "left-messages", "mentions", "practice-run", "response-times", "staff-announcements"];

/// The address of the one thing of their own that a member may change.
const OWN_STATE: &str = "me/state";

/// Refuses what is not there in practice.
pub(crate) fn check_offered(method: &Method, path: &str) -> Result<(), Problem> {
    let Some(operation) = path.strip_prefix("/api/v1/") else { return Ok(()) };
    let first = operation.split('/').next().unwrap_or(operation);
    let is_left_out = LEFT_OUT.iter().any(|left_out| operation.starts_with(left_out));
    let may_change = CHANGED.contains(&first) || operation == OWN_STATE;
    if is_left_out || !(method.is_safe() || may_change) { Err(not_in_practice()) } else { Ok(()) }
}

fn not_in_practice() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, Code::NotInPractice, "this is not part of practice: leave practice first")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_served_and_nothing_is_set_up() {
        let is_offered = |method: Method, path: &str| check_offered(&method, path).is_ok();
        for path in ["/console/inbox", "/ws", "/api/v1/me", "/api/v1/canned-replies", "/api/v1/practice-run"] {
            assert!(is_offered(Method::GET, path), "{path}");
        }
        for (method, path) in [(Method::PUT, "/api/v1/me/state"), (Method::POST, "/api/v1/conversations/cnv_1/contacts/reveal")] {
            assert!(is_offered(method, path), "{path}");
        }
        for path in ["/api/v1/auth/sessions", "/api/v1/operator/companies", "/api/v1/hall", "/api/v1/customer/me", "/api/v1/sites/alpha", "/api/v1/wall"] {
            assert!(!is_offered(Method::GET, path), "{path}");
        }
        for (method, path) in [
            (Method::POST, "/api/v1/canned-replies"),
            (Method::POST, "/api/v1/files"),
            (Method::PUT, "/api/v1/me/password"),
            (Method::DELETE, "/api/v1/auth/sessions/current"),
            (Method::PATCH, "/api/v1/company"),
            (Method::POST, "/api/v1/practice-exercises/bill/begin"),
        ] {
            assert!(!is_offered(method, path), "{path}");
        }
    }
}
