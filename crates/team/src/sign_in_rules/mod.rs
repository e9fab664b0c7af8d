//! What the company requires of a sign-in.

pub mod get;
pub mod set;

use domain::staff::Role;
use http_kit::App;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get::get_sign_in_rules, set::set_sign_in_rules))
}

/// What the company requires of a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRules {
    /// The roles whose members need a second step. It counts from their next sign-in on: whoever has none sets one up there.
    pub second_step_for: Vec<Role>,
}
