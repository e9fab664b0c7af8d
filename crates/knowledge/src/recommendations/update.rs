//! `PUT /api/v1/recommendations`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::SiteId, policy::Permission, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store_knowledge::recommendations::Settings;
use utoipa::ToSchema;

use super::view::RecommendationOverview;

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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_site_is_switched_off_once_and_an_unknown_one_is_dropped() {
        let app = TestApp::new().await;
        let manager = app.manager("mira").await;
        let other = "sit_00000000000000000000000000000001";
        let body = json!({"on": true, "off_sites": [app.company.site, other], "seen": 0});
        let changed = manager.put("/api/v1/recommendations", body.clone()).await.expect(200);
        assert_eq!((&changed["on"], &changed["sites"][0]["on"]), (&json!(true), &json!(false)));
        manager.put("/api/v1/recommendations", body.clone()).await.problem(409, "conflict");
        app.agent("ada").await.put("/api/v1/recommendations", body).await.problem(403, "not_permitted");
        manager.put("/api/v1/recommendations", json!({"on": 1, "off_sites": [], "seen": 0})).await.problem_at(422, "invalid_value", "on");
    }
}
