//! Questions that a customer presses: they count if they were offered, and are the customer's own words otherwise.

use serde_json::{Value, json};
use testkit_app::{TestApp, VisitorClient};

use crate::stories::people::{as_customer, first, new_conversation, post, send, text};

/// The last message of the customer, and what the bot said to it.
async fn said(app: &TestApp, visitor: &VisitorClient, conversation: &str) -> (Value, Value) {
    app.bot_is_done().await;
    let read = as_customer(visitor, conversation).await;
    let last = |kind: &str| read.iter().rfind(|entry| entry["kind"] == "message" && entry["by"]["kind"] == kind).unwrap()["body"].clone();
    (last("customer"), last("bot"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_counts_only_if_it_was_offered() {
    let app = TestApp::with_demo().await;
    let visitor = app.visitor_of(&app.demo().await).await;
    let site = visitor.get("/api/v1/sites/demo").await.expect(200);
    let (starter, other) = (&site["questions"][0], &site["questions"][1]);
    let choice = |text: &Value, answer: &Value| json!({"type": "choice", "text": text, "answer": answer});
    let conversation = new_conversation();

    // What a site begins with is published, in these words.
    post(&visitor, vec![first(&conversation, choice(&starter["text"]["en"], &starter["id"]))]).await;
    let (asked, told) = said(&app, &visitor, &conversation).await;
    assert_eq!((&asked["type"], &told["outcome"], &told["source"]["id"]), (&json!("choice"), &json!("confident"), &starter["id"]));

    // Words of somebody's own are understood as such, whatever entry is named.
    let invented = json!("and how tall is the lighthouse keeper");
    post(&visitor, vec![send(&conversation, choice(&invented, &other["id"]))]).await;
    let (asked, told) = said(&app, &visitor, &conversation).await;
    assert_eq!((&asked["type"], &asked["text"], told["source"]["id"] == other["id"]), (&json!("text"), &invented, false), "{told}");

    post(&visitor, vec![send(&conversation, text("bill"))]).await;
    let (_, told) = said(&app, &visitor, &conversation).await;
    let option = &told["options"][0];
    assert!(option["id"].is_string(), "{told}");
    post(&visitor, vec![send(&conversation, choice(&option["text"], &option["id"]))]).await;
    let (asked, told) = said(&app, &visitor, &conversation).await;
    assert_eq!((&asked["type"], &told["source"]["id"]), (&json!("choice"), &option["id"]), "{told}");
    // The same entry under other words: they may refer to what was said, but nothing was pressed.
    post(&visitor, vec![send(&conversation, choice(&invented, &option["id"]))]).await;
    assert_eq!(said(&app, &visitor, &conversation).await.0["type"], "text");
}
