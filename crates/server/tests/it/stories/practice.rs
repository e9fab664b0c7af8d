//! Practice: somebody serves a simulated customer at the real desk, and nothing of their company knows of it.

use domain::{id::TenantId, staff::Role};
use serde_json::{Value, json};
use testkit::{eventually, ids};
use testkit_app::{StaffClient, TestApp};
use testkit_server::{Client, Realtime, Receiver, receiver::Answers};

/// Longer than any customer of an exercise takes for a line.
const A_MOMENT_MS: i64 = 10_000;

async fn begin(who: &Client, exercise: &str) {
    who.post(&format!("/api/v1/practice-exercises/{exercise}/begin"), json!({"lang": "en"})).await.expect(204);
}

async fn run(who: &Client) -> Value {
    who.get("/api/v1/practice-run").await.expect(200)["run"].clone()
}

/// Opens the desk, which is what makes somebody somebody to whom conversations are given.
async fn desk(who: &Client) -> Realtime {
    let mut socket = Realtime::connect(who).await;
    socket.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine", "queue"]})).await;
    socket.until("welcome").await;
    socket
}

async fn act(who: &Client, conversation: &str, body: Value) {
    let frame = json!({"t": "send", "conversation": conversation, "client_id": ids::uuid(), "body": body});
    let answer = eventually("an answer other than busy", || async {
        let answer = who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone();
        Some(answer).filter(|answer| answer["t"] != "busy")
    });
    let answer = answer.await;
    assert_eq!(answer["t"], "ok", "{answer}");
}

/// What was said in a conversation, in order.
async fn said(who: &Client, conversation: &str) -> Vec<String> {
    let frame = json!({"t": "get", "stream": conversation, "from": 1, "to": 100});
    let answer = who.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
    let entries = answer["frames"].as_array().unwrap().iter().filter_map(|frame| frame["entries"].as_array()).flatten();
    entries.filter(|entry| entry["kind"] == "message").map(|entry| entry["body"]["text"].as_str().unwrap().to_owned()).collect()
}

/// Waits until the customer has said so many lines, of all that was said.
async fn hears(app: &TestApp, who: &Client, conversation: &str, lines: usize) {
    app.clock.advance(A_MOMENT_MS);
    eventually("the customer writes", async || Some(said(who, conversation).await).filter(|said| said.len() >= lines)).await;
}

/// The same without times, some of which are those at which it was asked for.
fn without_times(value: Value) -> Value {
    const FIRST: i64 = 1_700_000_000_000;
    match value {
        Value::Number(number) if number.as_i64().is_some_and(|number| number >= FIRST) => json!("a time"),
        Value::Array(items) => items.into_iter().map(without_times).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, without_times(field))).collect(),
        other => other,
    }
}

/// Everything that a manager and an administrator see of their company.
async fn seen(app: &TestApp, manager: &Client, administrator: &Client) -> Vec<Value> {
    app.feed_panel().await;
    let mut seen = Vec::new();
    for path in [
        "/api/v1/conversations",
        "/api/v1/events?limit=500",
        "/api/v1/alerts",
        "/api/v1/left-messages",
        "/api/v1/queues",
        "/api/v1/staff",
        "/api/v1/colleagues",
        "/api/v1/labels",
        "/api/v1/canned-replies",
        "/api/v1/metrics/dialogue?range=days_7",
        "/api/v1/panel",
    ] {
        let answer = manager.get(path).await;
        let body = if answer.status == 200 { answer.json() } else { json!(answer.status.as_u16()) };
        seen.push(json!([path, without_times(body)]));
    }
    for path in ["/api/v1/company/sites", "/api/v1/company/use"] {
        let answer = administrator.get(path).await;
        seen.push(json!([path, if answer.status == 200 { answer.json() } else { json!(answer.status.as_u16()) }]));
    }
    seen
}

async fn practice(app: &TestApp) -> TenantId {
    store::entry_points::practice_of(app.app().db(), app.company.tenant).await.unwrap().unwrap()
}

async fn label(who: &Client) -> String {
    who.get("/api/v1/labels").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned()
}

