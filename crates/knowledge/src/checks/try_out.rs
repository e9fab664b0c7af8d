//! `GET /api/v1/knowledge/try` and `/similar`: what the bot would do with a sentence, and which entries a wording resembles.

use axum::{Json, extract::State};
use bot::{Outcome, Rule, Turn, explain::Explanation};
use content::knowledge::check_sentence;
use domain::{policy::Permission, refusal::Code, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::{
    bots::bot_lang,
    learning::{CandidateView, rounded},
};
use utoipa::{IntoParams, ToSchema};

/// The number of candidates that are shown.
const BEST: usize = 3;

/// A sentence to try.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrySentence {
    /// What a customer might say, at most 200 characters.
    pub text: String,
    /// The language of the customer's screen; it is used if the sentence does not reveal its language.
    #[serde(default)]
    #[param(inline)]
    pub lang: Lang,
    /// The entry that is being written, so that it is not compared with itself.
    #[serde(default)]
    pub except: Option<String>,
}

/// What the bot would do with a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tried {
    /// The outcome: `confident`, `did_you_mean`, `no_answer`, `small_talk`, `attribute` or `human_request`.
    pub outcome: &'static str,
    /// The rule that decided.
    #[schema(value_type = TriedRule)]
    pub rule: &'static str,
    /// What it would say; empty if it hands over to a person.
    pub text: String,
    /// The language of the reply.
    #[schema(value_type = Lang)]
    pub lang: &'static str,
    /// The entry, product or plan it would answer with.
    #[schema(required)]
    pub source: Option<String>,
    /// The entries that may be meant, at most three, best first.
    pub candidates: Vec<CandidateView>,
    /// The score from which the best entry can be given as the answer.
    pub sure: f32,
    /// The probability that any entry covers the sentence, 0 to 1.
    pub covered: f32,
    /// The least `covered` with which the best entry is given as the answer.
    pub surely_covered: f32,
    /// The least `covered` with which the best entries are offered.
    pub likely: f32,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// A rule by which the bot decides.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum TriedRule {
    /// The sentence contains no words.
    NothingSaid,
    /// Somebody is in despair or danger.
    Danger,
    /// The sentence asks for a person.
    AsksForPerson,
    /// The sentence may be a wish for a person, and nothing else is sure.
    OffersPerson,
    /// The sentence may say that somebody is in danger, and nothing else is sure.
    OffersHelp,
    /// The sentence is a known wording, letter for letter.
    WordForWord,
    /// The sentence is small talk.
    SmallTalk,
    /// The sentence asks for goods or plans, or what they are like.
    Catalogue,
    /// The sentence follows up on what was said before.
    FollowUp,
    /// What was said before was of no use.
    InVain,
    /// The sentence asks several questions.
    Several,
    /// The best entry is sure enough.
    Sure,
    /// The second-best entry is too close.
    Close,
    /// The best entry is likely, but not sure.
    Likely,
    /// No entry is likely.
    Unknown,
}

/// Entries that a wording resembles.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarEntries {
    /// The entries, most similar first; empty if none is likely.
    pub items: Vec<CandidateView>,
    /// The score from which the bot would give an entry as the answer.
    pub sure: f32,
    /// The entry that the bot gives as the answer now; it may be the one that is being written.
    #[schema(required)]
    pub answers: Option<String>,
}

/// Tries a sentence against the draft.
///
/// The answer says what the bot would do, why, and which entries it considered.
#[utoipa::path(get, path = "/knowledge/try", tag = "knowledge", security(("staff" = [])), params(TrySentence), responses((status = 200, body = Tried), Problems))]
pub async fn try_sentence(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<TrySentence>) -> Result<Json<Tried>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    check_sentence(&query.text).map_err(|error| Problem::invalid("text", Code::InvalidValue, error.to_string()))?;
    let (_, bot) = app.bots().draft_of(app.db(), actor.tenant()).await?;
    let begin = app.env().now();
    if let Some(embeddings) = app.bots().embeddings() {
        embeddings.prepare(actor.tenant(), &bot, &query.text, bot_lang(query.lang), begin).await;
    }
    let turn = Turn { text: &query.text, lang_hint: bot_lang(query.lang), product: None, thread: None };
    let Explanation { answer, rule, candidates, covered, limits } = bot.explain(&turn, BEST);
    Ok(Json(Tried {
        outcome: answer.outcome.name(),
        rule: Rule::name(rule),
        text: answer.text,
        lang: answer.lang.tag(),
        source: answer.source.map(|source| source.id),
        candidates: candidates.into_iter().map(CandidateView::from).collect(),
        sure: rounded(limits.sure),
        covered: rounded(covered),
        surely_covered: rounded(limits.surely_covered),
        likely: rounded(limits.likely),
        took_ms: app.env().now().since(begin).unsigned_abs(),
    }))
}

