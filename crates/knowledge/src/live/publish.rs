//! `POST /api/v1/knowledge/publish`

use axum::{extract::State, http::StatusCode};
use content::knowledge::{RunOf, Score, check_note};
use domain::{entry::Changed, id::TenantId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::learning::tests::RunView;
use store_knowledge::{knowledge_drafts, knowledge_versions::NewVersion};
use utoipa::ToSchema;

use crate::draft::view::is_change;

/// What to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishKnowledge {
    /// The draft's revision as last read; if it has changed since, nothing is published.
    pub revision: i64,
    /// A note on the version, at most 500 characters.
    #[serde(default)]
    #[schema(nullable = false)]
    pub note: String,
    /// Why to publish although the share of right answers falls by more than one point. It is kept with the version.
    #[serde(default)]
    pub reason: Option<String>,
}

/// The version that went live.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnowledgePublished {
    /// The number of the version.
    pub version: i64,
}

/// The result of the check when a version was published, as kept with the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckedBefore {
    /// The score of what was live until then.
    pub live: Score,
    /// The score of what was published.
    pub draft: Score,
}

/// The state to publish and the result of its check, unless something stands in the way.
async fn gate(app: &App, tenant: TenantId, revision: i64, reason: Option<&str>) -> Result<(knowledge_drafts::State, Option<CheckedBefore>), Problem> {
    let mut tx = app.db().snapshot_of(tenant).await?;
    let state = store_knowledge::knowledge_drafts::state(&mut tx, tenant).await?;
    if state.revision != revision {
        return Err(Problem::conflict(Code::Conflict, "the draft has changed in the meantime"));
    }
    let drafts = store_knowledge::knowledge_drafts::list(&mut tx, tenant).await?;
    if !drafts.iter().any(is_change) {
        return Err(Problem::conflict(Code::KnowledgeUnchanged, "there is nothing to publish"));
    }
    let unfinished = drafts.iter().filter(|draft| !draft.removed).find_map(|draft| Some((&draft.entry.id, draft.entry.missing()?)));
    if let Some((id, field)) = unfinished {
        let problem = Problem::conflict(Code::KnowledgeIncomplete, "an entry has no answer yet; write it or remove the entry");
        return Err(Problem { field: Some(format!("entries.{id}.{field}")), ..problem });
    }
    if store_knowledge::knowledge_tests::count(&mut tx, tenant).await? == 0 {
        return Ok((state, None));
    }
    let run = store_knowledge::knowledge_runs::latest(&mut tx, tenant, RunOf::Tests).await?.map(|run| RunView::of(run, app.env().now())).transpose()?;
    let fresh = run.filter(|run| run.revision == revision && run.version == state.version);
    let Some((result, may)) = fresh.and_then(|run| Some((run.result?, run.may_publish))) else {
        return Err(Problem::conflict(Code::KnowledgeUnchecked, "run the check on this draft first"));
    };
    if !may && reason.is_none() {
        let title =
            format!("right answers would fall from {:.1} to {:.1} points; give a reason to publish anyway", result.live.points(), result.draft.points());
        return Err(Problem { field: Some("reason".to_owned()), ..Problem::conflict(Code::KnowledgeWorse, title) });
    }
    Ok((state, Some(CheckedBefore { live: result.live, draft: result.draft })))
}

/// Makes the draft live on every node, under the next version number.
///
/// If there is a test set, a check of this very draft is required.
#[utoipa::path(post, path = "/knowledge/publish", tag = "knowledge", security(("staff" = [])), params(OnceHeader), request_body = PublishKnowledge,
    responses((status = 200, body = KnowledgePublished), Problems))]
