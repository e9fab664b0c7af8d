//! `GET /api/v1/sites/{key}/suggestions`: suggests questions that complete what is being typed.

use axum::{Json, extract::State};
use domain::text::Lang;
use http_kit::{
    App,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most suggestions in one answer.
const MOST: usize = 4;

/// The text that is being typed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionQuery {
    /// The text so far, at most 200 characters.
    pub q: String,
    /// The reader's language.
    #[serde(default)]
    pub lang: Lang,
}

/// A question that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// The id of the knowledge entry that answers it.
    pub id: String,
    /// The text of the question in the reader's language.
    pub text: String,
}

/// Questions that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// Best first, at most four.
    pub items: Vec<Suggestion>,
}

/// Suggests questions that complete what is being typed.
#[utoipa::path(get, path = "/sites/{key}/suggestions", tag = "sites", params(("key" = String, Path), SuggestionQuery), responses((status = 200, body = Suggestions), Problems))]
pub async fn suggest_questions(
    State(app): State<App>,
    ValidPath(key): ValidPath<String>,
    ValidQuery(SuggestionQuery { q, lang }): ValidQuery<SuggestionQuery>,
) -> Result<Json<Suggestions>, Problem> {
    let (bot, lang) = super::bot_for(&app, &key, &q, lang).await?;
    let items = bot.suggest(&q, lang, MOST).into_iter().map(|bot::Suggestion { id, text }| Suggestion { id, text }).collect();
    Ok(Json(Suggestions { items }))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_typed_is_completed_to_known_questions() {
        let app = TestApp::with_demo().await;
        for (q, lang, expected) in [("漫游", "zh-CN", "漫游"), ("roam", "en", "roam")] {
            let found = app.get_with("/api/v1/sites/demo/suggestions", &[("q", q), ("lang", lang)]).await.expect(200);
            let items = found["items"].as_array().unwrap();
            assert!((1..=4).contains(&items.len()), "{q}: {found}");
            assert!(items.iter().any(|item| item["text"].as_str().unwrap().to_lowercase().contains(expected)), "{q}: {found}");
            assert!(items.iter().all(|item| item["id"].as_str().unwrap().starts_with("kb-")), "{q}: {found}");
        }
        app.get("/api/v1/sites/demo/suggestions").await.problem_at(422, "missing_field", "q");
        assert_eq!(app.anyone_at(&app.company).get("/api/v1/sites/alpha/suggestions?q=x").await.expect(200)["items"], serde_json::json!([]));
    }
}
