//! What customers and agents do in these stories.

use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::{Client, Realtime};
use uuid::Uuid;

/// The id of a new conversation, as a client generates it.
pub fn new_conversation() -> String {
    format!("cnv_{}", Uuid::new_v4().as_simple())
}

/// A `send` frame with a new `client_id`.
pub fn send(conversation: &str, body: Value) -> Value {
    json!({"t": "send", "conversation": conversation, "client_id": Uuid::new_v4(), "body": body})
}

/// The first `send` of a conversation.
pub fn first(conversation: &str, body: Value) -> Value {
    let mut frame = send(conversation, body);
    frame["open"] = json!({"lang": "en"});
    frame
}

/// A text body.
pub fn text(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

/// Sends frames over HTTP, once.
pub async fn post_once(client: &Client, frames: &[Value]) -> Vec<Value> {
    let mut body = json!({"frames": frames});
    if let Some(token) = &client.token {
        body["token"] = json!(token);
    }
    let answer = client.post("/rt/send", body).await.expect(200);
    answer["frames"].as_array().cloned().unwrap_or_default()
}

/// Sends frames over HTTP and repeats those answered with `busy`, as every client does; returns all other answers, in order.
pub async fn post(client: &Client, frames: Vec<Value>) -> Vec<Value> {
    let (mut left, mut told) = (frames, Vec::new());
    testkit::in_time("answers other than busy", async {
        while !left.is_empty() {
            let (busy, answers): (Vec<Value>, Vec<Value>) = post_once(client, &left).await.into_iter().partition(|answer| answer["t"] == "busy");
            told.extend(answers);
            left.retain(|frame| busy.iter().any(|answer| answer["client_id"] == frame["client_id"]));
        }
    })
    .await;
    told
}

/// A connected visitor who follows their own stream.
pub async fn visitor_socket(client: &Client, session: &Value) -> Realtime {
    let mut socket = Realtime::connect(client).await;
    let visitor = session["visitor"].as_str().unwrap_or_default();
    socket.send(&json!({"t": "hello", "version": 1, "token": client.token, "cursors": {visitor: 0}})).await;
    socket.until("welcome").await;
    socket
}

/// A connected staff member who follows these streams from their last entries.
pub async fn staff_socket(client: &Client, streams: &[&str]) -> Realtime {
    let mut socket = Realtime::connect(client).await;
    socket.send(&hello(streams)).await;
    socket.until("welcome").await;
    socket
}

/// A staff member's hello.
pub fn hello(streams: &[&str]) -> Value {
    let cursors: serde_json::Map<String, Value> = streams.iter().map(|s| ((*s).to_owned(), Value::Null)).collect();
    json!({"t": "hello", "version": 1, "cursors": cursors, "lists": ["mine", "queue"]})
}

/// An agent who takes conversations: signed in, connected and available.
pub async fn working_agent(app: &TestApp, name: &str) -> (testkit_app::StaffClient, Realtime) {
    let agent = app.agent(name).await;
    let socket = staff_socket(&agent, &[]).await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    (agent, socket)
}

/// The next entry of this kind.
pub async fn entry(socket: &mut Realtime, kind: &str) -> Value {
    let has = |frame: &Value| entries(frame).iter().any(|e| e["kind"] == kind);
    let frame = socket.find(kind, has).await;
    entries(&frame).into_iter().find(|e| e["kind"] == kind).unwrap_or_default()
}

/// The entries in an `entries`, `reset` or `page` frame.
pub fn entries(frame: &Value) -> Vec<Value> {
    let carries = frame["t"] == "entries" || frame["t"] == "reset" || frame["t"] == "page";
    if carries { frame["entries"].as_array().cloned().unwrap_or_default() } else { Vec::new() }
}

/// Everything that a visitor can read of a conversation.
pub async fn as_customer(client: &Client, conversation: &str) -> Vec<Value> {
    let mut socket = Realtime::connect(client).await;
    socket.send(&json!({"t": "hello", "version": 1, "token": client.token, "cursors": {conversation: 0}})).await;
    let welcome = socket.until("welcome").await;
    let head = welcome["heads"][conversation].as_i64().unwrap_or_default();
    let mut read = Vec::new();
    while (read.len() as i64) < head {
        let frame = socket.find("entries", |f| f["t"] == "entries" && f["stream"] == conversation).await;
        read.extend(entries(&frame));
    }
    read
}
