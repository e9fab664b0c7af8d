//! Conversations for the load: opened by visitors, served by agents, and brought to the point where only texts are exchanged.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{
    hello,
    http::{Http, Identity, Visitor},
    random::{Random, new_conversation},
    socket::Socket,
};

/// What a console sends so that its agent counts as present, and how often.
pub const PING: &str = r#"{"t":"ping"}"#;
pub const PING_EVERY: Duration = Duration::from_secs(5);

/// A conversation that an agent serves.
#[derive(Debug, Clone)]
pub struct Served {
    /// The conversation's name.
    pub name: String,
    /// The customer.
    pub visitor: Identity,
    /// The agent.
    pub agent: Identity,
}

/// One end of a pair: its socket, and the last number that it has seen.
#[derive(Debug)]
pub struct End {
    /// The socket, which follows the conversation.
    pub socket: Socket,
    /// The last number that was seen.
    pub seq: i64,
}

/// Opens a conversation, asks for a person and waits until one of these agents has it.
pub async fn serve(http: &Http, agents: &HashMap<String, Identity>, mut random: Random) -> anyhow::Result<Served> {
    let visitor: Visitor = http.visitor().await?;
    let (identity, name) = (visitor.identity(), new_conversation());
    let mut socket = http.socket(None).await?;
    socket.queue(&hello::hello(identity.token(), &[(&visitor.visitor, Some(0))]).to_string());
    let request = hello::open(&name, random.uuid(), json!({"type": "request_human", "via": "button"}));
    let assigned = |frame: &Value| {
        let entry = frame["entries"].as_array()?.iter().find(|entry| entry["kind"] == "assigned")?;
        Some(entry["body"]["number"].as_str().unwrap_or_default().to_owned())
    };
    let number = deliver(&mut socket, &request, assigned).await?;
    let agent = agents.get(&number).with_context(|| format!("agent {number} got the conversation; it is none of the load's"))?.clone();
    // A person's first text changes the conversation; the texts after it do not.
    let mut end = follow(http, &agent, &name).await?;
    let words = hello::send(&name, random.uuid(), json!({"type": "text", "text": "您好，我来为您处理。"}));
    deliver(&mut end.socket, &words, |frame| (frame["t"] == "ok").then_some(())).await?;
    Ok(Served { name, visitor: identity, agent })
}

/// Follows a conversation from now on, on a socket of its own.
pub async fn follow(http: &Http, who: &Identity, conversation: &str) -> anyhow::Result<End> {
    let mut socket = http.socket(Some(who)).await?;
    socket.queue(&hello::hello(who.token(), &[(conversation, None)]).to_string());
    let seq = wait(&mut socket, |frame| if frame["t"] == "reset" { frame["seq"].as_i64() } else { None }).await?;
    Ok(End { socket, seq })
}

/// Follows a conversation from its beginning, on a socket of its own; nothing is read yet.
pub async fn follow_all(http: &Http, who: &Identity, conversation: &str) -> anyhow::Result<End> {
    let mut socket = http.socket(Some(who)).await?;
    socket.queue(&hello::hello(who.token(), &[(conversation, Some(0))]).to_string());
    Ok(End { socket, seq: 0 })
}

/// Shows that an agent is present, as a console does, until the server ends: holds a socket of its own that pings.
pub async fn attend(http: &Http, who: &Identity) -> anyhow::Result<()> {
    let mut socket = http.socket(Some(who)).await?;
    socket.queue(&hello::hello(None, &[]).to_string());
    socket.queue(PING);
    wait(&mut socket, |frame| (frame["t"] == "pong").then_some(())).await?;
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(PING_EVERY);
        loop {
            tokio::select! {
                _ = tick.tick() => socket.queue(PING),
                read = socket.receive() => if !matches!(read, Ok(Some(_))) { return },
            }
            if socket.flush().await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// The last entries of conversations according to the record, by name, as a member of the staff reads them; a hello takes so many names.
pub async fn record_of(http: &Http, who: &Identity, names: &[&str]) -> anyhow::Result<HashMap<String, Vec<Value>>> {
    let mut socket = http.socket(Some(who)).await?;
    let cursors: Vec<(&str, Option<i64>)> = names.iter().map(|name| (*name, None)).collect();
    socket.queue(&hello::hello(None, &cursors).to_string());
    let mut found = HashMap::new();
    while found.len() < names.len() {
        let text = socket.receive().await?.context("the server closed a connection")?;
        for line in text.lines() {
            let mut frame: Value = serde_json::from_str(line)?;
            match frame["t"].as_str() {
                Some("gone" | "no") => bail!("refused: {line}"),
                Some("reset") => {
                    let Value::Array(entries) = frame["entries"].take() else { bail!("a reset without entries: {line}") };
                    found.insert(frame["stream"].as_str().unwrap_or_default().to_owned(), entries);
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

/// Sends a frame, repeats it after a `busy` as any client does, and waits for the wanted result.
async fn deliver<T>(socket: &mut Socket, frame: &Value, wanted: impl Fn(&Value) -> Option<T>) -> anyhow::Result<T> {
    enum Came<T> {
        Wanted(T),
        Busy(u64),
    }
    loop {
        socket.queue(&frame.to_string());
        let came = wait(socket, |frame| match frame["t"].as_str() {
            Some("busy") => Some(Came::Busy(frame["retry_ms"].as_u64().unwrap_or(500))),
            _ => wanted(frame).map(Came::Wanted),
        });
        match came.await? {
            Came::Wanted(found) => return Ok(found),
            Came::Busy(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        }
    }
}

async fn wait<T>(socket: &mut Socket, wanted: impl Fn(&Value) -> Option<T>) -> anyhow::Result<T> {
    while let Some(text) = socket.receive().await? {
        for line in text.lines() {
            let frame: Value = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
            if matches!(frame["t"].as_str(), Some("no" | "gone")) {
                bail!("refused: {line}");
            }
            if let Some(found) = wanted(&frame) {
                return Ok(found);
            }
        }
    }
    bail!("the server closed a connection")
}
