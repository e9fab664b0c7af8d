//! `GET /api/v1/recommendations`

use axum::{Json, extract::State};
use domain::policy::Permission;

use super::view::RecommendationOverview;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

/// Returns whether recommendations are shown, what they were learned from, and how good they are.
#[utoipa::path(get, path = "/recommendations", tag = "recommendations", security(("staff" = [])), responses((status = 200, body = RecommendationOverview), Problems))]
pub async fn get_recommendation_overview(State(app): State<App>, actor: StaffActor) -> Result<Json<RecommendationOverview>, Problem> {
    actor.require(Permission::EditKnowledge)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    Ok(Json(RecommendationOverview::read(&mut app.db().snapshot().await?, &catalogue, actor.tenant()).await?))
}
