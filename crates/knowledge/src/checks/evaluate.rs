//! `POST /api/v1/knowledge/evaluations` and `/knowledge/yesterday`: put the test set, or yesterday's questions, to the live bot and to the draft.

use axum::{Json, extract::State, http::StatusCode};
use content::knowledge::RunOf;
use domain::{
    entry::Changed,
    id::{KnowledgeRunId, TenantId},
    policy::Permission,
    refusal::{Code, Refusal},
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use service::learning::{
    runs::{self, Progress},
    tests::RunView,
    yesterday::{self, YesterdayView},
};

/// Works off a run that was begun.
pub fn work(app: &App, tenant: TenantId, id: KnowledgeRunId) {
    tokio::spawn(service::learning::work::work(app.bots().clone(), app.db().clone(), tenant, id));
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
            let total = store_knowledge::knowledge_tests::count(tx, tenant).await?;
            if total == 0 {
                return Err(Refusal::new(Code::KnowledgeNoTests).into());
            }
            let run = runs::begin(tx, tenant, RunOf::Tests, id, total).await?;
            tx.announce(Changed::Knowledge).await?;
            Answer::json(StatusCode::ACCEPTED, &RunView::of(run, now)?)
        })
    });
    let answer = done.await?;
    work(&app, tenant, id);
    Ok(answer)
}

/// Returns what the draft would change about the questions that customers asked yesterday.
#[utoipa::path(get, path = "/knowledge/yesterday", tag = "knowledge", security(("staff" = [])), responses((status = 200, body = YesterdayView), Problems))]
pub async fn get_yesterday(State(app): State<App>, actor: StaffActor) -> Result<Json<YesterdayView>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    Ok(Json(yesterday::view(app.bots(), app.db(), &actor.staff).await?))
}

/// Begins a comparison: each question that customers asked the bot yesterday is put to the live bot and to the draft.
///
/// Only one comparison runs at a time; `GET /knowledge/yesterday` reports its progress.
#[utoipa::path(post, path = "/knowledge/yesterday", tag = "knowledge", security(("staff" = [])), params(OnceHeader), responses((status = 202, body = Progress), Problems))]
pub async fn begin_yesterday(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let (tenant, now, id) = (actor.tenant(), app.env().now(), KnowledgeRunId::new(app.env().uuid()));
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let run = runs::begin(tx, tenant, RunOf::Yesterday, id, 0).await?;
            tx.announce(Changed::Knowledge).await?;
            Answer::json(StatusCode::ACCEPTED, &Progress::of(&run, now))
        })
    });
    let answer = done.await?;
    work(&app, tenant, id);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;

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
    async fn what_the_draft_would_change_about_yesterdays_questions_is_listed_without_a_word_of_them_being_kept() {
        const PATH: &str = "/api/v1/knowledge/yesterday";
        let app = TestApp::new().await;
        app.topic("plans").await;
        for text in ["能把手机13800138000寄到月球吗", "能把手机13800138000寄到月球吗？", "我不想活了", "恐龙"] {
            app.visitor().await.open(text).await;
            app.clock.advance(1000);
        }
        app.bot_is_done().await;
        app.clock.advance(domain::time::DAY);
        app.visitor().await.open("今天才问的月球").await;
        app.bot_is_done().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let nothing = mira.get(PATH).await.expect(200);
        assert_eq!(nothing, json!({"run": null, "result": null, "fresh": false}));
        let body = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "similar": {"zh": ["手机13800138000寄到月球"]}, "answer": {"zh": "目前不能。"}});
        let made = mira.post("/api/v1/knowledge/entries", body).await.expect(201);
        ada.post(PATH, json!({})).await.problem(403, "not_permitted");
        mira.post(PATH, json!({})).await.expect(202);
        let found = eventually("the comparison is over", async || {
            let found = mira.get(PATH).await.expect(200);
            (found["run"]["state"] == "done").then_some(found)
        })
        .await;
        let result = &found["result"];
        assert_eq!((&result["asked"], &result["different"], &found["fresh"]), (&json!(3), &json!(2), &json!(true)), "{found}");
        let item = &result["items"][0];
        assert_eq!((&item["question"], &item["count"], &item["live"]["did"]), (&json!("能把手机•••寄到月球吗？"), &json!(2), &json!("no_answer")), "{item}");
        assert_eq!((&item["draft"]["entry"], &item["draft"]["name"]["zh"]), (&made["id"], &json!("能把手机寄到月球吗")));
        let mut tx = app.app().db().read().await.unwrap();
        let kept = store_knowledge::knowledge_runs::latest(&mut tx, app.company.tenant, content::knowledge::RunOf::Yesterday).await.unwrap().unwrap();
        drop(tx);
        assert!(!kept.result.unwrap().contains("月球"));
        // Two customers asked it, in conversations that agents may not read.
        let known = ada.get(PATH).await.expect(200)["result"].clone();
        assert_eq!((&known["different"], &known["items"]), (&json!(2), &json!([])));
        let bob = app.staff_of(&app.other_company("beta").await, Role::Manager, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200)["result"], json!(null));
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
        let before = service::learning::tests::load_inputs(&bots, db, tenant).await.unwrap();
        let moon = json!({"category": "plans", "question": {"zh": "能把手机寄到月球吗"}, "answer": {"zh": "目前不能。"}});
        let made = mira.post("/api/v1/knowledge/entries", moon).await.expect(201)["id"].as_str().unwrap().to_owned();
        mira.post("/api/v1/knowledge/tests", json!({"sentence": "能不能把手机寄到月球", "lang": "zh-CN", "expected": made})).await.expect(201);
        let check = checked(&mira).await;
        assert_eq!(check["may_publish"], true, "{check}");
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        let version = mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200)["version"].as_i64().unwrap();
        let after = service::learning::tests::load_inputs(&bots, db, tenant).await.unwrap();
        assert_eq!((after.both.state.version, after.both.state.revision), (version, revision.as_i64().unwrap()));
        assert!(before.both.state.version < version && after.tests.len() == before.tests.len() + 1);
        let live = |asked: &service::learning::tests::Asked| service::bots::reaction(&asked.both.live, "能不能把手机寄到月球", domain::text::Lang::Zh);
        assert_eq!((live(&before), live(&after)), (content::knowledge::Did::SaidNothing, content::knowledge::Did::Answered(made)));
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
