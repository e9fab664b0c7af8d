//! `PUT /api/v1/recommendations`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::SiteId, policy::Permission, time::Ts};
use serde::Deserialize;
use store::recommendations::Settings;
use utoipa::ToSchema;

use super::view::RecommendationOverview;
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};

/// Whether recommendations are shown, and where they are not.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationSettings {
    /// Whether they are shown at all. Switching them off deletes what was noted and learned.
    pub on: bool,
    /// The sites that do not show them.
    pub off_sites: Vec<SiteId>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Switches recommendations on or off, for the company or for some of its sites.
#[utoipa::path(put, path = "/recommendations", tag = "recommendations", security(("staff" = [])), params(OnceHeader), request_body = RecommendationSettings,
    responses((status = 200, body = RecommendationOverview), Problems))]
pub async fn update_recommendations(
    State(app): State<App>,
    actor: StaffActor,
    OnceJson(once, RecommendationSettings { on, off_sites, seen }): OnceJson<RecommendationSettings>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            service::recommend::set(tx, Settings { on, off_sites, updated_at: seen }).await?;
            tx.announce(Changed::Settings).await?;
            let tenant = tx.tenant();
            Answer::json(StatusCode::OK, &RecommendationOverview::read(tx, &catalogue, tenant).await?)
        })
    });
    done.await
}
