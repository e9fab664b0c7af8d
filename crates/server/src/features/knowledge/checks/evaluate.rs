//! `POST /api/v1/knowledge/evaluations`: puts the test set to the live bot and to the draft.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use bot::Bot;
use db::Db;
use domain::{
    entry::Changed,
    id::{KnowledgeRunId, KnowledgeTestId, TenantId},
    knowledge::{Did, Score, Verdict, judge},
    policy::Permission,
    refusal::{Code, Refusal},
    time::{MINUTE, Ts},
};
use serde::{Deserialize, Serialize};
use store::{knowledge_drafts, knowledge_runs::Run, knowledge_tests::KnowledgeTest};
use utoipa::ToSchema;

use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use service::bots::{Bots, reaction};

/// Sentences tried before the progress is recorded.
const CHUNK: usize = 100;
/// How often a check tries to read one consistent state while others write or publish, before it fails.
const TRIES: usize = 5;
/// A run without progress for this long is considered lost.
const LOST_AFTER_MS: i64 = 2 * MINUTE;

/// What the bot did with a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KnowledgeTestOutcome)]
pub struct Acted {
    /// The verdict on it.
    pub verdict: Verdict,
    /// What it did: `answered`, `offered`, `no_answer`, `human` or `other`.
    pub did: String,
    /// The entry it answered with, or the first it offered.
    #[schema(required)]
    pub entry: Option<String>,
}

/// A sentence worth looking at: the live bot or the draft does not get it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = KnowledgeTestCase)]
pub struct Case {
    /// The sentence's id.
    pub id: KnowledgeTestId,
    /// The sentence.
    pub sentence: String,
    /// What was expected: `no_answer`, `human` or the id of an entry.
    pub expected: String,
    /// What the live bot did.
    pub live: Acted,
    /// What the draft would do.
    pub draft: Acted,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// The score of what is live.
    pub live: Score,
    /// The score of the draft.
    pub draft: Score,
    /// Sentences that the live bot or the draft does not get right.
    pub cases: Vec<Case>,
}

/// A check of the draft against the test set.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = KnowledgeRun)]
pub struct RunView {
    /// The check's id.
    pub id: KnowledgeRunId,
    /// The revision of the draft that is checked: the one at the start, or a later one if the draft was changed while the check began.
    pub revision: i64,
    /// The version it is compared with, which is that of the live bot that was asked.
    pub version: i64,
    /// `running`, `done` or `failed`.
    #[schema(value_type = RunState)]
    pub state: String,
    /// Sentences tried so far.
    pub done: i64,
    /// Sentences in all.
    pub total: i64,
    /// The result, once the check is done.
    #[schema(required)]
    pub result: Option<CheckResult>,
    /// Whether the draft may be published without a reason; false until the check is done.
    pub may_publish: bool,
    /// When it began.
    pub created_at: Ts,
    /// How long it has taken so far, in milliseconds.
    pub took_ms: i64,
}

/// The state of a check.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case", as = KnowledgeRunState)]
pub enum RunState {
    /// The check is running.
    Running,
    /// The check is finished.
    Done,
    /// The check failed: the draft was changed repeatedly, or the program ended.
    Failed,
}

impl RunView {
    /// Builds the view of a run at `now`.
    ///
    /// # Errors
    /// If the stored result cannot be read.
    pub fn of(run: Run, now: Ts) -> store::Result<Self> {
        let lost = is_lost(&run, now);
        let Run { id, revision, version, state, done, total, result, created_at, updated_at } = run;
        let read = |json: String| serde_json::from_str::<CheckResult>(&json).map_err(|error| store::Error::Db(db::Error::Corrupt(error.to_string())));
        let result = result.map(read).transpose()?;
        let may_publish = result.as_ref().is_some_and(|result| result.draft.may_follow(&result.live));
        let state = if lost { "failed".to_owned() } else { state };
        Ok(Self { id, revision, version, state, done, total, result, may_publish, created_at, took_ms: updated_at.since(created_at) })
    }
}

fn is_lost(run: &Run, now: Ts) -> bool {
    run.state == "running" && now.since(run.updated_at) > LOST_AFTER_MS
}

