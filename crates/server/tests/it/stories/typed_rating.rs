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
