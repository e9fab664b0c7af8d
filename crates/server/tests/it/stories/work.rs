//! What agents do over time: occupancy and concurrency, from the record to the list behind them.

use desk::jobs::keep_leases;
use domain::time::{DAY, HOUR, MINUTE};
use insight::jobs::verify_days;
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use testkit_server::Realtime;

use crate::stories::people::{first, new_conversation, post, send, text, working_agent};

/// A customer asks for a person, and this agent is given the conversation.
async fn served(app: &TestApp, agent: &StaffClient) -> String {
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("hello"))]).await;
    app.bot_is_done().await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    eventually("the agent has it", async || {
        let now = agent.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        (now["state"] == "active" && now["agent"]["id"] == json!(agent.member.id)).then_some(())
    })
    .await;
    conversation
}

/// Time passes, and the agent's console stays connected.
async fn pass(app: &TestApp, desk: &mut Realtime, minutes: i64) {
    for _ in 0..4 * minutes {
        app.clock.advance(MINUTE / 4);
        desk.send(&json!({"t": "ping"})).await;
        desk.until("pong").await;
        keep_leases::renew(app.app()).await.unwrap();
        service::work::note(app.app().db(), app.env().now()).await.unwrap();
    }
}

/// The total of an indicator today.
async fn total(mira: &StaffClient, key: &str) -> Value {
    mira.get(&format!("/api/v1/metrics/{key}?from=2026-11-20&to=2026-11-20")).await.expect(200)["series"][0]["total"].clone()
}

async fn story(app: TestApp) {
    let mira = app.manager("mira").await;
    let (ada, mut desk) = working_agent(&app, "ada").await;
    // Ten minutes with nothing to do, twenty with one conversation, thirty with two, and a break in which one goes on for five.
    pass(&app, &mut desk, 10).await;
    let long = served(&app, &ada).await;
    pass(&app, &mut desk, 20).await;
    let short = served(&app, &ada).await;
    pass(&app, &mut desk, 30).await;
    post(&ada, vec![send(&short, json!({"type": "resolve"}))]).await;
    ada.put("/api/v1/me/state", json!({"state": "break", "reason": "lunch"})).await.expect(200);
    pass(&app, &mut desk, 5).await;
    post(&ada, vec![send(&long, json!({"type": "resolve"}))]).await;
    pass(&app, &mut desk, 40).await;
    ada.put("/api/v1/me/state", json!({"state": "offline"})).await.expect(200);
    app.feed_panel().await;

    let minutes = |value: Value| value.as_i64().map(|ms| ms as f64 / MINUTE as f64);
    assert_eq!((minutes(total(&mira, "work_sum").await), minutes(total(&mira, "busy_sum").await)), (Some(65.0), Some(55.0)), "a break is no work");
    let contact = total(&mira, "contact_sum").await;
    assert_eq!((minutes(contact.clone()), &total(&mira, "handle_sum").await), (Some(85.0), &contact), "as long as all services together");
    let slots = f64::from(u32::try_from(ada.get("/api/v1/me").await.expect(200)["capacity"].as_i64().unwrap()).unwrap());
    assert_eq!(minutes(total(&mira, "slot_sum").await), Some(60.0 * slots + 5.0));
    for (key, value) in [("occupancy", 55.0 / 65.0), ("concurrency", 85.0 / 55.0), ("slot_share", 85.0 / (60.0 * slots + 5.0))] {
        let found = total(&mira, key).await.as_f64().unwrap();
        assert!((found - value).abs() < 1e-9, "{key}: {found}");
    }
    let hours = mira.get("/api/v1/metrics/work_sum?from=2026-11-20&to=2026-11-20&grain=hour").await.expect(200);
    let worked: Vec<Value> = hours["series"][0]["points"].as_array().unwrap().iter().map(|point| point["value"].clone()).filter(|value| *value != 0).collect();
    assert!(worked.len() > 1 && worked.iter().all(|ms| ms.as_i64().unwrap() <= 60 * MINUTE), "no hour has more than an hour of one agent: {worked:?}");

    let list = mira.get("/api/v1/metrics/busy/conversations?from=2026-11-20&to=2026-11-20").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!((list["count"].as_i64(), &total(&mira, "busy").await), (i64::try_from(items.len()).ok(), &list["count"]));
    assert_eq!(items.iter().map(|item| item["stretch"]["ms"].as_i64().unwrap()).sum::<i64>(), 55 * MINUTE);
    let last = &items[0];
    assert_eq!((&last["conversation"], &last["stretch"]["name"], &last["stretch"]["agent"]), (&json!(null), &json!("ada"), &json!(ada.member.id)));
    assert_eq!((&last["stretch"]["state"], &last["stretch"]["conversations"]), (&json!("break"), &json!(1)));
    let split = mira.get("/api/v1/metrics/occupancy?from=2026-11-20&to=2026-11-20&split=agent").await.expect(200);
    assert_eq!((split["series"].as_array().unwrap().len(), &split["series"][0]["part"]), (1, &json!(ada.member.id)));
    let path = "/api/v1/metrics/busy/conversations?from=2026-11-20&to=2026-11-20";
    let csv = mira.send(mira.request(reqwest::Method::GET, path).header("accept", "text/csv")).await;
    let csv = String::from_utf8(csv.body).unwrap();
    assert_eq!((csv.lines().next(), csv.lines().count()), (Some(r#""at","agent","state","conversations","ms""#), items.len() + 1));

    // What is not over is counted with the quarter of an hour; a console that is gone ends it, and nobody works at night.
    ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    pass(&app, &mut desk, 20).await;
    app.feed_panel().await;
    let counted = minutes(total(&mira, "work_sum").await).unwrap();
    assert!((70.0..=85.0).contains(&counted), "at most a quarter of an hour is missing: {counted}");
    app.clock.advance(HOUR);
    service::work::note(app.app().db(), app.env().now()).await.unwrap();
    app.feed_panel().await;
    assert_eq!(minutes(total(&mira, "work_sum").await), Some(85.5));
    app.clock.advance(DAY);
    verify_days::step(app.app()).await.unwrap();
    let days = app.manager("noor").await.get("/api/v1/warehouse").await.expect(200)["days"].clone();
    let day = days.as_array().unwrap().iter().find(|day| day["day"] == "2026-11-20").unwrap();
    assert_eq!(day["verify"]["state"], "fine", "{days}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_agents_do_is_counted_while_it_was() {
    story(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_on_postgres_too() {
    let Some(app) = TestApp::on_postgres().await else { return };
    story(app).await;
}