/// Begins a check of the draft: each sentence of the test set is put to the live bot and to the draft.
///
/// Only one check runs at a time; `GET /knowledge` reports its progress.
#[utoipa::path(post, path = "/knowledge/evaluations", tag = "knowledge", security(("staff" = [])), params(OnceHeader), responses((status = 202, body = RunView), Problems))]
pub async fn begin_evaluation(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let (tenant, now, id) = (actor.tenant(), app.env().now(), KnowledgeRunId::new(app.env().uuid()));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            if store::knowledge_runs::latest(tx, tenant).await?.is_some_and(|run| run.state == "running" && !is_lost(&run, now)) {
                return Err(Refusal::new(Code::KnowledgeCheckRunning).into());
            }
            let total = store::knowledge_tests::count(tx, tenant).await?;
            if total == 0 {
                return Err(Refusal::new(Code::KnowledgeNoTests).into());
            }
            let state = store::knowledge_drafts::state(tx, tenant).await?;
            let (revision, version) = (state.revision, state.version);
            let run = Run { id, revision, version, state: "running".into(), done: 0, total, result: None, created_at: now, updated_at: now };
            store::knowledge_runs::insert(tx, tenant, &run).await?;
            tx.announce(Changed::Knowledge).await?;
            Answer::json(StatusCode::ACCEPTED, &RunView::of(run, now)?)
        })
    });
    let answer = done.await?;
    tokio::spawn(check(app, tenant, id));
    Ok(answer)
}

/// Runs a check that was begun to its end, and records the result.
async fn check(app: App, tenant: TenantId, id: KnowledgeRunId) {
    let run = async { store::knowledge_runs::get(&mut app.db().read().await?, tenant, id).await };
    let Ok(mut run) = run.await else { return };
    if run.state != "running" {
        return;
    }
    let found = compare(&app, tenant, &mut run).await;
    let over = match found {
        Ok(result) => Run { state: "done".into(), done: run.total, result: serde_json::to_string(&result).ok(), ..run },
        Err(error) => {
            tracing::warn!(error = %error, "a check of the knowledge broke off");
            Run { state: "failed".into(), ..run }
        }
    };
    if let Err(error) = note(&app, tenant, over).await {
        tracing::warn!(error = %error, "the end of a check of the knowledge could not be noted");
    }
}

async fn note(app: &App, tenant: TenantId, run: Run) -> store::Result<()> {
    let run = Run { updated_at: Ts(app.env().now().0.max(run.updated_at.0)), ..run };
    app.db().writer().write(db::Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { store::knowledge_runs::update(tx, tenant, &run).await })).await
}

/// The bots that are asked and the sentences, all from one revision of the draft and one version.
struct Asked {
    state: knowledge_drafts::State,
    live: Arc<Bot>,
    draft: Arc<Bot>,
    tests: Vec<KnowledgeTest>,
}

/// The bots of what is live and of the draft, both as the record has them when the sentences are read; this is retried if somebody was faster.
async fn load_inputs(bots: &Bots, db: &Db, tenant: TenantId) -> Result<Asked, service::bots::Error> {
    for _ in 0..TRIES {
        let (version, live) = bots.in_force(db, tenant).await?;
        let (revision, draft) = bots.draft_of(db, tenant).await?;
        let mut tx = db.snapshot().await.map_err(store::Error::from)?;
        let state = store::knowledge_drafts::state(&mut tx, tenant).await?;
        if state == (knowledge_drafts::State { revision, version }) {
            let tests = store::knowledge_tests::list(&mut tx, tenant).await?;
            return Ok(Asked { state, live, draft, tests });
        }
    }
    Err(service::bots::Error::Changed)
}

async fn compare(app: &App, tenant: TenantId, run: &mut Run) -> Result<CheckResult, service::bots::Error> {
    let Asked { state, live, draft, tests } = load_inputs(app.bots(), app.db(), tenant).await?;
    (run.revision, run.version, run.total) = (state.revision, state.version, tests.len() as i64);
    let mut result = CheckResult { live: Score::default(), draft: Score::default(), cases: Vec::new() };
    for chunk in tests.chunks(CHUNK) {
        let (chunk, live, draft) = (chunk.to_vec(), live.clone(), draft.clone());
        run.done += chunk.len() as i64;
        let cases = tokio::task::spawn_blocking(move || chunk.into_iter().map(|test| case(&live, &draft, test)).collect::<Vec<_>>());
        for case in cases.await.map_err(|_| service::bots::Error::Training)? {
            result.live.count(case.live.verdict);
            result.draft.count(case.draft.verdict);
            if case.live.verdict != Verdict::Right || case.draft.verdict != Verdict::Right {
                result.cases.push(case);
            }
        }
        if run.done < run.total {
            note(app, tenant, run.clone()).await?;
        }
    }
    Ok(result)
}

