//! Every frame that a client can send, by each of those who may not: it is refused, and the conversation stays as it was.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit_server::{Client, Realtime};
use uuid::Uuid;

use super::callers::{Callers, say};

/// The values that a tag of a schema can have, in the order of the document.
fn tags(document: &Value, schema: &str, tag: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for one in document["components"]["schemas"][schema]["oneOf"].as_array().unwrap() {
        let parts = [vec![one.clone()], one["allOf"].as_array().cloned().unwrap_or_default()].concat();
        let parts = parts.into_iter().flat_map(|part| {
            let target = part["$ref"].as_str().map(|target| document.pointer(target.trim_start_matches('#')).unwrap().clone());
            let whole = target.unwrap_or(part);
            [vec![whole.clone()], whole["allOf"].as_array().cloned().unwrap_or_default()].concat()
        });
        let names: Vec<String> = parts.filter_map(|part| part["properties"][tag]["enum"][0].as_str().map(str::to_owned)).collect();
        assert_eq!(names.len(), 1, "{schema}: {one}");
        found.extend(names);
    }
    found
}

/// One of everything that can be sent, customers' and the staff's.
fn bodies(file: &Value, queue: &str) -> Vec<Value> {
    vec![
        json!({"type": "text", "text": "hello"}),
        json!({"type": "file", "file": file}),
        json!({"type": "choice", "text": "hello", "answer": "kb-1"}),
        json!({"type": "product", "product": "g-001"}),
        json!({"type": "request_human", "via": "button"}),
        json!({"type": "leave_queue"}),
        json!({"type": "leave_message", "text": "hello", "contact": null}),
        json!({"type": "end"}),
        json!({"type": "rate", "score": 1}),
        json!({"type": "judge_answer", "answer": 1, "helpful": true}),
        json!({"type": "note", "text": "hello"}),
        json!({"type": "take"}),
        json!({"type": "transfer", "to": queue}),
        json!({"type": "hand_back"}),
        json!({"type": "acknowledge_alert"}),
        json!({"type": "label", "labels": []}),
        json!({"type": "pass"}),
        json!({"type": "hold"}),
        json!({"type": "snooze", "until": 1}),
        json!({"type": "wake"}),
        json!({"type": "resolve"}),
        json!({"type": "reopen"}),
        json!({"type": "whisper", "text": "hello"}),
        json!({"type": "ask_about"}),
        json!({"type": "recall", "of": 2}),
        json!({"type": "correct", "of": 2, "text": "hello"}),
    ]
}

fn hello(who: &Client, conversation: &str) -> Value {
    let token = who.token.as_ref().filter(|token| !token.starts_with("ydt_"));
    json!({"t": "hello", "version": 1, "token": token, "cursors": {conversation: null}, "lists": ["mine", "queue"], "panel": true})
}

/// Reads until a ping is answered; returns the frames before that.
async fn until_pong(socket: &mut Realtime) -> Vec<Value> {
    socket.send(&json!({"t": "ping"})).await;
    let mut frames = Vec::new();
    loop {
        let frame = socket.next().await.expect("a pong");
        match frame["t"].as_str() {
            Some("pong") => return frames,
            // That of the reader's own company comes when it comes.
            Some("panel") => {}
            _ => frames.push(frame),
        }
    }
}

/// Sends one of everything on one connection; returns the names of the frames and bodies.
async fn send_all((name, who): (&str, &Client), conversation: &str, bodies: &[Value]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut frames, mut sent) = (BTreeSet::from(["hello".to_owned(), "ping".to_owned()]), BTreeSet::new());
    let reads = name == "auditor";
    let mut socket = Realtime::connect(who).await;
    socket.send(&hello(who, conversation)).await;
    let told = until_pong(&mut socket).await;
    assert_eq!(told.iter().any(|frame| frame["t"] == "gone" && frame["stream"] == conversation), !reads, "{name}: {told:?}");
    assert!(reads || told.iter().all(|frame| frame["t"] != "reset" && frame["t"] != "entries"), "{name}: {told:?}");
    for body in bodies {
        let (client_id, body_name) = (Uuid::new_v4(), body["type"].as_str().unwrap().to_owned());
        socket.send(&json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": body})).await;
        let answer = socket.find("an answer", |frame| frame["client_id"] == json!(client_id)).await;
        assert_eq!(answer["t"], "no", "{name} {body_name}: {answer}");
        frames.insert("send".to_owned());
        sent.insert(body_name);
    }
    let others = [
        json!({"t": "get", "stream": conversation, "from": 1, "to": 9}),
        json!({"t": "mark", "stream": conversation, "received": 1, "read": 1}),
        json!({"t": "typing", "conversation": conversation, "on": true}),
    ];
    for frame in others {
        socket.send(&frame).await;
        let told = until_pong(&mut socket).await;
        assert!(reads || told.iter().all(|frame| frame["t"] == "gone"), "{name} {frame}: {told:?}");
        frames.insert(frame["t"].as_str().unwrap().to_owned());
    }
    (frames, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_of_somebody_else_changes_a_conversation() {
    let document: Value = serde_json::from_str(&server::openapi::json()).unwrap();
    let (frames, kinds) = (tags(&document, "ClientFrame", "t"), tags(&document, "SendBody", "type"));
    let callers = Callers::new().await;
    let (house, conversation) = (&callers.house, callers.house.conversation());
    let file = house.visitor.upload("/api/v1/widget/files?name=b.txt", "text/plain", b"hello".to_vec()).await.expect(201)["id"].clone();
    let bodies = bodies(&file, &house.app.company.queue.to_string());
    let mut visitor = Realtime::connect(&house.visitor).await;
    visitor.send(&hello(&house.visitor, conversation)).await;
    let marks = visitor.until("welcome").await["marks"].clone();
    until_pong(&mut visitor).await;
    let before = callers.record().await;
    let others = callers.all.iter().filter(|(name, _)| ["other", "outside", "auditor", "token"].contains(name));
    let others: Vec<(&str, &Client)> =
        others.map(|(name, who)| (*name, who)).chain([("foreign", &house.foreign), ("stranger", &house.foreign_visitor)]).collect();
    assert_eq!(others.len(), 6);
    for who in others {
        assert_eq!(send_all(who, conversation, &bodies).await, (frames.clone(), kinds.clone()), "something that a client can send is missing here");
    }
    callers.is_still(&before).await;
    // Nobody was shown as typing, and nobody has read anything.
    let told = until_pong(&mut visitor).await;
    assert!(told.iter().all(|frame| frame["t"] == "place"), "{told:?}");
    visitor.send(&hello(&house.visitor, conversation)).await;
    assert_eq!(visitor.until("welcome").await["marks"], marks);
    // Those who may are not refused.
    for (who, body) in [(&house.visitor, &bodies[0]), (&house.agent, &bodies[11])] {
        assert_eq!(say(who, conversation, body).await["t"], "ok", "{body}");
    }
}
