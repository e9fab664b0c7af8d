//! `/api/v1/knowledge/versions`: what was published, by whom and why; and restoring it.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    policy::Permission,
    refusal::{Code, Refusal},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Serialize;
use store_knowledge::knowledge_versions::{NewVersion, Version};
use utoipa::ToSchema;

use crate::live::publish::{CheckedBefore, KnowledgePublished};

/// A version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeVersion)]
pub struct VersionView {
    /// The version's number.
    pub number: i64,
    /// When it went live.
    pub created_at: Ts,
    /// The name of the member who published it; `null` for the initial version.
    #[schema(required)]
    pub created_by: Option<String>,
    /// The note on the version.
    pub note: String,
    /// Why it was published although the check's result fell.
    #[schema(required)]
    pub reason: Option<String>,
    /// The version that it restored.
    #[schema(required)]
    pub restores: Option<i64>,
    /// The result of the check.
    #[schema(required)]
    pub checked: Option<CheckedBefore>,
    /// The number of entries.
    pub entries: i64,
}

impl From<Version> for VersionView {
    fn from(version: Version) -> Self {
        let Version { number, created_at, created_by, note, reason, restores, checked, entries } = version;
        let checked = checked.and_then(|json| serde_json::from_str(&json).ok());
        Self { number, created_at, created_by, note, reason, restores, checked, entries }
    }
}

/// The versions of the knowledge.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgeVersions {
    /// Newest first; the first one is live. The last hundred are kept.
    pub items: Vec<VersionView>,
}

/// Lists the versions.
#[utoipa::path(get, path = "/knowledge/versions", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = KnowledgeVersions), Problems))]
pub async fn list_knowledge_versions(State(app): State<App>, actor: StaffActor) -> Result<Json<KnowledgeVersions>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    let versions = store_knowledge::knowledge_versions::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(KnowledgeVersions { items: versions.into_iter().map(VersionView::from).collect() }))
}

/// Makes an earlier version live again as a new version, at once and on every node; the draft stays as it is.
#[utoipa::path(post, path = "/knowledge/versions/{number}/restore", tag = "knowledge", security(("staff" = [])), params(("number" = i64, Path), OnceHeader),
    responses((status = 200, body = KnowledgePublished), Problems))]
pub async fn restore_knowledge_version(State(app): State<App>, actor: StaffActor, ValidPath(number): ValidPath<i64>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if number > 0 && store_knowledge::knowledge_drafts::state(tx, tenant).await?.version == number {
                return Err(Refusal::new(Code::KnowledgeVersionLive).into());
            }
            let version = NewVersion { by: Some(agent), ..NewVersion::default() };
            let version = store_knowledge::knowledge_versions::restore(tx, tenant, number, &version).await?;
            tx.announce(Changed::PublishedKnowledge).await?;
            Answer::json(StatusCode::OK, &KnowledgePublished { version })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_was_there_before_the_first_publish_can_be_brought_back() {
        let app = TestApp::new().await;
        let tenant = app.company.tenant;
        let old =
            vec![(store::Document { id: "kb-1".into(), json: r#"{"id":"kb-1","topic":"plans","question":{"zh":"旧"},"answer":{"zh":"旧答"}}"#.into() }, 1)];
        let write = app
            .app()
            .db()
            .writer()
            .write(db::Shard::Any, move |tx| Box::pin(async move { store_knowledge::knowledge::put_entries(tx, tenant, 0, &old).await }));
        write.await.unwrap();
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "新"}, "answer": {"zh": "新答"}})).await.expect(201);
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        assert_eq!(mira.post("/api/v1/knowledge/publish", json!({"revision": revision, "note": "more"})).await.expect(200)["version"], 2);
        mira.post("/api/v1/knowledge/versions/2/restore", json!({})).await.problem(409, "knowledge_version_live");
        mira.post("/api/v1/knowledge/versions/9/restore", json!({})).await.problem(404, "not_found");
        assert_eq!(mira.post("/api/v1/knowledge/versions/1/restore", json!({})).await.expect(200)["version"], 3);
        let versions = mira.get("/api/v1/knowledge/versions").await.expect(200);
        let told: Vec<_> = versions["items"].as_array().unwrap().iter().map(|v| (&v["number"], &v["restores"], &v["entries"], &v["created_by"])).collect();
        let expected =
            [(json!(3), json!(1), json!(1), json!("mira")), (json!(2), json!(null), json!(2), json!("mira")), (json!(1), json!(null), json!(1), json!(null))];
        assert_eq!(told, expected.iter().map(|(a, b, c, d)| (a, b, c, d)).collect::<Vec<_>>());
        let between = mira.get("/api/v1/knowledge/changes?from=1&to=2").await.expect(200);
        assert_eq!((between["items"].as_array().unwrap().len(), &between["items"][0]["change"]), (1, &json!("new")));
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post("/api/v1/knowledge/versions/1/restore", json!({})).await.problem(404, "not_found");
        let ada = app.agent("ada").await;
        ada.get("/api/v1/knowledge/versions").await.expect(200);
        ada.post("/api/v1/knowledge/versions/1/restore", json!({})).await.problem(403, "not_permitted");
    }
}
