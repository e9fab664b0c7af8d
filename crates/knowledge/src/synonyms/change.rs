//! `POST /api/v1/knowledge/synonyms`, `PATCH` and `DELETE /api/v1/knowledge/synonyms/{id}`

use axum::{extract::State, http::StatusCode};
use content::synonyms::{self, MAX_GROUPS, Synonyms, Uses};
use domain::{
    id::SynonymsId,
    policy::Permission,
    refusal::{Code, Refusal},
    revision::Revision,
    text::Lang,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SynonymsView, elsewhere};
use crate::teach;

/// A group of synonyms to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSynonymGroup {
    /// The language of its words.
    pub lang: Lang,
    /// Two to 50 different words or phrases of at most 40 characters, the most usual one first.
    pub words: Vec<String>,
    /// Whether a word may be in another group as well.
    #[serde(default)]
    pub anyway: bool,
}

/// The words of a group as they shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SynonymGroupChange {
    /// Two to 50 different words or phrases of at most 40 characters, the most usual one first.
    pub words: Vec<String>,
    /// Whether a new word may be in another group as well.
    #[serde(default)]
    pub anyway: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Adds a group of synonyms, which the bot uses at once, and notifies the other editors.
///
/// A word that another group has is refused unless `anyway` is set: it would have both meanings.
#[utoipa::path(post, path = "/knowledge/synonyms", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = NewSynonymGroup,
    responses((status = 201, body = SynonymsView), Problems))]
pub async fn create_synonyms(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewSynonymGroup>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let NewSynonymGroup { lang, words, anyway } = new;
    let words = synonyms::tidied(words);
    synonyms::check(lang, &words)?;
    let (tenant, id, updated_at) = (actor.tenant(), SynonymsId::new(app.env().uuid()), app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            let groups = store_knowledge::synonyms::list(tx, tenant).await?;
            if groups.len() >= MAX_GROUPS {
                return Err(Refusal::new(Code::SynonymsFull).into());
            }
            let mut uses = Uses::of(&groups);
            if !anyway {
                elsewhere(uses.beyond(0, lang, &words))?;
            }
            uses.add(lang, &words);
            let position = groups.last().map_or(0, |last| last.position + 1);
            let group = Synonyms { id, lang, words, position, updated_at };
            store_knowledge::synonyms::insert(tx, tenant, std::slice::from_ref(&group)).await?;
            Answer::json(StatusCode::CREATED, &SynonymsView::new(group, &uses))
        })
    });
    done.await
}

/// Changes the words of a group of synonyms, unless somebody else has changed it in the meantime, and notifies the other editors.
#[utoipa::path(patch, path = "/knowledge/synonyms/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = SynonymsId, Path), OnceHeader),
    request_body = SynonymGroupChange, responses((status = 200, body = SynonymsView), Problems))]
pub async fn update_synonyms(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<SynonymsId>,
    OnceJson(once, change): OnceJson<SynonymGroupChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let SynonymGroupChange { words, anyway, seen } = change;
    let (tenant, now, words) = (actor.tenant(), app.env().now(), synonyms::tidied(words));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            let mut groups = store_knowledge::synonyms::list(tx, tenant).await?;
            let at = groups.iter().position(|group| group.id == id).ok_or(store::Error::NotFound)?;
            let old = groups.swap_remove(at);
            synonyms::check(old.lang, &words).map_err(Problem::from)?;
            let mut uses = Uses::of(&groups);
            let had: Vec<String> = old.words.iter().map(|word| synonyms::key(word)).collect();
            let new: Vec<String> = words.iter().filter(|word| !had.contains(&synonyms::key(word))).cloned().collect();
            if !anyway {
                elsewhere(uses.beyond(0, old.lang, &new))?;
            }
            uses.add(old.lang, &words);
            let group = Synonyms { words, updated_at: Revision(seen).next(now), ..old };
            store_knowledge::synonyms::update(tx, tenant, &group, seen).await?;
            Answer::json(StatusCode::OK, &SynonymsView::new(group, &uses))
        })
    });
    done.await
}

