//! Builds the frames that clients send.

use serde_json::{Value, json};

/// A hello for these streams; a cursor of `None` means that there is no state, and asks for a reset.
pub fn hello(token: Option<&str>, cursors: &[(&str, Option<i64>)]) -> Value {
    let cursors: serde_json::Map<String, Value> = cursors.iter().map(|(stream, cursor)| ((*stream).to_owned(), json!(cursor))).collect();
    let mut hello = json!({"t": "hello", "version": 1, "cursors": cursors});
    if let Some(token) = token {
        hello["token"] = json!(token);
    }
    hello
}

/// A send.
pub fn send(conversation: &str, client_id: impl std::fmt::Display, body: Value) -> Value {
    json!({"t": "send", "conversation": conversation, "client_id": client_id.to_string(), "body": body})
}

/// The first send of a conversation, which opens it.
pub fn open(conversation: &str, client_id: impl std::fmt::Display, body: Value) -> Value {
    let mut frame = send(conversation, client_id, body);
    frame["open"] = json!({"lang": "zh-CN"});
    frame
}
