//! An agent: accepts what is offered after a few seconds or misses it, replies, and settles it after a while.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{ACCEPT_WITHIN_S, ACCEPTS_WITHIN, MISSES_ONE_OF, SERVED};
use crate::{
    hello,
    http::{Http, Member},
    random::Random,
    serving::{PING, PING_EVERY},
    socket::Socket,
};

/// How long after a missed offer the agent looks again, and is available if the misses had made a break.
const BACK_AFTER: Duration = Duration::from_secs(ACCEPT_WITHIN_S + 1);

/// With what a late acceptance is refused.
const LATE: [&str; 3] = ["not_offered", "not_queued", "already_taken"];

/// What the agent is going to do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Accept(String),
    Settle(String),
    ComeBack,
}

/// An agent at the desk.
struct Desk {
    http: Http,
    who: Member,
    socket: Socket,
    random: Random,
    plans: Vec<(Instant, Act)>,
    /// The offers that were decided upon, by their conversation and the time they end.
    decided: HashSet<(String, i64)>,
    served: HashSet<String>,
    /// Sends without an answer.
    sent: HashMap<String, Value>,
}

/// Works until the server ends.
pub async fn work(http: Http, who: Member, random: Random) -> anyhow::Result<()> {
    let mut socket = http.socket(Some(&who.identity())).await?;
    let mut greeting = hello::hello(None, &[]);
    greeting["lists"] = json!(["mine", "queue"]);
    socket.queue(&greeting.to_string());
    let mut desk = Desk { http, who, socket, random, plans: Vec::new(), decided: HashSet::new(), served: HashSet::new(), sent: HashMap::new() };
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        let next = desk.plans.iter().map(|(at, _)| *at).min();
        tokio::select! {
            _ = ping.tick() => desk.socket.queue(PING),
            () = tokio::time::sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => desk.act().await?,
            text = desk.socket.receive() => desk.hear(&text?.context("the server closed an agent's connection")?)?,
        }
        desk.socket.flush().await?;
    }
}

impl Desk {
    fn hear(&mut self, text: &str) -> anyhow::Result<()> {
        for line in text.lines() {
            let frame: Value = serde_json::from_str(line)?;
            match frame["t"].as_str() {
                Some("summary") => self.see(&frame["conversation"]),
                Some("lists") => {
                    for list in ["mine", "queue"] {
                        frame[list].as_array().into_iter().flatten().for_each(|row| self.see(row));
                    }
                }
                Some("ok") => drop(self.sent.remove(frame["client_id"].as_str().unwrap_or_default())),
                Some("busy") => {
                    let id = frame["client_id"].as_str().unwrap_or_default();
                    if let Some(again) = self.sent.get(id) {
                        self.socket.queue(&again.to_string());
                    }
                }
                // The offer ended just before it was accepted.
                Some("no") if LATE.contains(&frame["code"].as_str().unwrap_or_default()) => {}
                Some("no") => bail!("an agent was refused: {line}"),
                _ => {}
            }
        }
        Ok(())
    }

    /// Sees a row of the desk's lists: something may be offered, or have become the agent's own.
    fn see(&mut self, row: &Value) {
        let Some(id) = row["id"].as_str().map(str::to_owned) else { return };
        let now = Instant::now();
        match row["state"].as_str() {
            Some("offered") if row["offer"]["agent"]["id"] == self.who.agent.as_str() => {
                if !self.decided.insert((id.clone(), row["offer"]["until"].as_i64().unwrap_or_default())) {
                    return;
                }
                let plan = if self.random.below(MISSES_ONE_OF) == 0 {
                    (now + BACK_AFTER, Act::ComeBack)
                } else {
                    (now + self.random.within(ACCEPTS_WITHIN), Act::Accept(id))
                };
                self.plans.push(plan);
            }
            Some("active") if row["agent"]["id"] == self.who.agent.as_str() && self.served.insert(id.clone()) => {
                self.send(&id, json!({"type": "text", "text": "您好，我来为您处理。"}));
                let after = SERVED.0 + self.random.within(SERVED.1.saturating_sub(SERVED.0));
                self.plans.push((now + after, Act::Settle(id)));
            }
            _ => {}
        }
    }

    async fn act(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.plans).into_iter().partition(|(at, _)| *at <= now);
        self.plans = later;
        for (_, act) in due {
            match act {
                Act::Accept(id) => self.send(&id, json!({"type": "take"})),
                Act::Settle(id) => self.send(&id, json!({"type": "resolve"})),
                Act::ComeBack => self.http.available(&self.who.identity()).await?,
            }
        }
        Ok(())
    }

    fn send(&mut self, conversation: &str, body: Value) {
        let id = self.random.uuid();
        let frame = hello::send(conversation, id, body);
        self.socket.queue(&frame.to_string());
        self.sent.insert(id.to_string(), frame);
    }
}
