//! `GET /api/v1/knowledge/changes`: lists the differences between two versions, or between what is live and the draft.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use db::Tx;
use domain::{id::TenantId, knowledge::KnowledgeEntry, policy::Permission, refusal::Code, text::Bilingual};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::draft::view::{DraftState, EntryTexts};

/// Differences per page.
const PAGE: usize = 50;

/// The two sides to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListKnowledgeChanges {
    /// The earlier side: `live`, or the number of a version.
    #[serde(default = "live")]
    pub from: String,
    /// The later side: `draft`, `live`, or the number of a version.
    #[serde(default = "draft")]
    pub to: String,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

fn live() -> String {
    "live".to_owned()
}
fn draft() -> String {
    "draft".to_owned()
}

/// A page of the differences between two sides.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeChanges {
    /// In the order of the later side; entries that it does not have are at the end.
    pub items: Vec<ChangeView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

/// An entry that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeChange)]
pub struct ChangeView {
    /// The entry's id.
    pub id: String,
    /// The kind of difference: `new`, `changed` or `removed`.
    pub change: DraftState,
    /// The entry's question as it is now, or as it was before it was removed.
    pub question: Bilingual,
    /// The fields that differ.
    pub fields: Vec<&'static str>,
    /// The entry on the earlier side; `null` if it is new.
    #[schema(required)]
    pub before: Option<EntryTexts>,
    /// The entry on the later side; `null` if it was removed.
    #[schema(required)]
    pub after: Option<EntryTexts>,
}

async fn side(tx: &mut Tx, tenant: TenantId, field: &str, which: &str) -> Result<Vec<KnowledgeEntry>, Problem> {
    let documents = match which {
        "draft" => {
            let drafts = store_knowledge::knowledge_drafts::list(tx, tenant).await?;
            return Ok(drafts.into_iter().filter(|draft| !draft.removed).map(|draft| draft.entry).collect());
        }
        "live" => store_knowledge::knowledge::entries(tx, tenant).await?,
        number => {
            let wrong = || Problem::invalid(field, Code::InvalidValue, "it must be live, draft, or the number of a version that is kept");
            let number: i64 = number.parse().map_err(|_| wrong())?;
            if !store_knowledge::knowledge_versions::list(tx, tenant).await?.iter().any(|version| version.number == number) {
                return Err(wrong());
            }
            store_knowledge::knowledge_versions::entries(tx, tenant, number).await?
        }
    };
    let read = |document: &store::Document| serde_json::from_str(&document.json).map_err(|error| Problem::internal(&error));
    documents.iter().map(read).collect()
}

fn differences(before: Vec<KnowledgeEntry>, after: Vec<KnowledgeEntry>) -> Vec<ChangeView> {
    let mut known: BTreeMap<String, KnowledgeEntry> = before.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    let mut items = Vec::new();
    for entry in after {
        let (id, question, before) = (entry.id.clone(), entry.question.clone(), known.remove(&entry.id));
        let fields = before.as_ref().map(|before| entry.differences(before)).unwrap_or_default();
        if before.is_some() && fields.is_empty() {
            continue;
        }
        let change = if before.is_some() { DraftState::Changed } else { DraftState::New };
        items.push(ChangeView { id, change, question, fields, before: before.map(EntryTexts::from), after: Some(entry.into()) });
    }
    items.extend(known.into_values().map(|entry| ChangeView {
        id: entry.id.clone(),
        change: DraftState::Removed,
        question: entry.question.clone(),
        fields: Vec::new(),
        before: Some(entry.into()),
        after: None,
    }));
    items
}

/// Lists the differences between two sides: by default, what the next publish would change.
#[utoipa::path(get, path = "/knowledge/changes", tag = "knowledge", security(("staff" = [])), params(ListKnowledgeChanges),
    responses((status = 200, body = KnowledgeChanges), Problems))]
pub async fn list_knowledge_changes(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListKnowledgeChanges>,
) -> Result<Json<KnowledgeChanges>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let mut tx = app.db().snapshot().await?;
    let before = side(&mut tx, actor.tenant(), "from", &query.from).await?;
    let after = side(&mut tx, actor.tenant(), "to", &query.to).await?;
    let mut items = differences(before, after);
    let total = items.len();
    if let Some(last) = &query.cursor {
        let at = items.iter().position(|one| one.id == *last).ok_or_else(cursor::problem)?;
        items.drain(..=at);
    }
    let Page { items, next } = Page::light(items, PAGE, |last| last.id.clone());
    Ok(Json(KnowledgeChanges { items, next, total }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_new_changed_and_removed_is_listed() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        assert_eq!(mira.get("/api/v1/knowledge/changes").await.expect(200)["items"], json!([]));
        let one = mira.get("/api/v1/knowledge/entries/kb-001").await.expect(200);
        mira.patch("/api/v1/knowledge/entries/kb-001", json!({"answer": {"zh": "新", "en": "new"}, "seen": one["updated_at"]})).await.expect(200);
        mira.delete("/api/v1/knowledge/entries/kb-002").await.expect(200);
        mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let items = mira.get("/api/v1/knowledge/changes?from=live&to=draft").await.expect(200)["items"].clone();
        let told: Vec<_> = items.as_array().unwrap().iter().map(|item| (item["id"].as_str().unwrap(), item["change"].as_str().unwrap())).collect();
        assert_eq!((told[0], told[1].1, told[2]), (("kb-001", "changed"), "new", ("kb-002", "removed")));
        assert_eq!((&items[0]["fields"], &items[0]["after"]["answer"]["en"], &items[2]["after"]), (&json!(["answer"]), &json!("new"), &json!(null)));
        let rest = mira.get("/api/v1/knowledge/changes?cursor=kb-001").await.expect(200);
        assert_eq!((&rest["total"], &rest["next"], &rest["items"][1]["id"]), (&json!(3), &json!(null), &json!("kb-002")));
        mira.get("/api/v1/knowledge/changes?cursor=kb-003").await.problem_at(422, "invalid_value", "cursor");
        mira.get("/api/v1/knowledge/changes?from=99").await.problem_at(422, "invalid_value", "from");
        app.agent("ada").await.get("/api/v1/knowledge/changes").await.expect(200);
    }
}
