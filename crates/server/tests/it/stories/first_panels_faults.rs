//! Faults that panels of this kind had before: each test fails if its fault comes back.

use db::q;
use domain::{id::ConversationId, time::HOUR};
use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp};
use warehouse::{DEFINITIONS, definition::Kind};

use crate::stories::people::{send, text};

/// All indicators for yesterday and today, as soon as this one has this total.
async fn days(grace: &StaffClient, key: &str, total: i64) -> Value {
    eventually("the numbers have arrived", async || {
        let metrics = grace.get("/api/v1/metrics?from=2026-11-19&to=2026-11-20").await.expect(200);
        let found = of(&metrics, key)["series"][0]["total"] == total;
        found.then_some(metrics)
    })
    .await
}
fn of(metrics: &Value, key: &str) -> Value {
    metrics["items"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone()
}
fn values(metrics: &Value, key: &str) -> Vec<Value> {
    of(metrics, key)["series"][0]["points"].as_array().unwrap().iter().map(|point| point["value"].clone()).collect()
}
fn numbers<const N: usize>(values: [i64; N]) -> Vec<Value> {
    values.map(Value::from).to_vec()
}

#[tokio::test]
async fn a_day_without_a_request_or_a_chat_does_not_make_the_panel_vanish() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    let nothing = grace.get("/api/v1/metrics?from=2026-11-19&to=2026-11-20").await.expect(200);
    for metric in nothing["items"].as_array().unwrap() {
        // Nothing was counted, and nothing adds up to nothing; nothing has no ratio, no mean and no longest wait.
        let key = metric["key"].as_str().unwrap();
        let adds_up = DEFINITIONS.measure(key).is_some_and(|measure| matches!(measure.kind, Kind::Count | Kind::Distinct | Kind::Sum));
        let empty = if adds_up { json!(0) } else { Value::Null };
        assert_eq!(values(&nothing, key), [empty.clone(), empty], "{key}");
    }
    // There are chats, and nobody asked for a person: all other numbers are there.
    visitor.open("hello").await;
    let chats = days(&grace, "dialogue", 1).await;
    for (key, expected) in [("session_created", [0, 1]), ("session_used", [0, 1]), ("session_transferred", [0, 0]), ("transfer_request", [0, 0])] {
        assert_eq!(values(&chats, key), numbers(expected), "{key}");
    }
    assert_eq!(grace.get("/api/v1/panel").await.expect(200)["today"]["session_created"], 1);
}

#[tokio::test]
async fn without_ratings_nothing_is_divided_by_zero() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    visitor.open("hello").await;
    let metrics = days(&grace, "session_created", 1).await;
    for key in ["good_ratio", "mid_ratio", "poor_ratio"] {
        assert_eq!(values(&metrics, key), [Value::Null, Value::Null], "{key}");
        assert_eq!(of(&metrics, key)["series"][0]["total"], Value::Null, "{key}");
        assert!(grace.get("/api/v1/panel").await.expect(200)["today"][key].is_null(), "{key}");
    }
}

#[tokio::test]
async fn a_session_that_asks_twice_is_transferred_once() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    let conversation = visitor.open("hello").await;
    for _ in 0..3 {
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        visitor.say(&conversation, false, json!({"type": "leave_queue"})).await;
    }
    let metrics = days(&grace, "transfer_request", 3).await;
    assert_eq!(values(&metrics, "session_transferred"), numbers([0, 1]));
}

#[tokio::test]
async fn asking_for_a_person_is_no_chat_and_no_unanswered_question() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    let conversation = visitor.open("a human please").await;
    // If the text came before the bot had read the first one, it would be a question to the bot.
    days(&grace, "transfer_request", 1).await;
    visitor.say(&conversation, false, text("are you there")).await;
    let metrics = days(&grace, "transfer_request", 1).await;
    for key in ["dialogue", "no_answer", "session_used"] {
        assert_eq!(values(&metrics, key), numbers([0, 0]), "{key}");
    }
    assert_eq!(values(&metrics, "session_transferred"), numbers([0, 1]));
}

