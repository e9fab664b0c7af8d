//! A webhook delivery that has been given up.

use serde_json::{Value, json};
use testkit::{Must, eventually};
use testkit_server::Receiver;

use crate::{StaffClient, TestApp};

/// Creates an endpoint whose receiver is gone when a conversation begins; returns the endpoint's path and the dead letter.
pub async fn dead_letter(app: &TestApp, administrator: &StaffClient, receiver: &Receiver) -> (String, Value) {
    let made = administrator.post("/api/v1/webhooks", json!({"url": receiver.url, "events": ["conversation.opened"]})).await.expect(201);
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().must("an id"));
    app.visitor().await.open("hello").await;
    let look = async || administrator.get(&format!("{path}/deliveries?state=dead")).await.expect(200)["items"].get(0).cloned();
    let dead = eventually("a dead letter", look).await;
    (path, dead)
}