async fn practised(app: TestApp) {
    let (ada, mira, tara) = (app.agent("ada").await, app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
    let receiver = Receiver::new(Answers::Nothing).await;
    let events = ["conversation.opened", "conversation.message", "conversation.resolved"];
    tara.post("/api/v1/webhooks", json!({"url": receiver.url, "events": events, "bodies": true})).await.expect(201);
    tara.post("/api/v1/labels", json!({"name": {"zh": "账单", "en": "Billing"}, "colour": "ok"})).await.expect(201);
    let before = seen(&app, &mira, &tara).await;

    begin(&ada, "bill").await;
    let learner = ada.practising();
    let _desk = desk(&learner).await;
    let me = learner.get("/api/v1/me").await.expect(200);
    assert_eq!((&me["name"], &me["role"]), (&json!(ada.member.name), &json!("agent")));
    assert_ne!(me["agent"], json!(ada.member.id.to_string()), "a member of their own");
    let at_first = run(&learner).await;
    let conversation = at_first["conversation"].as_str().unwrap().to_owned();
    assert!(at_first["is_finished"] == false && at_first["steps"].as_array().unwrap().iter().all(|step| step["done"] == false), "{at_first}");
    // Routing gives it to whoever is at the desk there, as everywhere.
    eventually("it is given to the learner", async || {
        let found = learner.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        (found["agent"]["id"] == me["agent"] || found["agent"] == me["agent"]).then_some(())
    })
    .await;
    act(&learner, &conversation, json!({"type": "text", "text": "Hello, I will have a look at your bill."})).await;
    hears(&app, &learner, &conversation, 3).await;
    act(&learner, &conversation, json!({"type": "text", "text": "You used 3 GB more than your plan has."})).await;
    hears(&app, &learner, &conversation, 5).await;
    act(&learner, &conversation, json!({"type": "label", "labels": [label(&learner).await]})).await;
    act(&learner, &conversation, json!({"type": "resolve"})).await;
    eventually("it is finished", async || (run(&learner).await["is_finished"] == true).then_some(())).await;
    eventually("the company keeps it as a lesson", async || {
        let items = ada.get("/api/v1/practice-exercises").await.expect(200)["items"].clone();
        items.as_array().unwrap().iter().any(|one| one["key"] == "bill" && !one["finished_at"].is_null()).then_some(())
    })
    .await;
    let after = seen(&app, &mira, &tara).await;
    let differences: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(receiver.received().is_empty(), "nothing is told to anybody outside");
    let found = mira.get(&format!("/api/v1/conversations/{conversation}")).await;
    found.problem(404, "not_found");
    learner.post("/api/v1/practice-run/leave", json!({})).await.expect(204);
    learner.get("/api/v1/me").await.problem(401, "not_signed_in");
    assert!(run(&ada).await.is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_practised_changes_nothing_that_the_company_sees() {
    practised(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_practised_changes_nothing_on_postgres() {
    if let Some(app) = TestApp::on_postgres().await {
        practised(app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_practises_has_nothing_of_the_company_there_and_nobody_else_gets_in() {
    let app = TestApp::new().await;
    let (ada, bob, tara) = (app.agent("ada").await, app.agent("bob").await, app.staff(Role::Administrator, "tara").await);
    let beta = app.other_company("beta").await;
    let eve = app.staff_of(&beta, Role::Agent, "eve").await;
    bob.practising().get("/api/v1/me").await.problem(404, "not_found");
    begin(&ada, "hold").await;
    begin(&eve, "hold").await;
    let real = app.visitor().await.open("hello").await;
    let (learner, of_eve) = (ada.practising(), eve.practising());
    let (own, other) = (run(&learner).await["conversation"].clone(), run(&of_eve).await["conversation"].clone());
    let read = async |who: &Client, id: &str| who.get(&format!("/api/v1/conversations/{id}")).await.status.as_u16();
    assert_eq!(read(&learner, own.as_str().unwrap()).await, 200);
    assert_eq!(read(&learner, &real).await, 404, "nothing of the company is there");
    assert_eq!((read(&tara, own.as_str().unwrap()).await, read(&of_eve, own.as_str().unwrap()).await), (404, 404));
    assert_eq!((read(&learner, other.as_str().unwrap()).await, read(&ada, own.as_str().unwrap()).await), (404, 404));
    // Who did not begin is nobody there, and the cookie of one company opens nothing of another's practice.
    bob.practising().get("/api/v1/me").await.problem(401, "not_signed_in");
    tara.practising().get("/api/v1/me").await.problem(401, "not_signed_in");
    app.with_cookie(ada.cookie.as_ref().unwrap()).at_company("beta").practising().get("/api/v1/me").await.problem(401, "not_signed_in");
    // Nothing is set up there, nobody signs in or out, and no customer comes in.
    for refused in [
        learner.delete("/api/v1/auth/sessions/current").await,
        learner.post("/api/v1/canned-replies", json!({})).await,
        learner.put("/api/v1/me/password", json!({})).await,
        learner.post("/api/v1/practice-exercises/bill/begin", json!({"lang": "en"})).await,
        learner.get("/api/v1/hall").await,
        app.practising().post("/api/v1/widget/sessions", json!({})).await,
        app.practising().get("/api/v1/operator/companies").await,
    ] {
        refused.problem(403, "not_in_practice");
    }
    app.get("/o/practice/api/v1/hall").await.problem(404, "not_found");
    let slug = format!("practice-{}", practice(&app).await.uuid().as_simple());
    app.get(&format!("/o/{slug}/api/v1/hall")).await.problem(404, "not_found");
    // Who is signed out, or disabled, has left.
    let mut socket = desk(&learner).await;
    ada.delete("/api/v1/auth/sessions/current").await.expect(204);
    learner.get("/api/v1/me").await.problem(401, "not_signed_in");
    assert_eq!(socket.farewell().await.0.as_deref(), Some("signed_out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_ends_by_itself_and_goes_with_its_company() {
    let app = TestApp::new().await;
    let ada: StaffClient = app.agent("ada").await;
    begin(&ada, "silent").await;
    let practice = practice(&app).await;
    assert!(!store::entry_points::tenants(app.app().db()).await.unwrap().contains(&practice), "it counts as no company");
    let learner = ada.practising();
    let conversation = run(&learner).await["conversation"].as_str().unwrap().to_owned();
    begin(&ada, "bill").await;
    assert_eq!(run(&learner).await["exercise"], "bill", "another exercise takes the place of the first");
    let first = learner.get(&format!("/api/v1/conversations/{conversation}")).await;
    assert!(first.status == 200 || first.status == 404, "{first:?}");
    app.clock.advance(desk::jobs::simulated_customer::IDLE_MS);
    eventually("it ends", async || run(&ada).await.is_null().then_some(())).await;
    learner.get("/api/v1/me").await.problem(401, "not_signed_in");
}