pub async fn publish_knowledge(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<PublishKnowledge>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let PublishKnowledge { revision, note, reason } = new;
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    check_note("note", &note)?;
    check_note("reason", reason.as_deref().unwrap_or_default())?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let (seen, checked) = gate(&app, tenant, revision, reason.as_deref()).await?;
    // A reason that was not needed is not kept, because it would suggest that the score fell.
    let reason = reason.filter(|_| checked.is_some_and(|checked| !checked.draft.may_follow(&checked.live)));
    let checked = checked.and_then(|checked| serde_json::to_string(&checked).ok());
    let version = NewVersion { note: note.trim().to_owned(), reason, checked, by: Some(agent) };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let version = store_knowledge::knowledge_versions::publish(tx, tenant, seen, &version).await?;
            tx.announce(Changed::PublishedKnowledge).await?;
            Answer::json(StatusCode::OK, &KnowledgePublished { version })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::Client;

    async fn checked(who: &Client) -> Value {
        who.post("/api/v1/knowledge/evaluations", json!({})).await.expect(202);
        eventually("the check is over", async || {
            let now = who.get("/api/v1/knowledge").await.expect(200);
            (now["run"]["state"] == "done").then_some(now)
        })
        .await
    }
    async fn publish(who: &Client, body: Value) -> testkit_server::Answer {
        who.post("/api/v1/knowledge/publish", body).await
    }
    async fn says(app: &TestApp, text: &str) -> String {
        let bot = app.app().bots().of(app.app().db(), app.company.tenant).await.unwrap();
        let answer = bot.answer(&bot::Turn { text, lang_hint: bot::Lang::Zh, product: None, thread: None });
        format!("{} {}", answer.outcome.name(), answer.text)
    }

    #[tokio::test]
    async fn what_is_published_is_said_without_a_restart_and_can_be_taken_back() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        assert!(says(&app, "怎么换套餐").await.starts_with("no_answer"));
        let made = mira
            .post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "在营业厅换。"}}))
            .await
            .expect(201);
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        publish(&mira, json!({"revision": 0})).await.problem(409, "conflict");
        let published = publish(&mira, json!({"revision": revision, "note": "first"})).await.expect(200);
        assert_eq!(published["version"], 1);
        eventually("the bot says it", async || (says(&app, "怎么换套餐").await == "confident 在营业厅换。").then_some(())).await;
        publish(&mira, json!({"revision": revision})).await.problem(409, "knowledge_unchanged");
        let path = format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap());
        let gone = mira.delete(&path).await.expect(200);
        assert_eq!(gone["state"], "removed");
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        assert_eq!(publish(&mira, json!({"revision": revision})).await.expect(200)["version"], 2);
        eventually("the bot is silent", async || says(&app, "怎么换套餐").await.starts_with("no_answer").then_some(())).await;
        mira.post("/api/v1/knowledge/versions/1/restore", json!({})).await.expect(200);
        eventually("the bot says it again", async || (says(&app, "怎么换套餐").await == "confident 在营业厅换。").then_some(())).await;
        assert_eq!(mira.get(&path).await.expect(200)["state"], "removed");
    }

    #[tokio::test]
    async fn what_one_node_publishes_or_takes_back_every_node_says() {
        let Some(nodes) = TestApp::cluster(2, None).await else { return };
        nodes[0].topic("plans").await;
        let mira = nodes[0].manager("mira").await;
        assert!(says(&nodes[1], "怎么换套餐").await.starts_with("no_answer"));
        let entry = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "在营业厅换。"}});
        let made = mira.post("/api/v1/knowledge/entries", entry).await.expect(201);
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        publish(&mira, json!({"revision": revision})).await.expect(200);
        eventually("the other node says it", async || (says(&nodes[1], "怎么换套餐").await == "confident 在营业厅换。").then_some(())).await;
        mira.delete(&format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap())).await.expect(200);
        let elsewhere = mira.at(&nodes[1].base);
        let revision = elsewhere.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        assert_eq!(publish(&elsewhere, json!({"revision": revision})).await.expect(200)["version"], 2);
        eventually("the first node is silent", async || says(&nodes[0], "怎么换套餐").await.starts_with("no_answer").then_some(())).await;
        mira.post("/api/v1/knowledge/versions/1/restore", json!({})).await.expect(200);
        eventually("the other node says it again", async || (says(&nodes[1], "怎么换套餐").await == "confident 在营业厅换。").then_some(())).await;
        for node in nodes.into_iter().rev() {
            node.stop().await;
        }
    }

    #[tokio::test]
    async fn an_unfinished_entry_bars_the_publish_and_is_named() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        let field = format!("entries.{}.answer", made["id"].as_str().unwrap());
        publish(&mira, json!({"revision": revision})).await.problem_at(409, "knowledge_incomplete", &field);
        publish(&mira, json!({"revision": revision, "note": "x".repeat(501)})).await.problem_at(422, "invalid_value", "note");
        app.agent("ada").await.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_draft_that_answers_worse_needs_a_reason_that_is_kept() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        for id in ["kb-001", "kb-002", "kb-003", "kb-004", "kb-005", "kb-006", "kb-007", "kb-008"] {
            mira.delete(&format!("/api/v1/knowledge/entries/{id}")).await.expect(200);
        }
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        publish(&mira, json!({"revision": revision})).await.problem(409, "knowledge_unchecked");
        let now = checked(&mira).await;
        assert_eq!(now["run"]["may_publish"], false, "{}", now["run"]["result"]);
        publish(&mira, json!({"revision": revision})).await.problem_at(409, "knowledge_worse", "reason");
        publish(&mira, json!({"revision": revision, "reason": "  "})).await.problem_at(409, "knowledge_worse", "reason");
        publish(&mira, json!({"revision": revision, "reason": "These plans are not sold any more"})).await.expect(200);
        let versions = mira.get("/api/v1/knowledge/versions").await.expect(200);
        assert_eq!(versions["items"][0]["reason"], "These plans are not sold any more");
        assert!(versions["items"][0]["checked"]["draft"]["right"].as_i64() < versions["items"][0]["checked"]["live"]["right"].as_i64());
    }

    #[tokio::test]
    async fn a_node_that_has_not_heard_of_a_publish_still_tells_which_bot_is_in_force() {
        let app = TestApp::new().await;
        let (tenant, db) = (app.company.tenant, app.app().db());
        // Nothing that the running server announces reaches these bots.
        let bots = service::bots::Bots::default();
        let (before, _) = bots.in_force(db, tenant).await.unwrap();
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "在营业厅换。"}}))
            .await
            .expect(201);
        let state = store_knowledge::knowledge_drafts::state(&mut db.read().await.unwrap(), tenant).await.unwrap();
        let publish = db.writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                store_knowledge::knowledge_versions::publish(tx, tenant, state, &store_knowledge::knowledge_versions::NewVersion::default()).await
            })
        });
        let version = publish.await.unwrap();
        assert_eq!((before, version), (0, 1));
        assert!(bots.of(db, tenant).await.unwrap().knowledge().entries.is_empty(), "it has not heard of it");
        let (of, bot) = bots.in_force(db, tenant).await.unwrap();
        assert_eq!((of, bot.knowledge().entries.len()), (1, 1));
        assert_eq!(bots.of(db, tenant).await.unwrap().knowledge().entries.len(), 1, "and has heard of it now");
    }
}
