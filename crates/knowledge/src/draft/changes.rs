//! `GET /api/v1/knowledge/changes`: lists the differences between two versions, or between what is live and the draft.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use content::knowledge::KnowledgeEntry;
use db::Tx;
use domain::{id::TenantId, policy::Permission, refusal::Code, text::Bilingual};
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

/// Where a difference stands in the list: entries that the later side does not have at the end, the others as they stand there.
type Place = (bool, i64, String);

/// The place of the last difference of the previous page.
fn after(cursor: &str) -> Result<Place, Problem> {
    let mut parts = cursor.splitn(3, '.');
    let mut next = || parts.next().ok_or_else(cursor::problem);
    Ok((cursor::parse(next()?)?, cursor::parse(next()?)?, next()?.to_owned()))
}

/// The entries of a side with their positions. What is live and what is kept as a version moves by no edit, so there it is enough to count.
async fn side(tx: &mut Tx, tenant: TenantId, field: &str, which: &str) -> Result<Vec<(i64, KnowledgeEntry)>, Problem> {
    let documents = match which {
        "draft" => {
            let drafts = store_knowledge::knowledge_drafts::list(tx, tenant).await?;
            return Ok(drafts.into_iter().filter(|draft| !draft.removed).map(|draft| (draft.position, draft.entry)).collect());
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
    let read = |(at, document): (i64, &store::Document)| Ok((at, serde_json::from_str(&document.json).map_err(|error| Problem::internal(&error))?));
    (0..).zip(&documents).map(read).collect()
}

fn differences(before: Vec<(i64, KnowledgeEntry)>, after: Vec<(i64, KnowledgeEntry)>) -> Vec<(Place, ChangeView)> {
    let mut known: BTreeMap<String, KnowledgeEntry> = before.into_iter().map(|(_, entry)| (entry.id.clone(), entry)).collect();
    let mut items = Vec::new();
    for (position, entry) in after {
        let (id, question, before) = (entry.id.clone(), entry.question.clone(), known.remove(&entry.id));
        let fields = before.as_ref().map(|before| entry.differences(before)).unwrap_or_default();
        if before.is_some() && fields.is_empty() {
            continue;
        }
        let change = if before.is_some() { DraftState::Changed } else { DraftState::New };
        let view = ChangeView { id: id.clone(), change, question, fields, before: before.map(EntryTexts::from), after: Some(entry.into()) };
        items.push(((false, position, id), view));
    }
    let removed = |(id, entry): (String, KnowledgeEntry)| {
        let question = entry.question.clone();
        let view = ChangeView { id: id.clone(), change: DraftState::Removed, question, fields: Vec::new(), before: Some(entry.into()), after: None };
        ((true, 0, id), view)
    };
    items.extend(known.into_iter().map(removed));
    items.sort_by(|(one, _), (other, _)| one.cmp(other));
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
    let last = query.cursor.as_deref().map(after).transpose()?;
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let before = side(&mut tx, actor.tenant(), "from", &query.from).await?;
    let after = side(&mut tx, actor.tenant(), "to", &query.to).await?;
    drop(tx);
    let mut found = differences(before, after);
    found.retain(|(place, _)| last.as_ref().is_none_or(|last| place > last));
    let Page { items, next } = Page::light(found, PAGE, |((is_removed, position, id), _)| format!("{is_removed}.{position}.{id}"));
    Ok(Json(KnowledgeChanges { items: items.into_iter().map(|(_, view)| view).collect(), next }))
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
        let rest = mira.get("/api/v1/knowledge/changes?cursor=false.0.kb-001").await.expect(200);
        assert_eq!((&rest["next"], &rest["items"][0]["change"], &rest["items"][1]["id"]), (&json!(null), &json!("new"), &json!("kb-002")));
        for cursor in ["kb-003", "false.x.kb-003"] {
            mira.get(&format!("/api/v1/knowledge/changes?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
        mira.get("/api/v1/knowledge/changes?from=99").await.problem_at(422, "invalid_value", "from");
        app.agent("ada").await.get("/api/v1/knowledge/changes").await.expect(200);
    }
    #[tokio::test]
    async fn the_next_page_is_found_even_if_the_last_difference_is_reverted_meanwhile() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let rows: String = (0..60).map(|n| format!("plans,问题{n:02}\n")).collect();
        mira.upload("/api/v1/knowledge/import?apply=true", "text/csv", format!("category,question_zh\n{rows}").into_bytes()).await.expect(200);
        let first = mira.get("/api/v1/knowledge/changes").await.expect(200);
        mira.delete(&format!("/api/v1/knowledge/entries/{}", first["items"][49]["id"].as_str().unwrap())).await.expect(200);
        let rest = mira.get(&format!("/api/v1/knowledge/changes?cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        let told: Vec<_> = rest["items"].as_array().unwrap().iter().map(|item| item["question"]["zh"].as_str().unwrap()).collect();
        assert_eq!((&first["items"][49]["question"]["zh"], told[0], told.len()), (&json!("问题49"), "问题50", 10));
    }
}
