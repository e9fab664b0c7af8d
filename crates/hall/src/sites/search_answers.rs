//! `GET /api/v1/sites/{key}/answers`: finds answers of the company.

use axum::{Json, extract::State};
use domain::text::Lang;
use http_kit::{
    App,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most answers in one result.
const MOST: usize = 5;

/// The words to find.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AnswerQuery {
    /// A question or some words, at most 200 characters.
    pub q: String,
    /// The reader's language; entries are found by words in either language.
    #[serde(default)]
    pub lang: Lang,
}

/// An answer that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundAnswer {
    /// The id of its entry in the knowledge.
    pub id: String,
    /// The question in the reader's language.
    pub question: String,
    /// The answer in the reader's language.
    pub answer: String,
}

/// Answers that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerSearch {
    /// Best first, at most five.
    pub items: Vec<FoundAnswer>,
}

/// Finds answers in the published knowledge.
///
/// Misspelt words and synonyms find them too.
#[utoipa::path(get, path = "/sites/{key}/answers", tag = "sites", params(("key" = String, Path), AnswerQuery), responses((status = 200, body = AnswerSearch), Problems))]
pub async fn search_answers(
    State(app): State<App>,
    ValidPath(key): ValidPath<String>,
    ValidQuery(AnswerQuery { q, lang }): ValidQuery<AnswerQuery>,
) -> Result<Json<AnswerSearch>, Problem> {
    let (bot, lang) = super::bot_for(&app, &key, &q, lang).await?;
    let items = bot.search(&q, lang, MOST).into_iter().map(|bot::Hit { id, question, answer }| FoundAnswer { id, question, answer }).collect();
    Ok(Json(AnswerSearch { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn answers_are_found_by_a_word_a_question_or_a_misspelling() {
        let app = TestApp::with_demo().await;
        for (q, lang, id) in [
            ("漫游费", "zh-CN", "kb-023"),
            ("流量用完了怎么收费", "zh-CN", "kb-014"),
            ("chongzhi", "zh-CN", "kb-041"),
            ("raoming", "en", "kb-022"),
            ("漫游", "en", "kb-022"),
        ] {
            let found = app.get_with("/api/v1/sites/demo/answers", &[("q", q), ("lang", lang)]).await.expect(200);
            let items = found["items"].as_array().unwrap();
            assert!((1..=5).contains(&items.len()) && items.iter().any(|item| item["id"] == id), "{q}: {found}");
            assert!(
                lang == "zh-CN" || items.iter().all(|item| item["answer"].as_str().unwrap().is_ascii() || item["answer"].as_str().unwrap().contains('¥')),
                "{q}"
            );
        }
    }

    #[tokio::test]
    async fn nothing_is_found_where_nothing_was_answered_and_a_long_query_is_refused() {
        let app = TestApp::new().await;
        let none = json!({"items": []});
        assert_eq!(app.get("/api/v1/sites/alpha/answers?q=roaming").await.expect(200), none);
        assert_eq!(app.get("/api/v1/sites/alpha/answers?q=").await.expect(200), none);
        app.get("/api/v1/sites/nobody/answers?q=x").await.problem(404, "not_found");
        app.get_with("/api/v1/sites/alpha/answers", &[("q", &*"x".repeat(201))]).await.problem_at(422, "too_large", "q");
    }
}
