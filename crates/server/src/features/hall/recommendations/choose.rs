//! `PUT /api/v1/widget/recommendations`

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use service::recommend::note;
use utoipa::ToSchema;

use http_kit::{
    App,
    auth::VisitorActor,
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};

/// What a visitor chooses.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationChoice {
    /// Whether recommendations may use what the visitor looks at and asks about.
    pub wanted: bool,
}

/// Stores whether the visitor wants recommendations, for the visitor's account too.
///
/// A refusal deletes what was noted about the visitor; nothing more is noted, and nothing recommended, until the visitor chooses otherwise.
#[utoipa::path(put, path = "/widget/recommendations", tag = "widget", security(("visitor" = [])), request_body = RecommendationChoice,
    responses((status = 200, body = RecommendationChoice), Problems))]
pub async fn choose_recommendations(
    State(app): State<App>,
    actor: VisitorActor,
    ValidJson(choice): ValidJson<RecommendationChoice>,
) -> Result<Json<RecommendationChoice>, Problem> {
    let by = Permitted::nobody(actor.tenant);
    by.write(&app, move |tx| Box::pin(async move { Ok(note::choose(tx, actor.visitor, choice.wanted).await?) })).await?;
    Ok(Json(choice))
}
