//! A rating that is typed, while one is asked for and at no other time.

use domain::staff::Role;
use serde_json::{Value, json};
use testkit_app::TestApp;

use crate::stories::people::{as_customer, text};

#[tokio::test]
async fn a_line_that_is_a_score_rates_what_has_just_ended_and_is_a_message_otherwise() {
    let app = TestApp::new().await;
    let (tara, visitor) = (app.staff(Role::Administrator, "tara").await, app.visitor().await);
    let conversation = visitor.open("hello").await;
    let last = async || as_customer(&visitor, &conversation).await.into_iter().rfind(|entry| entry["by"]["kind"] == "customer").unwrap();
    let is_message = |entry: &Value, words: &str| assert_eq!((&entry["kind"], &entry["body"]["text"]), (&json!("message"), &json!(words)), "{entry}");
    let end = async || visitor.say(&conversation, false, json!({"type": "end"})).await;

    visitor.say(&conversation, false, text("4")).await;
    is_message(&last().await, "4");
    end().await;
    let rate = json!({"t": "send", "conversation": conversation, "client_id": "7f1f7b6e-5f1c-4c4e-9f57-0c9f0f0c9a11", "body": text("五分！")});
    for _ in 0..2 {
        let answer = visitor.post("/rt/send", json!({"token": visitor.token, "frames": [rate]})).await.expect(200);
        assert_eq!(answer["frames"][0]["t"], "ok", "sent twice, it counts once: {answer}");
    }
    let rated = last().await;
    assert_eq!((&rated["kind"], &rated["body"]["score"], &rated["client_id"]), (&json!("rated"), &json!(5), &rate["client_id"]));
    // It is rated: the same line begins an episode now.
    visitor.say(&conversation, false, text("3")).await;
    is_message(&last().await, "3");
    end().await;
    visitor.say(&conversation, false, text("5 minutes ago")).await;
    is_message(&last().await, "5 minutes ago");

    // A site that asks for no rating gets none.
    end().await;
    let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
    tara.patch(&format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap()), json!({"asks_rating": false, "seen": site["updated_at"]})).await.expect(200);
    visitor.say(&conversation, false, text("2分")).await;
    is_message(&last().await, "2分");
}

#[tokio::test]
async fn a_rating_says_why_in_the_words_of_the_time() {
    let app = TestApp::new().await;
    let (tara, visitor) = (app.staff(Role::Administrator, "tara").await, app.visitor().await);
    let site = async || tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
    let reason = |n: u8, en: &str, is_praise: bool| json!({"id": format!("rsn_{n:032x}"), "name": {"zh": "", "en": en}, "is_praise": is_praise});
    let offer = async |reasons: Value| {
        let now = site().await;
        tara.patch(&format!("/api/v1/company/sites/{}", now["id"].as_str().unwrap()), json!({"rating_reasons": reasons, "seen": now["updated_at"]})).await
    };
    offer(json!([reason(1, "Quick", true), reason(1, "Slow", false)])).await.problem_at(422, "invalid_value", "rating_reasons.1.id");
    offer(json!([reason(1, "Quick", true), reason(2, " ", false)])).await.problem_at(422, "invalid_value", "rating_reasons.1.name");
    offer(json!([reason(1, &"x".repeat(31), true)])).await.problem_at(422, "invalid_value", "rating_reasons.0.name.en");
    let many: Vec<Value> = (0..17).map(|n| reason(n, "Quick", true)).collect();
    offer(json!(many)).await.problem_at(422, "invalid_value", "rating_reasons");
    offer(json!([reason(1, "Quick", true), reason(2, "Slow", false), reason(3, "Rude", false)])).await.expect(200);
    let key = site().await["key"].as_str().unwrap().to_owned();
    let shown = app.get(&format!("/api/v1/sites/{key}")).await.expect(200);
    assert_eq!(shown["service"]["rating_reasons"][2], reason(3, "Rude", false));

    let conversation = visitor.open("hello").await;
    visitor.say(&conversation, false, json!({"type": "end"})).await;
    let rate = async |reasons: Value| {
        let client = uuid::Uuid::new_v4();
        let frame = json!({"t": "send", "conversation": conversation, "client_id": client, "body": {"type": "rate", "score": 2, "reasons": reasons}});
        visitor.post("/rt/send", json!({"token": visitor.token, "frames": [frame]})).await.expect(200)["frames"][0].clone()
    };
    assert_eq!(rate(json!([reason(9, "", false)["id"]])).await["code"], "rating_reason_unknown");
    // In the site's order, each once.
    let ids = [3, 2, 3].map(|n| reason(n, "", false)["id"].clone());
    assert_eq!(rate(json!(ids)).await["t"], "ok");
    offer(json!([reason(2, "Too slow", false)])).await.expect(200);
    let rated = as_customer(&visitor, &conversation).await.into_iter().rfind(|entry| entry["kind"] == "rated").unwrap();
    let said = |n: u8, en: &str| json!({"id": format!("rsn_{n:032x}"), "name": {"zh": "", "en": en}});
    assert_eq!(rated["body"], json!({"score": 2, "reasons": [said(2, "Slow"), said(3, "Rude")]}));
}
