//! `POST /api/v1/single-sign-on/emergency-link`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    policy::{self, Permission},
    single_sign_on::EMERGENCY_LINK_MS,
    time::Ts,
};
use http_kit::{
    App,
    auth::{StaffActor, link},
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use platform::env;
use serde::Serialize;
use utoipa::ToSchema;

/// A one-time link to keep for an emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyLink {
    /// The link; it is never shown again.
    pub link: String,
    /// Until when it can be used.
    pub expires_at: Ts,
}

/// Creates a one-time link for the administrator who asks, to be kept for the day on which the identity provider fails. It can be used for 180 days.
///
/// A new role or password, or a new link made for the member, ends it.
#[utoipa::path(post, path = "/single-sign-on/emergency-link", tag = "single_sign_on", security(("staff" = [])), params(OnceHeader),
    responses((status = 201, body = EmergencyLink), Problems))]
pub async fn create_emergency_link(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetUpSingleSignOn)?;
    if !policy::administers(actor.member.role) {
        return Err(Problem::not_permitted());
    }
    let (tenant, agent) = (actor.tenant(), actor.member.id);
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let link = link::url(&app.settings().public_url, &secret);
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let expires_at = tx.now().plus(EMERGENCY_LINK_MS);
            store::sign_in_links::spend_all(tx, tenant, agent).await?;
            store::sign_in_links::insert(tx, tenant, agent, &env::hash(&secret), expires_at).await?;
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &EmergencyLink { link, expires_at })
        })
    });
    done.await
}
