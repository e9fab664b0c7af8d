//! The entries that are sent are those of the API document.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::Realtime;
use wire::entries::Entry;

/// Reads the streams' entries until one is of the kind `last`; each has exactly the shape of its type.
async fn read(socket: &mut Realtime, hello: &Value, last: &str) -> Vec<Value> {
    socket.send(hello).await;
    let mut read = Vec::new();
    while read.iter().all(|entry: &Value| entry["kind"] != last) {
        let frame = socket.until("entries").await;
        read.extend(frame["entries"].as_array().unwrap().iter().cloned());
    }
    for entry in &read {
        let typed: Entry = serde_json::from_value(entry.clone()).unwrap_or_else(|why| panic!("{why}: {entry}"));
        assert_eq!(&serde_json::to_value(typed).unwrap(), entry);
    }
    read
}

#[tokio::test]
async fn entries_are_what_the_api_document_says() {
    let app = TestApp::new().await;
    let (ada, visitor) = (app.manager("ada").await, app.visitor().await);
    let conversation = visitor.open("what is this?").await;
    let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201);
    let says = async |body: Value| assert_eq!(visitor.say(&conversation, false, body).await["t"], "ok");
    let acts = async |body: Value| {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        let answer = ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
        assert_eq!(answer["frames"][0]["t"], "ok", "{answer}");
    };
    says(json!({"type": "ask_about"})).await;
    says(json!({"type": "request_human", "via": "button"})).await;
    says(json!({"type": "leave_queue"})).await;
    says(json!({"type": "request_human", "via": "button"})).await;
    says(json!({"type": "file", "file": file["id"]})).await;
    acts(json!({"type": "take"})).await;
    acts(json!({"type": "note", "text": "looks new"})).await;
    let picture = ada.upload("/api/v1/files?name=b.gif", "image/gif", b"GIF89a\x02\x00\x01\x00 and so on".to_vec()).await.expect(201);
    acts(json!({"type": "note", "text": "", "files": [picture["id"]]})).await;
    acts(json!({"type": "text", "text": "hello"})).await;
    acts(json!({"type": "transfer", "to": app.company.queue})).await;
    acts(json!({"type": "take"})).await;
    acts(json!({"type": "resolve"})).await;
    says(json!({"type": "rate", "score": 5, "comment": "quick", "solved": true})).await;
    says(json!({"type": "text", "text": "one more thing"})).await;
    says(json!({"type": "end"})).await;
    let (mut desk, mut widget) = (Realtime::connect(&ada).await, Realtime::connect(&visitor).await);
    let staff = read(&mut desk, &json!({"t": "hello", "version": 1, "cursors": {&conversation: 0}}), "resolved").await;
    let customer = read(&mut widget, &json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {&conversation: 0}}), "resolved").await;
    let kinds: BTreeSet<&str> = staff.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    for kind in ["opened", "message", "human_requested", "queued", "left_queue", "assigned", "note", "transferred", "resolved", "rated", "reopened"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    assert!(customer.iter().all(|entry| entry["kind"] != "note"));
    let own = json!({"t": "hello", "version": 1, "cursors": {ada.member.id.to_string(): 0, app.company.tenant.to_string(): 0}});
    ada.put("/api/v1/me/state", json!({"state": "break", "reason": "lunch"})).await.expect(200);
    read(&mut desk, &own, "state_changed").await;
}
