//! From where the company is used: the addresses at which members of the staff are let in, and those at which visitors are refused.

pub mod get;
pub mod set;

use domain::address_rules::AddressRules;
use http_kit::App;
use platform::client_address::ClientAddress;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_address_rules, set::set_address_rules))
}

/// From where the company is used, and from where this request comes.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressRulesView {
    /// The rules.
    pub rules: AddressRules,
    /// The address from which this request comes, as the rules compare it.
    pub your_address: String,
}

impl AddressRulesView {
    fn new(rules: AddressRules, from: ClientAddress) -> Self {
        Self { rules, your_address: from.0.to_canonical().to_string() }
    }
}
