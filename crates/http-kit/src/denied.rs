//! Refuses those whom a company does not serve at the address from which they come.

use axum::http::StatusCode;
use domain::refusal::Code;

use crate::{problem::Problem, request_company};

/// The refusal of somebody whom the company does not serve at their address.
pub fn address_denied() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, Code::AddressDenied, "this company serves nobody at the network address from which you come")
}

/// The refusal of a visitor whom the company has blocked.
pub fn visitor_blocked() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, Code::VisitorBlocked, "this company takes nothing from you here: reach it in another way")
}

/// Refuses visitors and customers whom the company does not serve at their address.
pub fn require_visitors_address() -> Result<(), Problem> {
    if request_company::denies_visitors() { Err(address_denied()) } else { Ok(()) }
}