fn case(live: &Arc<Bot>, draft: &Arc<Bot>, test: KnowledgeTest) -> Case {
    let ask = |bot: &Bot| {
        let did = reaction(bot, &test.sentence, test.lang);
        let (name, entry) = match &did {
            Did::Answered(id) => ("answered", Some(id.clone())),
            Did::Offered(ids) => ("offered", ids.first().cloned()),
            Did::SaidNothing => ("no_answer", None),
            Did::HandedOver => ("human", None),
            Did::Other => ("other", None),
        };
        Acted { verdict: judge(&test.expected, &did), did: name.to_owned(), entry }
    };
    Case { live: ask(live), draft: ask(draft), id: test.id, expected: test.expected.as_str().to_owned(), sentence: test.sentence }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;

    use crate::testing::TestApp;

    async fn checked(who: &testkit_server::Client) -> Value {
        who.post("/api/v1/knowledge/evaluations", json!({})).await.expect(202);
        eventually("the check is over", async || {
            let run = who.get("/api/v1/knowledge").await.expect(200)["run"].clone();
            (run["state"] != "running").then_some(run)
        })
        .await
    }

    #[tokio::test]
    async fn live_and_draft_are_asked_the_same_sentences() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        let first = checked(&mira).await;
        assert_eq!((&first["state"], &first["done"], &first["may_publish"]), (&json!("done"), &first["total"], &json!(true)));
        assert_eq!(first["result"]["live"], first["result"]["draft"]);
        let moon = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "answer": {"zh": "目前不能。"}});
        let made = mira.post("/api/v1/knowledge/entries", moon).await.expect(201);
        let test = mira.post("/api/v1/knowledge/tests", json!({"sentence": "能不能把手机寄到月球", "lang": "zh-CN", "expected": made["id"]})).await.expect(201);
        let second = checked(&mira).await;
        let sum = |side: &str| ["right", "dont_know", "wrong"].iter().map(|name| second["result"][side][name].as_i64().unwrap()).sum::<i64>();
        assert_eq!((sum("live"), sum("draft")), (second["total"].as_i64().unwrap(), second["total"].as_i64().unwrap()));
        let case = second["result"]["cases"].as_array().unwrap().iter().find(|case| case["id"] == test["id"]).unwrap();
        assert_eq!((&case["live"]["verdict"], &case["draft"]["verdict"], &case["draft"]["entry"]), (&json!("dont_know"), &json!("right"), &made["id"]));
    }

    #[tokio::test]
    async fn without_sentences_there_is_nothing_to_check() {
        let app = TestApp::new().await;
        app.manager("mira").await.post("/api/v1/knowledge/evaluations", json!({})).await.problem(409, "knowledge_no_tests");
        app.agent("ada").await.post("/api/v1/knowledge/evaluations", json!({})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn a_check_asks_the_version_that_is_in_force_and_never_the_one_before() {
        let app = TestApp::with_demo().await;
        let company = app.demo().await;
        let (tenant, db) = (company.tenant, app.app().db());
        let mira = app.staff_of(&company, Role::Manager, "mira").await;
        // A node that was not notified of the publish below: its bots are still the previous ones.
        let bots = service::bots::Bots::default();
        let before = super::load_inputs(&bots, db, tenant).await.unwrap();
        let moon = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "answer": {"zh": "目前不能。"}});
        let made = mira.post("/api/v1/knowledge/entries", moon).await.expect(201)["id"].as_str().unwrap().to_owned();
        mira.post("/api/v1/knowledge/tests", json!({"sentence": "能不能把手机寄到月球", "lang": "zh-CN", "expected": made})).await.expect(201);
        let check = checked(&mira).await;
        assert_eq!(check["may_publish"], true, "{check}");
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        let version = mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200)["version"].as_i64().unwrap();
        let after = super::load_inputs(&bots, db, tenant).await.unwrap();
        assert_eq!((after.state.version, after.state.revision), (version, revision.as_i64().unwrap()));
        assert!(before.state.version < version && after.tests.len() == before.tests.len() + 1);
        let live = |asked: &super::Asked| super::reaction(&asked.live, "能不能把手机寄到月球", domain::text::Lang::Zh);
        assert_eq!((live(&before), live(&after)), (domain::knowledge::Did::SaidNothing, domain::knowledge::Did::Answered(made)));
        // What the endpoint records is based on the same.
        let run = checked(&mira).await;
        assert_eq!((&run["version"], &run["revision"], &run["result"]["live"]), (&json!(version), &revision, &run["result"]["draft"]));
    }

    #[tokio::test]
    async fn a_publish_over_a_version_that_was_not_checked_is_refused() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        let moon = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "answer": {"zh": "目前不能。"}});
        let made = mira.post("/api/v1/knowledge/entries", moon).await.expect(201);
        let revision = async || mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        checked(&mira).await;
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision().await, "reason": "x"})).await.expect(200);
        let seen = mira.get(&format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap())).await.expect(200)["updated_at"].clone();
        mira.patch(&format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap()), json!({"answer": {"zh": "还不能。"}, "seen": seen}))
            .await
            .expect(200);
        checked(&mira).await;
        mira.post("/api/v1/knowledge/versions/1/restore", json!({})).await.expect(200);
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision().await, "reason": "x"})).await.problem(409, "knowledge_unchecked");
        assert_eq!(checked(&mira).await["version"], 3);
        assert_eq!(mira.post("/api/v1/knowledge/publish", json!({"revision": revision().await, "reason": "x"})).await.expect(200)["version"], 4);
    }
}
