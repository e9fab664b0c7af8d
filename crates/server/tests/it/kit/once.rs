//! Requests with an `Idempotency-Key`, as a running server answers them.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::{Answer, Client};

const REPLIES: &str = "/api/v1/canned-replies";

fn reply(shortcode: &str) -> Value {
    json!({"shortcode": shortcode, "title": "t", "body": {"en": "x"}})
}
async fn with_key(who: &Client, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
    let request = who.request(method, path).header("idempotency-key", key);
    who.send(if let Some(body) = body { request.json(body) } else { request }).await
}
async fn post(who: &Client, key: &str, body: &Value) -> Answer {
    with_key(who, Method::POST, REPLIES, key, Some(body)).await
}

#[tokio::test]
async fn the_same_request_has_one_effect_and_one_answer_for_seven_days() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    let first = post(&ada, "k-1", &reply("hi")).await;
    let again = post(&ada, "k-1", &reply("hi")).await;
    assert_eq!((first.expect(201), first.headers.get("idempotency-replayed")), (again.expect(201), None));
    assert_eq!(again.header("idempotency-replayed"), "true");
    post(&ada, "k-1", &reply("other")).await.problem(409, "idempotency_key_reused");
    let path = format!("{REPLIES}/{}", first.json()["id"].as_str().unwrap());
    assert_eq!(with_key(&ada, Method::DELETE, &path, "k-1", None).await.status.as_u16(), 204, "a key belongs to its operation");
    let gone = with_key(&ada, Method::DELETE, &path, "k-1", None).await;
    assert_eq!((gone.status.as_u16(), gone.header("idempotency-replayed"), gone.body.len()), (204, "true", 0));
    // A session ends earlier than a key: the same person comes back with a new session.
    app.clock.advance(7 * 24 * 3_600_000 - 1);
    let ada = ada.with_cookie(&app.company.session(app.app().db(), ada.member.id).await);
    assert_eq!(post(&ada, "k-1", &reply("hi")).await.header("idempotency-replayed"), "true");
    app.clock.advance(1);
    post(&ada, "k-1", &reply("other")).await.expect(201);
}

#[tokio::test]
async fn a_key_is_its_owners() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
    let beta = app.other_company("beta").await;
    let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
    post(&ada, "k", &reply("a")).await.expect(201);
    post(&eve, "k", &reply("b")).await.expect(201);
    post(&bob, "k", &reply("a")).await.expect(201);
    app.post(REPLIES, reply("a")).await.problem(401, "not_signed_in");
    post(&app, "k", &reply("a")).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    ada.post(REPLIES, reply("hi")).await.expect(201);
    post(&ada, "k", &reply("hi")).await.problem(409, "canned_reply_shortcode_taken");
    let path = format!("{REPLIES}/{}", ada.get(REPLIES).await.json()["items"][0]["id"].as_str().unwrap());
    ada.delete(&path).await;
    post(&ada, "k", &reply("hi")).await.expect(201);
}

#[tokio::test]
async fn what_is_no_key_is_refused_by_name_and_changes_nothing() {
    let app = TestApp::new().await;
    let ada = app.agent("ada").await;
    for key in ["", " ", &"k".repeat(256), "caf\u{e9}", "a\tb"] {
        post(&ada, key, &reply("hi")).await.problem_at(400, "idempotency_key_invalid", "Idempotency-Key");
    }
    let twice = ada.request(Method::POST, REPLIES).header("idempotency-key", "a").header("idempotency-key", "b").json(&reply("hi"));
    ada.send(twice).await.problem_at(400, "idempotency_key_invalid", "Idempotency-Key");
    assert_eq!(ada.get(REPLIES).await.expect(200)["items"], json!([]));
    post(&ada, &"k".repeat(255), &reply("hi")).await.expect(201);
}

#[tokio::test]
async fn an_answer_with_a_secret_is_kept_for_ten_minutes() {
    let app = TestApp::new().await;
    let tara = app.staff(domain::staff::Role::Administrator, "tara").await;
    let new = json!({"url": "https://hooks.example.com/", "events": ["conversation.rated"]});
    let make = async || with_key(&tara, Method::POST, "/api/v1/webhooks", "k", Some(&new)).await;
    let made = make().await;
    let path = format!("/api/v1/webhooks/{}/secret", made.expect(201)["id"].as_str().unwrap());
    let rotate = async || with_key(&tara, Method::POST, &path, "k", None).await;
    let rotated = rotate().await;
    rotated.expect(200);
    app.clock.advance(10 * 60_000 - 1);
    let (again, once_more) = (make().await, rotate().await);
    assert_eq!((again.json()["secret"].clone(), again.header("idempotency-replayed")), (made.json()["secret"].clone(), "true"));
    assert_eq!((once_more.json()["secret"].clone(), once_more.header("idempotency-replayed")), (rotated.json()["secret"].clone(), "true"));
    app.clock.advance(1);
    for (late, before) in [(make().await, made), (rotate().await, rotated)] {
        assert!(late.headers.get("idempotency-replayed").is_none());
        assert_ne!(late.json()["secret"], before.json()["secret"]);
    }
}

async fn many_at_once(app: TestApp) {
    let ada = Arc::new(app.agent("ada").await);
    let all: Vec<_> = (0..16)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move { post(&ada, "k", &reply("hi")).await })
        })
        .collect();
    let mut fresh = 0;
    for one in all {
        let answer = one.await.unwrap();
        answer.expect(201);
        fresh += usize::from(answer.headers.get("idempotency-replayed").is_none());
    }
    assert_eq!((fresh, ada.get(REPLIES).await.expect(200)["items"].as_array().unwrap().len()), (1, 1));
    app.stop().await;
}

#[tokio::test]
async fn many_at_once_have_one_effect() {
    many_at_once(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        many_at_once(app).await;
    }
}
