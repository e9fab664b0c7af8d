//! `POST /api/v1/knowledge/entries`

use axum::{extract::State, http::StatusCode};
use content::knowledge::{KnowledgeEntry, MAX_ENTRIES, Phrasings};
use domain::{
    policy::Permission,
    refusal::{Code, Refusal},
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store_knowledge::knowledge_drafts::{self, NewDraft};
use utoipa::ToSchema;

use crate::draft::{categories, effort, view::EntryView};

/// An entry to add to the draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKnowledgeEntry {
    /// The key of its category.
    pub category: String,
    /// The question, in at least one language, at most 200 characters each.
    pub question: Bilingual,
    /// How people ask it; duplicates are dropped.
    #[serde(default)]
    pub similar: Phrasings,
    /// The answer, at most 4,000 characters in each language. Without an answer, the entry stays a draft.
    #[serde(default)]
    pub answer: Bilingual,
    /// The ids of entries offered after it.
    #[serde(default)]
    pub related: Vec<String>,
    /// The key of the button under the answer; `human` offers a person.
    #[serde(default)]
    pub action: Option<String>,
}

/// Generates the id of a new entry.
pub fn new_id(app: &App) -> String {
    format!("kne_{}", app.env().uuid().as_simple())
}

/// Adds an entry to the draft and notifies the other editors.
#[utoipa::path(post, path = "/knowledge/entries", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = NewKnowledgeEntry,
    responses((status = 201, body = EntryView), Problems))]
pub async fn create_knowledge_entry(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewKnowledgeEntry>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let NewKnowledgeEntry { category, question, similar, answer, related, action } = new;
    let action = action.filter(|action| !action.is_empty());
    let entry = KnowledgeEntry { id: new_id(&app), category, question, similar, answer, related, action }.tidied();
    entry.check()?;
    let new = NewDraft { effort: effort::of_entry(&entry)?, entry };
    let (tenant, agent, now) = (actor.tenant(), actor.staff.agent, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::edit(tx).await?;
            if knowledge_drafts::count(tx, tenant).await? >= MAX_ENTRIES as i64 {
                return Err(Refusal::new(Code::KnowledgeFull).into());
            }
            categories::must_be_there(tx, tenant, &[&new.entry]).await?;
            let before = knowledge_drafts::effort(tx, tenant).await?;
            knowledge_drafts::insert(tx, tenant, std::slice::from_ref(&new), Some(agent), now).await?;
            effort::must_fit(tx, before).await?;
            Answer::json(StatusCode::CREATED, &EntryView::from(knowledge_drafts::get(tx, tenant, &new.entry.id).await?))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_new_entry_is_a_draft_that_the_bot_does_not_say() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let body = json!({"category": "plans", "question": {"zh": " 怎么换套餐 "}, "similar": {"zh": ["换套餐", "换套餐！", ""], "en": []}, "answer": {"zh": "在营业厅换。"}});
        let made = mira.post("/api/v1/knowledge/entries", body).await.expect(201);
        assert_eq!((&made["draft"]["question"]["zh"], &made["draft"]["similar"]["zh"]), (&json!("怎么换套餐"), &json!(["换套餐"])));
        assert_eq!((&made["state"], &made["live"], &made["missing"], &made["updated_by"]), (&json!("new"), &json!(null), &json!(null), &json!("mira")));
        let told = desk.until("entries").await;
        assert_eq!((&told["stream"], &told["entries"][0]["kind"]), (&json!(tenant), &json!("knowledge_changed")));
        let bot = app.app().bots().of(app.app().db(), app.company.tenant).await.unwrap();
        assert!(bot.knowledge().entries.is_empty());
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        for (body, code, field) in [
            (json!({"category": "", "question": {"zh": "问"}}), "invalid_value", "category"),
            (json!({"category": "trains", "question": {"zh": "问"}}), "invalid_value", "category"),
            (json!({"category": "plans", "question": {"zh": " ", "en": "?"}}), "invalid_value", "question"),
            (json!({"category": "plans", "question": {"zh": "长".repeat(201)}}), "invalid_value", "question.zh"),
            (json!({"category": "plans", "question": {"zh": "问"}, "similar": {"zh": ["长".repeat(201)]}}), "invalid_value", "similar.zh.0"),
            (json!({"category": "plans", "question": {"zh": "问"}, "answer": {"en": "x".repeat(4001)}}), "invalid_value", "answer.en"),
            (json!({"category": "plans", "question": {"zh": "问"}, "related": ["a b"]}), "invalid_value", "related"),
            (json!({"question": {"zh": "问"}}), "missing_field", "category"),
        ] {
            mira.post("/api/v1/knowledge/entries", body).await.problem_at(422, code, field);
        }
        assert_eq!(mira.get("/api/v1/knowledge/entries").await.expect(200)["items"], json!([]));
        let ada = app.agent("ada").await;
        let made = ada.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        assert_eq!((&made["state"], &made["updated_by"]), (&json!("new"), &json!("ada")), "agents write into the draft, and do not publish it");
    }
}
