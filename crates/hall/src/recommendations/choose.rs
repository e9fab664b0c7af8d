//! `PUT /api/v1/widget/recommendations`

use axum::{Json, extract::State};
use domain::time::MINUTE;
use http_kit::{
    App,
    auth::{VisitorActor, attempts::Limit, tally::Tally},
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::{Deserialize, Serialize};
use service::recommend::note;
use utoipa::ToSchema;

/// Choices of a visitor.
const PER_VISITOR: Limit = Limit { tries: 20, within_ms: MINUTE };
/// Choices of the visitors of one network.
const PER_ADDRESS: Limit = Limit { tries: 200, within_ms: MINUTE };

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
    address: ClientAddress,
    ValidJson(choice): ValidJson<RecommendationChoice>,
) -> Result<Json<RecommendationChoice>, Problem> {
    let choices = Tally::new("choices", &app.in_memory().choices, app.cluster().redis());
    choices.take_of(&actor.visitor.to_string(), PER_VISITOR, address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)?;
    let by = Permitted::as_system(actor.tenant);
    by.write(&app, move |tx| Box::pin(async move { Ok(note::choose(tx, actor.visitor, choice.wanted).await?) })).await?;
    Ok(Json(choice))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_choice_is_stored_and_needs_a_visitor() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        for wanted in [true, false] {
            visitor.put("/api/v1/widget/recommendations", json!({"wanted": wanted})).await.expect(200);
            assert_eq!(visitor.get("/api/v1/sites/alpha/recommendations?place=home").await.expect(200)["wanted"], wanted);
        }
        app.put("/api/v1/widget/recommendations", json!({"wanted": true})).await.problem(401, "not_signed_in");
        visitor.put("/api/v1/widget/recommendations", json!({"wanted": "yes"})).await.problem_at(422, "invalid_value", "wanted");
    }
}
