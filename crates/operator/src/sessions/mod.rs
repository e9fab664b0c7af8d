//! `/api/v1/operator/sessions`: the operator signs in with a one-time link, and out.

pub mod begin;
pub mod end;
pub mod get;

use domain::time::Ts;
use http_kit::App;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A session of the operator.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorSession {
    /// Until when the operator is signed in.
    pub expires_at: Ts,
}

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin::begin_operator_session)).routes(routes!(get::get_operator_session, end::end_operator_session))
}
