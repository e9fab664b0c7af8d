//! `/api/v1/knowledge/tests`: sentences, and what the bot is expected to do with each.

use axum::{Json, extract::State, http::StatusCode};
use content::knowledge::{Expected, MAX_TESTS, bare, check_sentence};
use domain::{
    id::KnowledgeTestId,
    policy::Permission,
    refusal::{Code, Refusal},
    revision::Revision,
    text::Lang,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::{ValidPath, ValidQuery},
    fault::Fault,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::TenantTx;
use store_knowledge::knowledge_tests::KnowledgeTest;
use utoipa::{IntoParams, ToSchema};

/// A sentence of the test set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnowledgeTest)]
pub struct TestView {
    /// The sentence's id.
    pub id: KnowledgeTestId,
    /// What a customer might say.
    pub sentence: String,
    /// The language of the customer's screen.
    pub lang: Lang,
    /// What is expected: `no_answer`, `human`, or the id of the entry that answers it.
    pub expected: String,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

impl From<KnowledgeTest> for TestView {
    fn from(test: KnowledgeTest) -> Self {
        let KnowledgeTest { id, sentence, lang, expected, created_at: _, updated_at } = test;
        Self { id, sentence, lang, expected: expected.as_str().to_owned(), updated_at }
    }
}

/// Sentences per page.
const PAGE: usize = 200;

/// Which page of the test set to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListKnowledgeTests {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of the test set.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeTests {
    /// Oldest first.
    pub items: Vec<TestView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// A sentence to add to the test set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKnowledgeTest {
    /// What a customer might say, at most 200 characters.
    pub sentence: String,
    /// The language of the customer's screen.
    pub lang: Lang,
    /// What is expected: `no_answer`, `human`, or the id of an entry.
    pub expected: String,
}

/// A changed sentence of the test set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeTestChange {
    /// What a customer might say, at most 200 characters.
    pub sentence: String,
    /// The language of the customer's screen.
    pub lang: Lang,
    /// What is expected: `no_answer`, `human`, or the id of an entry.
    pub expected: String,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl NewKnowledgeTest {
    fn read(self, id: KnowledgeTestId, now: Ts) -> Result<KnowledgeTest, Problem> {
        check_sentence(&self.sentence)?;
        let expected = Expected::parse(&self.expected)?;
        Ok(KnowledgeTest { id, sentence: self.sentence.trim().to_owned(), lang: self.lang, expected, created_at: now, updated_at: now })
    }
}

/// Checks whether a sentence may be in the test set: the entry exists, no other sentence is the same, and there is room.
async fn fits(tx: &mut TenantTx<'_>, test: &KnowledgeTest) -> Result<(), Fault> {
    let tenant = tx.tenant();
    let known = store_knowledge::knowledge_tests::list(tx, tenant).await?;
    if known.iter().any(|other| other.id != test.id && bare(&other.sentence) == bare(&test.sentence) && other.lang == test.lang) {
        let problem = Problem::conflict(Code::KnowledgeTestTaken, "the test set already has this sentence");
        return Err(Problem { field: Some("sentence".to_owned()), ..problem }.into());
    }
    if known.len() >= MAX_TESTS && known.iter().all(|other| other.id != test.id) {
        return Err(Refusal::new(Code::KnowledgeTestsFull).into());
    }
    if let Expected::Entry(id) = &test.expected {
        let is_there = match store_knowledge::knowledge_drafts::get(tx, tenant, id).await {
            Ok(draft) => !draft.removed,
            Err(store::Error::NotFound) => false,
            Err(error) => return Err(error.into()),
        };
        if !is_there {
            return Err(Problem::invalid("expected", Code::InvalidValue, "it must be no_answer, human, or the id of an entry of the draft").into());
        }
    }
    Ok(())
}

/// Lists the test set.
#[utoipa::path(get, path = "/knowledge/tests", tag = "knowledge", security(("staff" = [])), params(ListKnowledgeTests),
    responses((status = 200, body = KnowledgeTests), Problems))]
pub async fn list_knowledge_tests(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListKnowledgeTests>,
) -> Result<Json<KnowledgeTests>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let after = query.cursor.as_deref().map(cursor::at_id::<KnowledgeTestId>).transpose()?;
    let place = |test: &KnowledgeTest| (test.created_at, test.id.uuid());
    let tests = store_knowledge::knowledge_tests::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let rest = tests.into_iter().filter(|test| after.is_none_or(|(at, id)| place(test) > (at, id.uuid())));
    let places: Vec<(Ts, TestView)> = rest.map(|test| (test.created_at, TestView::from(test))).collect();
    let Page { items, next } = Page::light(places, PAGE, |(at, test)| format!("{}.{}", at.0, test.id));
    Ok(Json(KnowledgeTests { items: items.into_iter().map(|(_, test)| test).collect(), next }))
}

