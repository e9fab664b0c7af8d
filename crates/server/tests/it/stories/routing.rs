//! The way of a waiting conversation to an agent: offers that are accepted, passed and missed, skills that are relaxed, and queues that flow over.

use desk::jobs::{keep_leases, route_waiting};
use domain::time::SECOND;
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp, VisitorClient};
use testkit_server::Realtime;

use crate::stories::people::{as_customer as all_entries, first, new_conversation, post, send, text, working_agent};

/// Sets rules of a queue.
async fn rule(mira: &StaffClient, queue: &str, rules: Value) {
    let all = mira.get("/api/v1/queues").await.expect(200);
    let seen = all["items"].as_array().unwrap().iter().find(|one| one["id"] == queue).unwrap()["updated_at"].clone();
    mira.patch(&format!("/api/v1/queues/{queue}"), json!({"rules": rules, "seen": seen})).await.expect(200);
}

/// A customer who asks for a person.
async fn asks(app: &TestApp) -> (VisitorClient, String) {
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("hello"))]).await;
    app.bot_is_done().await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    (visitor, conversation)
}

async fn row(mira: &StaffClient, conversation: &str) -> Value {
    mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)
}

/// To whom a conversation is offered now.
async fn offered(mira: &StaffClient, conversation: &str) -> Value {
    row(mira, conversation).await["offer"]["agent"]["name"].clone()
}

/// Time passes, and the consoles stay connected.
async fn pass(app: &TestApp, desks: &mut [&mut Realtime], seconds: i64) {
    let mut left = seconds;
    while left > 0 {
        let step = left.min(10);
        app.clock.advance(step * SECOND);
        left -= step;
        for desk in desks.iter_mut() {
            desk.send(&json!({"t": "ping"})).await;
            desk.until("pong").await;
        }
        keep_leases::renew(app.app()).await.unwrap();
        route_waiting::step(app.app()).await.unwrap();
    }
}

#[tokio::test]
async fn an_offer_is_passed_on_and_accepted_and_the_customer_sees_none_of_it() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let ((ada, _ada), (eve, _eve)) = (working_agent(&app, "ada").await, working_agent(&app, "eve").await);
    rule(&mira, &app.company.queue.to_string(), json!({"accept_within_s": 30})).await;
    let (visitor, conversation) = asks(&app).await;
    let (first, second) = if offered(&mira, &conversation).await == "ada" { (&ada, &eve) } else { (&eve, &ada) };
    let offer = row(first, &conversation).await;
    assert_eq!((&offer["state"], &offer["agent"], &offer["offer"]["until"]), (&json!("offered"), &Value::Null, &json!(app.env().now().plus(30 * SECOND))));
    let refused = post(second, vec![send(&conversation, json!({"type": "pass"}))]).await;
    assert_eq!(refused[0]["code"], "not_offered", "{refused:?}");
    post(first, vec![send(&conversation, json!({"type": "pass"}))]).await;
    assert_eq!(offered(&mira, &conversation).await, json!(second.member.name));
    post(second, vec![send(&conversation, json!({"type": "take"}))]).await;
    let taken = row(&mira, &conversation).await;
    assert_eq!((&taken["state"], &taken["agent"]["name"], &taken["offer"]), (&json!("active"), &json!(second.member.name), &Value::Null));
    let entries = async |of: Vec<Value>| of.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let staff = entries(all_entries(&mira, &conversation).await).await;
    for kind in ["offered", "offer_ended", "routing"] {
        assert!(staff.iter().any(|one| one == kind), "{staff:?}");
    }
    let customers = entries(all_entries(&visitor, &conversation).await).await;
    for kind in ["offered", "offer_ended", "overflowed", "routing"] {
        assert!(customers.iter().all(|one| one != kind), "{customers:?}");
    }
}

#[tokio::test]
async fn whoever_misses_two_offers_is_on_a_break_and_what_was_offered_keeps_its_age() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (ada, mut desk) = working_agent(&app, "ada").await;
    rule(&mira, &app.company.queue.to_string(), json!({"accept_within_s": 30})).await;
    let (_visitor, one) = asks(&app).await;
    let since = row(&mira, &one).await["queued_at"].clone();
    pass(&app, &mut [&mut desk], 20).await;
    assert_eq!(offered(&mira, &one).await, "ada");
    pass(&app, &mut [&mut desk], 10).await;
    assert_eq!((offered(&mira, &one).await, &row(&mira, &one).await["state"]), (Value::Null, &json!("queued")), "it is not offered to her again at once");
    // A minute later it is, and missed again.
    pass(&app, &mut [&mut desk], 60).await;
    assert_eq!(offered(&mira, &one).await, "ada");
    pass(&app, &mut [&mut desk], 30).await;
    let state = ada.get("/api/v1/me").await.expect(200)["state"].clone();
    assert_eq!((state, &row(&mira, &one).await["queued_at"]), (json!("break"), &since));
    ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    pass(&app, &mut [&mut desk], 60).await;
    assert_eq!(offered(&mira, &one).await, "ada");
    // Whoever goes takes no offer along.
    ada.put("/api/v1/me/state", json!({"state": "break"})).await.expect(200);
    assert_eq!(row(&mira, &one).await["state"], "queued");
}