#[tokio::test]
async fn the_offline_panel_is_made_of_what_happened() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    let all = async || grace.get("/api/v1/metrics?from=2026-11-14&to=2026-11-20").await.expect(200);
    let before = all().await;
    assert!(before["items"].as_array().unwrap().iter().all(|one| one["series"][0]["total"].as_i64().unwrap_or(0) == 0));
    let conversation = visitor.open("hello").await;
    visitor.say(&conversation, false, json!({"type": "end"})).await;
    visitor.say(&conversation, false, json!({"type": "rate", "score": 2})).await;
    days(&grace, "rating_poor", 1).await;
    visitor.say(&conversation, false, json!({"type": "rate", "score": 5})).await;
    let after = days(&grace, "rating_good", 1).await;
    assert_eq!((values(&after, "rating_poor"), values(&after, "session_rated")), (numbers([0, 0]), numbers([0, 1])));
    let week = all().await;
    assert_eq!(values(&week, "session_created"), numbers([0, 0, 0, 0, 0, 0, 1]));
    assert_eq!(values(&week, "good_ratio")[6], 1.0);
}

#[tokio::test]
async fn a_day_is_the_companys_and_not_the_servers() {
    let app = TestApp::new().await;
    // Half past midnight of the 21st in Shanghai is still the 20th in UTC, and by the clock of most servers.
    app.clock.advance(14 * HOUR + HOUR / 2);
    let grace = app.manager("grace").await;
    app.visitor().await.open("hello").await;
    let counted = eventually("the numbers have arrived", async || {
        let metrics = grace.get("/api/v1/metrics?from=2026-11-20&to=2026-11-21").await.expect(200);
        (of(&metrics, "session_created")["series"][0]["total"] == 1).then_some(metrics)
    })
    .await;
    assert_eq!(values(&counted, "session_created"), numbers([0, 1]));
    assert_eq!(grace.get("/api/v1/panel").await.expect(200)["window"]["day"], "2026-11-21");
    let utc = grace.get("/api/v1/metrics?from=2026-11-20&to=2026-11-20&tz=UTC").await.expect(200);
    assert_eq!(values(&utc, "session_created"), numbers([1]));
}

#[tokio::test]
async fn an_agents_words_are_no_dialogue_of_the_bot() {
    let app = TestApp::new().await;
    let (grace, visitor) = (app.manager("grace").await, app.visitor().await);
    let conversation = visitor.open("hello").await;
    visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    let (ada, _desk) = super::people::working_agent(&app, "ada").await;
    eventually("ada has it", async || {
        desk::jobs::route_waiting::step(app.app()).await.ok();
        let mine = ada.get("/api/v1/conversations?list=mine").await.expect(200);
        (!mine["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    super::people::post(&ada, vec![send(&conversation, text("how can I help"))]).await;
    visitor.say(&conversation, false, text("my phone is broken")).await;
    let metrics = days(&grace, "session_transferred", 1).await;
    assert_eq!(values(&metrics, "dialogue"), numbers([0, 1]));
}

/// The bot does not understand these texts as a request for a person, and misses twice: nobody was helped.
#[tokio::test]
async fn a_conversation_in_which_the_bot_missed_is_not_resolved_by_it() {
    let app = TestApp::with_demo().await;
    let demo = app.demo().await;
    for (words, solved, expected) in [
        (&["帮我写一首诗", "月球上有信号吗", "谢谢"][..], None, "bot_unanswered"),
        (&["月球上有信号吗", "怎么更换套餐？", "谢谢"], None, "bot_resolved_assumed"),
        (&["怎么更换套餐？"], Some(true), "bot_resolved_confirmed"),
        (&["怎么更换套餐？"], Some(false), "bot_unanswered"),
        (&["你好"], None, "dropped"),
    ] {
        let session = app.post("/api/v1/widget/sessions", json!({"site": "demo", "device": null, "lang": "zh-CN"})).await.expect(201);
        let visitor = app.widget_at(&demo, session);
        let conversation = visitor.open(words[0]).await;
        app.bot_is_done().await;
        for more in &words[1..] {
            visitor.say(&conversation, false, json!({"type": "text", "text": more})).await;
            app.bot_is_done().await;
        }
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        if let Some(solved) = solved {
            visitor.say(&conversation, false, json!({"type": "rate", "score": 3, "solved": solved})).await;
        }
        let id: ConversationId = conversation.parse().unwrap();
        let mut tx = app.app().db().read().await.unwrap();
        let (outcome,): (String,) =
            q!(tx, |c| sqlx::query_as("SELECT outcome FROM episodes WHERE conversation_id = $1").bind(id.uuid()).fetch_one(c).await).unwrap();
        assert_eq!(outcome, expected, "{words:?}");
    }
}
