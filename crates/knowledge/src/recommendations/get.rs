//! `GET /api/v1/recommendations`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::RecommendationOverview;

/// Returns whether recommendations are shown, what they were learned from, and how good they are.
#[utoipa::path(get, path = "/recommendations", tag = "recommendations", security(("staff" = [])), responses((status = 200, body = RecommendationOverview), Problems))]
pub async fn get_recommendation_overview(State(app): State<App>, actor: StaffActor) -> Result<Json<RecommendationOverview>, Problem> {
    actor.require(Permission::EditKnowledge)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    Ok(Json(RecommendationOverview::read(&mut app.db().snapshot_of(actor.tenant()).await?, &catalogue, actor.tenant()).await?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_company_that_knows_nothing_says_so() {
        let app = TestApp::new().await;
        let overview = app.manager("mira").await.get("/api/v1/recommendations").await.expect(200);
        assert_eq!((&overview["on"], &overview["learned"], &overview["due_at"]), (&json!(true), &json!(null), &json!(null)));
        app.agent("ada").await.get("/api/v1/recommendations").await.problem(403, "not_permitted");
    }
}
