//! `GET /api/v1/knowledge/meanings`: which synonyms the bot hears in a sentence, and what it makes of it.

use axum::{Json, extract::State};
use bot::{Turn, meanings::Meaning};
use content::knowledge::check_sentence;
use domain::{
    policy::Permission,
    refusal::Code,
    text::{Bilingual, Lang},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::bots::bot_lang;
use utoipa::{IntoParams, ToSchema};

/// A sentence to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HearSentence {
    /// What a customer might say, at most 200 characters.
    pub text: String,
    /// The language of the customer's screen; it is used if the sentence does not reveal its language.
    #[serde(default)]
    #[param(inline)]
    pub lang: Lang,
}

/// How the bot reads a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardSentence {
    /// The language in which it is read.
    #[schema(value_type = Lang)]
    pub lang: &'static str,
    /// The phrases that have synonyms, in their order.
    pub phrases: Vec<HeardPhrase>,
    /// What the bot would do: `confident`, `did_you_mean`, `no_answer`, `small_talk`, `attribute` or `human_request`.
    pub outcome: &'static str,
    /// The question of the entry that is nearest; `null` if there are no entries.
    #[schema(required)]
    pub nearest: Option<Bilingual>,
}

/// A phrase with synonyms.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardPhrase {
    /// The phrase as the bot reads it: in lower case, with misspelt English words corrected.
    pub phrase: String,
    /// The words of each group that has it.
    pub groups: Vec<Vec<String>>,
}

/// Reads a sentence as the draft's bot does, with the synonyms as they are now.
#[utoipa::path(get, path = "/knowledge/meanings", tag = "knowledge", security(("staff" = [])), params(HearSentence),
    responses((status = 200, body = HeardSentence), Problems))]
pub async fn hear_synonyms(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<HearSentence>) -> Result<Json<HeardSentence>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    check_sentence(&query.text).map_err(|error| Problem::invalid("text", Code::InvalidValue, error.to_string()))?;
    let (_, bot) = app.bots().draft_of(app.db(), actor.tenant()).await?;
    let hint = bot_lang(query.lang);
    let (lang, heard) = bot.meanings(&query.text, hint);
    let explained = bot.explain(&Turn { text: &query.text, lang_hint: hint, product: None, thread: None }, 1);
    let nearest = explained.candidates.into_iter().next().map(|one| Bilingual { zh: one.name.zh, en: one.name.en });
    let phrases = heard.into_iter().map(|Meaning { phrase, groups }| HeardPhrase { phrase, groups }).collect();
    Ok(Json(HeardSentence { lang: lang.tag(), phrases, outcome: explained.answer.outcome.name(), nearest }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_sentence_without_words_is_refused_and_one_of_strangers_means_nothing() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        ada.get("/api/v1/knowledge/meanings?text=!!").await.problem_at(422, "invalid_value", "text");
        let heard = ada.get("/api/v1/knowledge/meanings?text=hello").await.expect(200);
        assert_eq!(heard["phrases"], json!([]));
        app.get("/api/v1/knowledge/meanings?text=hello").await.problem(401, "not_signed_in");
    }
}
