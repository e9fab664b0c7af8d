//! `GET /api/v1/knowledge/answers`: finds published answers, for a member of the staff who writes to a customer.

use axum::{Json, extract::State};
use domain::{refusal::Code, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most answers that are returned.
const MOST: usize = 8;
/// The longest query, in characters.
const MAX_QUERY_CHARS: usize = 200;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublishedQuery {
    /// A question or some words in either language, at most 200 characters; nothing is found if it is empty.
    #[serde(default)]
    pub q: String,
    /// The language of the answers.
    #[serde(default)]
    pub lang: Lang,
}

/// An answer that customers get.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedAnswer {
    /// The id of its entry in the knowledge.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Published answers that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedAnswers {
    /// Best first, at most eight.
    pub items: Vec<PublishedAnswer>,
}

/// Finds answers in the published knowledge, as customers do, so that agents can send the same words.
#[utoipa::path(get, path = "/knowledge/answers", tag = "knowledge", security(("staff" = [])), params(PublishedQuery),
    responses((status = 200, body = PublishedAnswers), Problems))]
pub async fn search_published_answers(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(PublishedQuery { q, lang }): ValidQuery<PublishedQuery>,
) -> Result<Json<PublishedAnswers>, Problem> {
    if q.chars().count() > MAX_QUERY_CHARS {
        return Err(Problem::invalid("q", Code::TooLarge, "at most 200 characters"));
    }
    let bot = app.bots().of(app.db(), actor.tenant()).await?;
    let lang = match lang {
        Lang::Zh => bot::Lang::Zh,
        Lang::En => bot::Lang::En,
    };
    let items = bot.search(&q, lang, MOST).into_iter().map(|bot::Hit { id, question, answer }| PublishedAnswer { id, question, answer }).collect();
    Ok(Json(PublishedAnswers { items }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn an_agent_finds_what_the_bot_would_say_and_no_other_companys() {
        let app = TestApp::with_demo().await;
        let demo = app.demo().await;
        let ada = app.staff_of(&demo, Role::Agent, "ada").await;
        let found = async |q: &str, lang: &str| ada.get_with("/api/v1/knowledge/answers", &[("q", q), ("lang", lang)]).await.expect(200)["items"].clone();
        let roaming = found("漫游费", "zh-CN").await;
        assert!(
            roaming.as_array().unwrap().iter().any(|one| one["id"] == "kb-023" && one["answer"].as_str().is_some_and(|text| !text.is_empty())),
            "{roaming}"
        );
        assert!(found("raoming", "en").await.as_array().unwrap().iter().any(|one| one["id"] == "kb-022"));
        assert_eq!(found("", "en").await, json!([]));
        let beta = app.other_company("beta").await;
        let eve = app.staff_of(&beta, Role::Agent, "eve").await;
        assert_eq!(eve.get_with("/api/v1/knowledge/answers", &[("q", "漫游费"), ("lang", "zh-CN")]).await.expect(200)["items"], json!([]));
        ada.get_with("/api/v1/knowledge/answers", &[("q", &*"x".repeat(201)), ("lang", "en")]).await.problem_at(422, "too_large", "q");
        app.get("/api/v1/knowledge/answers?q=x&lang=en").await.problem(401, "not_signed_in");
    }
}