#[tokio::test]
async fn a_skill_that_nobody_has_is_relaxed_step_by_step() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (ada, mut desk) = working_agent(&app, "ada").await;
    let queue = app.company.queue.to_string();
    let body = json!({"name": {"zh": "宽带", "en": "Broadband"}, "members": [{"agent": ada.member.id.to_string(), "level": 1}], "needs": [{"queue": queue, "level": 3}]});
    mira.post("/api/v1/skills", body).await.expect(201);
    rule(&mira, &queue, json!({"relax_every_s": 30})).await;
    let (_visitor, one) = asks(&app).await;
    pass(&app, &mut [&mut desk], 50).await;
    assert_eq!(row(&mira, &one).await["state"], "queued", "level 2 is still asked for");
    pass(&app, &mut [&mut desk], 10).await;
    assert_eq!(row(&mira, &one).await["state"], "active");
    let entries = all_entries(&mira, &one).await;
    let trace = entries.iter().find(|entry| entry["kind"] == "routing").unwrap();
    assert_eq!((&trace["body"]["relaxed"], &trace["body"]["needs"][0]["level"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn what_waits_too_long_flows_over_with_its_age_and_never_in_a_circle() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let general = app.company.queue.to_string();
    let other = mira.post("/api/v1/queues", json!({"name": {"zh": "别处"}})).await.expect(201);
    let other = other["id"].as_str().unwrap().to_owned();
    let (_ada, mut desk) = working_agent(&app, "ada").await;
    rule(&mira, &general, json!({"order": "manual", "overflow": {"to": other, "after_s": 60}})).await;
    let seen =
        mira.get("/api/v1/queues").await.expect(200)["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(other)).unwrap()["updated_at"].clone();
    for (to, names) in [(&general, 2), (&other, 1)] {
        let circle = json!({"rules": {"overflow": {"to": to, "after_s": 60}}, "seen": seen});
        let refused = mira.patch(&format!("/api/v1/queues/{other}"), circle).await.problem_at(409, "queue_overflow_circle", "rules.overflow.to");
        assert_eq!(refused["names"].as_array().unwrap().len(), names);
    }
    let (_visitor, one) = asks(&app).await;
    let since = row(&mira, &one).await["queued_at"].clone();
    pass(&app, &mut [&mut desk], 50).await;
    assert_eq!(row(&mira, &one).await["queue"]["id"], json!(general), "nobody is chosen here");
    pass(&app, &mut [&mut desk], 20).await;
    let now = row(&mira, &one).await;
    assert_eq!((&now["queue"]["id"], &now["state"], &now["queued_at"]), (&json!(other), &json!("active"), &since));
    let wait = eventually("the wait is known", async || {
        let entries = all_entries(&mira, &one).await;
        entries.iter().find(|entry| entry["kind"] == "overflowed").map(|entry| entry["body"]["why"].clone())
    });
    assert_eq!(wait.await, "wait");
}

#[tokio::test]
async fn who_waits_for_long_is_offered_once_to_leave_a_message_and_keeps_waiting() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    rule(&mira, &app.company.queue.to_string(), json!({"offer_message_after_min": 5})).await;
    let (visitor, conversation) = asks(&app).await;
    let offers = async || all_entries(&visitor, &conversation).await.iter().filter(|entry| entry["kind"] == "message_offered").count();
    pass(&app, &mut [], 290).await;
    assert_eq!(offers().await, 0);
    pass(&app, &mut [], 30).await;
    assert_eq!((offers().await, &row(&mira, &conversation).await["state"]), (1, &json!("queued")), "once, and they wait on");
    post(&visitor, vec![send(&conversation, json!({"type": "leave_queue"}))]).await;
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    pass(&app, &mut [], 310).await;
    assert_eq!(offers().await, 2, "another wait");
    let left = post(&visitor, vec![send(&conversation, json!({"type": "leave_message", "text": "call me", "contact": null}))]).await;
    assert_eq!((&left[0]["t"], &row(&mira, &conversation).await["state"]), (&json!("ok"), &json!("resolved")));
}

#[tokio::test]
async fn whoever_may_be_in_danger_is_not_offered_to_leave_a_message() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    rule(&mira, &app.company.queue.to_string(), json!({"offer_message_after_min": 5})).await;
    let ((visitor, conversation), (other, second)) = (asks(&app).await, asks(&app).await);
    post(&visitor, vec![send(&conversation, text("I want to kill myself"))]).await;
    app.hear().await;
    pass(&app, &mut [], 310).await;
    let offers = async |who: &VisitorClient, of: &str| all_entries(who, of).await.iter().filter(|entry| entry["kind"] == "message_offered").count();
    assert_eq!((offers(&visitor, &conversation).await, offers(&other, &second).await), (0, 1));
}
