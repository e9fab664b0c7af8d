//! `GET /api/v1/knowledge`

use std::{collections::HashSet, sync::Arc};

use axum::{Json, extract::State};
use content::knowledge::{Expected, RunOf};
use db::Tx;
use domain::{id::TenantId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use service::{
    bots::Error,
    latest::Anything,
    learning::{proposals, tests::RunView},
};
use utoipa::ToSchema;

use crate::draft::view::{DraftState, is_change, state_of};

/// The state of the knowledge.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeOverview {
    /// Rises with every change of the draft or its test set; send it back when publishing.
    pub revision: i64,
    /// The version that is live; 0 before the first publish.
    pub version: i64,
    /// The number of the version that the next publish creates.
    pub next: i64,
    /// The number of entries in the draft.
    pub entries: usize,
    /// The number of entries that the next publish changes.
    pub changes: usize,
    /// The ids of entries that cannot go live yet.
    pub incomplete: Vec<String>,
    /// The number of sentences in the test set.
    pub tests: i64,
    /// The number of sentences in the test set that expect an entry which the draft does not have.
    pub lost_tests: usize,
    /// The number of customers' questions that the bot can learn from, nobody has settled, and the reader may know.
    pub unanswered: i64,
    /// The latest check.
    #[schema(required)]
    pub run: Option<RunView>,
}

/// What the overview says of the draft and its test set, for which all of both is read.
struct Digest {
    is_live: bool,
    entries: usize,
    changes: usize,
    incomplete: Vec<String>,
    tests: i64,
    lost_tests: usize,
}

impl Digest {
    async fn read(tx: &mut Tx, tenant: TenantId) -> Result<Anything, Problem> {
        let drafts = store_knowledge::knowledge_drafts::list(tx, tenant).await?;
        let tests = store_knowledge::knowledge_tests::list(tx, tenant).await?;
        let staying: Vec<_> = drafts.iter().filter(|draft| !draft.removed).collect();
        let ids: HashSet<&str> = staying.iter().map(|draft| draft.entry.id.as_str()).collect();
        let is_lost = |expected: &Expected| matches!(expected, Expected::Entry(id) if !ids.contains(id.as_str()));
        Ok(Arc::new(Self {
            is_live: drafts.iter().any(|draft| draft.live.is_some()),
            entries: drafts.iter().filter(|draft| state_of(draft).is_some_and(|state| state != DraftState::Removed)).count(),
            changes: drafts.iter().filter(|draft| is_change(draft)).count(),
            incomplete: staying.iter().filter(|draft| draft.entry.missing().is_some()).map(|draft| draft.entry.id.clone()).collect(),
            tests: tests.len() as i64,
            lost_tests: tests.iter().filter(|test| is_lost(&test.expected)).count(),
        }))
    }
}

/// Returns the state of the knowledge: what is unpublished, what was checked, and what went unanswered.
#[utoipa::path(get, path = "/knowledge", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = KnowledgeOverview), Problems))]
pub async fn knowledge_overview(State(app): State<App>, actor: StaffActor) -> Result<Json<KnowledgeOverview>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let state = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?;
    let run = store_knowledge::knowledge_runs::latest(&mut tx, tenant, RunOf::Tests).await?;
    let digest = app.bots().digests().get(tenant, state, now, Digest::read(&mut tx, tenant)).await?;
    drop(tx);
    let digest = digest.downcast::<Digest>().map_err(|_| Error::Training)?;
    let unanswered = proposals::count(app.bots(), app.db(), &actor.staff).await?;
    let Digest { is_live, entries, changes, incomplete, tests, lost_tests } = &*digest;
    Ok(Json(KnowledgeOverview {
        revision: state.revision,
        version: state.version,
        // Knowledge that is live before the first publish becomes version 1 by itself.
        next: state.version + if state.version == 0 && *is_live { 2 } else { 1 },
        entries: *entries,
        changes: *changes,
        incomplete: incomplete.clone(),
        tests: *tests,
        lost_tests: *lost_tests,
        unanswered,
        run: run.map(|run| RunView::of(run, now)).transpose()?,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn it_counts_what_is_not_published_and_only_ones_own() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let before = mira.get("/api/v1/knowledge").await.expect(200);
        assert_eq!((&before["entries"], &before["changes"], &before["version"], &before["run"]), (&json!(0), &json!(0), &json!(0), &json!(null)));
        let whole = json!({"category": "plans", "question": {"zh": "怎么换套餐", "en": ""}, "answer": {"zh": "在营业厅换。", "en": ""}});
        mira.post("/api/v1/knowledge/entries", whole).await.expect(201);
        let bare = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "", "en": "What now?"}})).await.expect(201);
        let after = mira.get("/api/v1/knowledge").await.expect(200);
        assert_eq!((&after["entries"], &after["changes"], &after["incomplete"]), (&json!(2), &json!(2), &json!([bare["id"]])));
        assert!(after["revision"].as_i64() > before["revision"].as_i64());
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/knowledge").await.expect(200)["entries"], 0);
        assert_eq!(app.agent("ada").await.get("/api/v1/knowledge").await.expect(200)["entries"], 2);
    }

    #[tokio::test]
    async fn it_follows_every_change_of_the_draft_its_test_set_and_what_is_live() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let told = async || {
            let now = mira.get("/api/v1/knowledge").await.expect(200);
            ["entries", "changes", "tests", "lost_tests", "next"].map(|field| now[field].as_i64().unwrap())
        };
        assert_eq!(told().await, [0, 0, 0, 0, 1]);
        let whole = json!({"category": "plans", "question": {"zh": "怎么换套餐", "en": ""}, "answer": {"zh": "在营业厅换。", "en": ""}});
        let entry = mira.post("/api/v1/knowledge/entries", whole).await.expect(201);
        assert_eq!(told().await, [1, 1, 0, 0, 1]);
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
        assert_eq!(told().await, [1, 0, 0, 0, 2]);
        let sentence = json!({"sentence": "换套餐", "lang": "zh-CN", "expected": entry["id"]});
        mira.post("/api/v1/knowledge/tests", sentence).await.expect(201);
        assert_eq!(told().await, [1, 0, 1, 0, 2]);
        mira.delete(&format!("/api/v1/knowledge/entries/{}", entry["id"].as_str().unwrap())).await;
        assert_eq!(told().await, [0, 1, 1, 1, 2]);
    }
}