/// Finds the entries that a wording resembles and that a new question may clash with.
///
/// The draft is used as it was last trained, so that typing does not have to wait.
#[utoipa::path(get, path = "/knowledge/similar", tag = "knowledge", security(("staff" = [])), params(TrySentence),
    responses((status = 200, body = SimilarEntries), Problems))]
pub async fn find_similar(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<TrySentence>) -> Result<Json<SimilarEntries>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    check_sentence(&query.text).map_err(|error| Problem::invalid("text", Code::InvalidValue, error.to_string()))?;
    let bot = app.bots().some_draft_of(app.db(), actor.tenant()).await?;
    let found = bot.similar(&query.text, bot_lang(query.lang), query.except.as_deref(), BEST);
    let explained = bot.explain(&Turn { text: &query.text, lang_hint: bot_lang(query.lang), product: None, thread: None }, 0);
    let (now, sure) = (explained.answer, explained.limits.sure);
    let answers = if now.outcome == Outcome::Confident { now.source.map(|source| source.id) } else { None };
    Ok(Json(SimilarEntries { items: found.into_iter().map(CandidateView::from).collect(), sure: rounded(sure), answers }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_sentence_is_tried_against_the_draft_and_not_against_what_is_live() {
        let app = TestApp::with_demo().await;
        let demo = app.staff_of(&app.demo().await, domain::staff::Role::Manager, "mira").await;
        let ask = async |text: &str| demo.get_with("/api/v1/knowledge/try", &[("text", text), ("lang", "zh-CN")]).await.expect(200);
        let before = ask("能不能把手机寄到月球").await;
        assert_eq!((&before["outcome"], &before["rule"]), (&json!("no_answer"), &json!("unknown")));
        let body = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "similar": {"zh": ["手机寄到月球"]}, "answer": {"zh": "目前不能。"}});
        let made = demo.post("/api/v1/knowledge/entries", body).await.expect(201);
        let after = ask("能不能把手机寄到月球").await;
        assert_eq!((&after["outcome"], &after["source"], &after["text"]), (&json!("confident"), &made["id"], &json!("目前不能。")));
        let best = &after["candidates"][0];
        assert_eq!(best["id"], made["id"]);
        assert!(best["score"].as_f64() >= after["sure"].as_f64() && after["candidates"].as_array().unwrap().len() == 3, "{after}");
        assert!(best["shared"].as_array().unwrap().contains(&json!("能把手机寄到月球")), "{after}");
        assert_eq!(ask("转人工").await["outcome"], "human_request");
        demo.get_with("/api/v1/knowledge/try", &[("text", " ")]).await.problem_at(422, "invalid_value", "text");
    }

    #[tokio::test]
    async fn a_wording_that_another_entry_answers_is_told() {
        let app = TestApp::with_demo().await;
        let demo = app.staff_of(&app.demo().await, domain::staff::Role::Manager, "mira").await;
        let found = demo.get_with("/api/v1/knowledge/similar", &[("text", "怎么更换套餐"), ("lang", "zh-CN")]).await.expect(200);
        assert_eq!(found["items"][0]["id"], "kb-002");
        let others = demo.get_with("/api/v1/knowledge/similar", &[("text", "怎么更换套餐"), ("except", "kb-002")]).await.expect(200);
        assert!(others["items"].as_array().unwrap().iter().all(|one| one["id"] != "kb-002"));
        assert_eq!(others["answers"], "kb-002", "its own wording is still answered by itself");
        assert_eq!(found["items"][0]["name"]["en"], "How do I change my plan?");
        app.agent("ada").await.get_with("/api/v1/knowledge/similar", &[("text", "x")]).await.expect(200);
    }
}
