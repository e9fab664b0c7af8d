//! `POST /api/v1/recommendations/learn`

use axum::{extract::State, http::StatusCode};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::RecommendationOverview;

/// Has recommendations learned anew now, rather than in the coming night. `trained_at` changes when that is done.
#[utoipa::path(post, path = "/recommendations/learn", tag = "recommendations", security(("staff" = [])), params(OnceHeader),
    responses((status = 202, body = RecommendationOverview), Problems))]
pub async fn learn_recommendations(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (tenant, now) = (tx.tenant(), tx.now());
            store_knowledge::recommendations::learn_at(tx, tenant, now, true).await?;
            Answer::json(StatusCode::ACCEPTED, &RecommendationOverview::read(tx, &catalogue, tenant).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_who_leads_the_bot_has_it_learned() {
        let app = TestApp::new().await;
        let due = app.manager("mira").await.post("/api/v1/recommendations/learn", json!(null)).await.expect(202);
        assert_eq!(due["due_at"], json!(app.env().now()));
        app.agent("ada").await.post("/api/v1/recommendations/learn", json!(null)).await.problem(403, "not_permitted");
    }
}
