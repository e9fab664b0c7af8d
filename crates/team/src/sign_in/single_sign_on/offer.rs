//! `GET /api/v1/auth/single-sign-on`: whether a company's staff can sign in by way of an identity provider.

use axum::{Json, extract::State};
use http_kit::{
    App,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which company.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfferOf {
    /// The company's short name; it may be omitted if the installation has only one company.
    #[serde(default)]
    #[param(nullable = false)]
    pub company: Option<String>,
}

/// Whether a company's staff can sign in by way of an identity provider.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SingleSignOnOffer {
    /// Whether they can.
    pub offered: bool,
    /// Whether they have to; administrators can still use a one-time link.
    pub required: bool,
    /// The mail domains of those who can, in ASCII.
    pub domains: Vec<String>,
}

/// Says whether a company's staff can sign in by way of an identity provider. A company that does not exist offers nothing.
#[utoipa::path(get, path = "/auth/single-sign-on", tag = "sign_in", params(OfferOf), responses((status = 200, body = SingleSignOnOffer), Problems))]
pub async fn get_single_sign_on_offer(
    State(app): State<App>,
    ValidQuery(OfferOf { company }): ValidQuery<OfferOf>,
) -> Result<Json<SingleSignOnOffer>, Problem> {
    let Some(tenant) = super::company(&app, company.as_deref()).await? else { return Ok(Json(SingleSignOnOffer::default())) };
    let found = store::single_sign_on::find(&mut app.db().read().await?, tenant).await?;
    let offer = found.map(|found| SingleSignOnOffer { offered: true, required: found.required, domains: found.domains });
    Ok(Json(offer.unwrap_or_default()))
}