/// Adds a sentence to the test set.
#[utoipa::path(post, path = "/knowledge/tests", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = NewKnowledgeTest,
    responses((status = 201, body = TestView), Problems))]
pub async fn create_knowledge_test(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewKnowledgeTest>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let test = new.read(KnowledgeTestId::new(app.env().uuid()), app.env().now())?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            fits(tx, &test).await?;
            store_knowledge::knowledge_tests::insert(tx, tenant, &test).await?;
            Answer::json(StatusCode::CREATED, &TestView::from(test))
        })
    });
    done.await
}

/// Changes a sentence of the test set, unless somebody else has changed it in the meantime.
#[utoipa::path(put, path = "/knowledge/tests/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = KnowledgeTestId, Path), OnceHeader),
    request_body = KnowledgeTestChange, responses((status = 200, body = TestView), Problems))]
pub async fn update_knowledge_test(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<KnowledgeTestId>,
    OnceJson(once, change): OnceJson<KnowledgeTestChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let KnowledgeTestChange { sentence, lang, expected, seen } = change;
    let known = store_knowledge::knowledge_tests::get(&mut app.db().read_of(actor.tenant()).await?, tenant, id).await?;
    let new = NewKnowledgeTest { sentence, lang, expected }.read(id, now)?;
    let test = KnowledgeTest { created_at: known.created_at, updated_at: Revision(seen).next(now), ..new };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            fits(tx, &test).await?;
            store_knowledge::knowledge_tests::update(tx, tenant, &test, seen).await?;
            Answer::json(StatusCode::OK, &TestView::from(test))
        })
    });
    done.await
}

/// Removes a sentence from the test set.
#[utoipa::path(delete, path = "/knowledge/tests/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = KnowledgeTestId, Path), OnceHeader),
    responses((status = 204, description = "The sentence was deleted"), Problems))]
pub async fn delete_knowledge_test(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<KnowledgeTestId>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            store_knowledge::knowledge_tests::delete(tx, tenant, id).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/tests";

    #[tokio::test]
    async fn a_sentence_is_added_changed_and_removed() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let entry = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let made = mira.post(PATH, json!({"sentence": " 怎么问 ", "lang": "zh-CN", "expected": entry["id"]})).await.expect(201);
        assert_eq!(made["sentence"], "怎么问");
        mira.post(PATH, json!({"sentence": "怎么 问？", "lang": "zh-CN", "expected": "no_answer"})).await.problem_at(409, "knowledge_test_taken", "sentence");
        mira.post(PATH, json!({"sentence": "?", "lang": "zh-CN", "expected": "human"})).await.problem_at(422, "invalid_value", "sentence");
        mira.post(PATH, json!({"sentence": "别的", "lang": "zh-CN", "expected": "kb-999"})).await.problem_at(422, "invalid_value", "expected");
        let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
        let seen = &made["updated_at"];
        let changed = mira.put(&path, json!({"sentence": "怎么问", "lang": "zh-CN", "expected": "human", "seen": seen})).await.expect(200);
        assert_eq!((&changed["id"], &changed["expected"]), (&made["id"], &json!("human")));
        let max = app.manager("max").await;
        max.put(&path, json!({"sentence": "问什么", "lang": "zh-CN", "expected": "human", "seen": seen})).await.problem(409, "conflict");
        assert_eq!(mira.get(PATH).await.expect(200)["items"], json!([changed]));
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await;
        bob.put(&path, json!({"sentence": "x", "lang": "en", "expected": "human", "seen": changed["updated_at"]})).await.problem(404, "not_found");
        bob.delete(&path).await.problem(404, "not_found");
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        let ada = app.agent("ada").await;
        ada.get(PATH).await.expect(200);
        ada.post(PATH, json!({"sentence": "x", "lang": "en", "expected": "human"})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn an_entry_that_cannot_be_read_is_not_one_that_does_not_exist() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let entry = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let broken = app.app().db().writer().write(db::Shard::Any, |tx| {
            Box::pin(async { Ok::<_, db::Error>(db::q!(tx, |c| sqlx::query("UPDATE knowledge_drafts SET document = '{'").execute(c).await.map(drop))?) })
        });
        broken.await.unwrap();
        mira.post(PATH, json!({"sentence": "怎么问", "lang": "zh-CN", "expected": entry["id"]})).await.problem(500, "internal");
    }
}