/// Deletes a group of synonyms, which the bot forgets at once, and notifies the other editors.
#[utoipa::path(delete, path = "/knowledge/synonyms/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = SynonymsId, Path), OnceHeader),
    responses((status = 204, description = "The group was deleted"), Problems))]
pub async fn delete_synonyms(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SynonymsId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            store_knowledge::synonyms::delete(tx, tenant, id).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/synonyms";

    #[tokio::test]
    async fn a_group_is_added_changed_by_one_editor_at_a_time_and_deleted() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let made = ada.post(PATH, json!({"lang": "zh-CN", "words": [" 话费 ", "余额", "余额"]})).await.expect(201);
        assert_eq!((&made["words"], &made["elsewhere"]), (&json!(["话费", "余额"]), &json!([])));
        let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
        let changed = mira.patch(&one, json!({"words": ["话费", "余额", "剩的钱"], "seen": made["updated_at"]})).await.expect(200);
        ada.patch(&one, json!({"words": ["话费", "钱"], "seen": made["updated_at"]})).await.problem(409, "conflict");
        assert_eq!(ada.get(&one).await.expect(200), changed);
        assert_eq!(ada.get(&format!("{PATH}?q=剩")).await.expect(200)["total"], json!(1));
        assert_eq!(ada.get(&format!("{PATH}?lang=en")).await.expect(200)["total"], json!(0));
        assert_eq!(ada.delete(&one).await.status.as_u16(), 204);
        ada.delete(&one).await.problem(404, "not_found");
        app.get(PATH).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn wrong_words_are_refused_and_a_word_in_two_groups_only_with_anyway() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for words in [json!([]), json!(["话费"]), json!(["话费", "话费"]), json!(["话费", "！"]), json!(["a".repeat(41), "b"])] {
            ada.post(PATH, json!({"lang": "zh-CN", "words": words})).await.problem_at(422, "invalid_value", "words");
        }
        ada.post(PATH, json!({"lang": "en", "words": ["bill", "账单"]})).await.problem_at(422, "invalid_value", "words");
        ada.post(PATH, json!({"lang": "zh-CN", "words": ["便宜", "划算"]})).await.expect(201);
        let refused = ada.post(PATH, json!({"lang": "zh-CN", "words": ["降档", "便宜"]})).await;
        refused.problem_at(409, "synonym_elsewhere", "words");
        assert_eq!(refused.json()["names"], json!([{"zh": "便宜", "en": "便宜"}]));
        let made = ada.post(PATH, json!({"lang": "zh-CN", "words": ["降档", "便宜"], "anyway": true})).await.expect(201);
        assert_eq!(made["elsewhere"], json!(["便宜"]));
        assert_eq!(ada.get(&format!("{PATH}?shared=true")).await.expect(200)["total"], json!(2));
        // What it has already is not asked about again.
        let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
        ada.patch(&one, json!({"words": ["降档", "便宜", "低一档"], "seen": made["updated_at"]})).await.expect(200);
        ada.post(PATH, json!({"lang": "en", "words": ["cheap", "low price"]})).await.expect(201);
    }

    #[tokio::test]
    async fn a_change_is_in_effect_at_once_and_makes_a_check_outdated() {
        let app = TestApp::with_demo().await;
        let company = app.demo().await;
        let (ada, mira) = (app.staff_of(&company, Role::Agent, "ada").await, app.staff_of(&company, Role::Manager, "mira").await);
        let revision = async || mira.get("/api/v1/knowledge").await.expect(200)["revision"].as_i64().unwrap();
        let before = revision().await;
        let heard = async || ada.get("/api/v1/knowledge/meanings?text=小钱钱还剩多少&lang=zh-CN").await.expect(200);
        assert!(!heard().await.to_string().contains("小钱钱\""));
        ada.post(PATH, json!({"lang": "zh-CN", "words": ["小钱钱", "话费", "余额"], "anyway": true})).await.expect(201);
        assert_eq!(revision().await, before + 1);
        let now = heard().await;
        assert_eq!(now["phrases"][0]["phrase"], json!("小钱钱"));
        assert_eq!(now["phrases"][0]["groups"][0], json!(["小钱钱", "话费", "余额"]));
    }
}
