//! `PUT /api/v1/widget/recommendations`

use axum::{Json, extract::State};
use domain::consent::{AnsweredIn, Purpose, WORDING};
use http_kit::{
    App,
    audit::Asked,
    auth::VisitorActor,
    extract::ValidJson,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::consents::visitor::{answer, may_answer};

/// What a visitor chooses.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationChoice {
    /// Whether the visitor wants recommendations, made from what they look at.
    pub wanted: bool,
}

/// Stores whether the visitor wants recommendations, for the visitor's account too.
///
/// It is the answer for the purpose `recommendations` of `PUT /widget/consents`. A refusal deletes what was noted for it; nothing more is noted, and nothing
/// recommended, until the visitor chooses otherwise.
#[utoipa::path(put, path = "/widget/recommendations", tag = "widget", security(("visitor" = [])), request_body = RecommendationChoice,
    responses((status = 200, body = RecommendationChoice), Problems))]
pub async fn choose_recommendations(
    State(app): State<App>,
    actor: VisitorActor,
    address: ClientAddress,
    asked: Asked,
    ValidJson(choice): ValidJson<RecommendationChoice>,
) -> Result<Json<RecommendationChoice>, Problem> {
    may_answer(&app, &actor, address).await?;
    let answers = vec![(Purpose::Recommendations, choice.wanted)];
    answer(&app, &actor, asked.saying(json!(choice)), (answers, AnsweredIn::Widget, WORDING)).await?;
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
        assert!(app.audit().await.is_empty(), "nobody has an account");
        app.put("/api/v1/widget/recommendations", json!({"wanted": true})).await.problem(401, "not_signed_in");
        visitor.put("/api/v1/widget/recommendations", json!({"wanted": "yes"})).await.problem_at(422, "invalid_value", "wanted");
    }
}
