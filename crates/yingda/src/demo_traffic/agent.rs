//! A simulated agent: greets assigned customers, answers those who wait, and resolves what is done.

use std::{collections::HashMap, time::Duration};

use anyhow::Context as _;
use domain::text::Lang;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::{Stage, wire::Wire, words::Sort};

/// How long an agent waits before reconnecting.
const AGAIN: Duration = Duration::from_secs(2);
/// An agent resolves a conversation that was silent for this long after the agent's last message.
const SILENCE: Duration = Duration::from_secs(25);
const PING_EVERY: Duration = Duration::from_secs(5);
const FAR: Duration = Duration::from_secs(3600);

#[derive(Deserialize)]
struct Link {
    needs_password: bool,
}
#[derive(Deserialize)]
struct Me {
    agent: String,
    inbox: String,
}

/// An agent at work.
pub struct Agent {
    stage: Stage,
    cookie: String,
    me: Me,
    serving: HashMap<String, Serving>,
}

struct Serving {
    lang: Lang,
    said: usize,
    enough: usize,
    act_at: Instant,
    customer_waits: bool,
}

/// Signs an agent in with a one-time link.
pub async fn sign_in(stage: &Stage, link: &str) -> anyhow::Result<Agent> {
    let (_, token) = link.split_once('#').context("a sign-in link has its secret behind #")?;
    let found: Link = stage.server.post("/api/v1/auth/links/inspect", &json!({"token": token})).await?;
    let password = if found.needs_password { Some(stage.env.secret().map_err(|error| anyhow::anyhow!("random numbers: {error}"))?) } else { None };
    let (cookie, me) = stage.server.redeem(token, password).await?;
    stage.server.set_state(&cookie, "available").await?;
    Ok(Agent { stage: stage.clone(), cookie, me, serving: HashMap::new() })
}

impl Agent {
    /// Works until the demo closes and no conversations are left.
    pub async fn work(mut self) -> anyhow::Result<()> {
        while !self.is_done() {
            // Reconnects to a server that was restarted.
            if let Err(error) = self.shift().await {
                eprintln!("an agent connects again: {error:#}");
                tokio::time::sleep(AGAIN).await;
            }
        }
        self.stage.server.set_state(&self.cookie, "offline").await
    }

    fn is_done(&self) -> bool {
        *self.stage.closing.borrow() && self.serving.is_empty()
    }

    async fn shift(&mut self) -> anyhow::Result<()> {
        self.serving.clear();
        let mut wire = self.stage.server.connect(Some(&self.cookie), &self.hello(&[])).await?;
        let mut closing = self.stage.closing.clone();
        // A console is never silent; the server assumes that a silent one is gone.
        let mut beat = tokio::time::interval(PING_EVERY);
        loop {
            let next = self.serving.values().map(|s| s.act_at).min().unwrap_or_else(|| Instant::now() + FAR);
            tokio::select! {
                frame = wire.next() => self.look(&mut wire, &frame?).await?,
                () = tokio::time::sleep_until(next) => self.act(&mut wire).await?,
                _ = beat.tick() => wire.send(&json!({"t": "ping"})).await?,
                _ = closing.changed() => {}
            }
            if self.is_done() {
                return Ok(());
            }
        }
    }

    /// Subscribes to the agent's inbox and list and to the conversations being served; the new ones from the start.
    fn hello(&self, new: &[&str]) -> Value {
        let mut cursors = Map::from_iter([(self.me.inbox.clone(), json!(null))]);
        // A stream that is already subscribed keeps its place, whatever number is given here.
        cursors.extend(self.serving.keys().map(|id| (id.clone(), if new.contains(&id.as_str()) { json!(null) } else { json!(0) })));
        json!({"t": "hello", "version": 1, "cursors": cursors, "lists": ["mine"]})
    }

    async fn look(&mut self, wire: &mut Wire, frame: &Value) -> anyhow::Result<()> {
        match frame["t"].as_str() {
            Some("summary") => self.rows(wire, std::slice::from_ref(&frame["conversation"])).await,
            Some("lists") => self.rows(wire, frame["mine"].as_array().map(Vec::as_slice).unwrap_or_default()).await,
            Some("entries" | "reset") => self.entries(wire, frame).await,
            Some("gone") => {
                self.serving.remove(frame["stream"].as_str().unwrap_or_default());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Handles rows of the list: the agent's own active conversations are served, the others are dropped.
    async fn rows(&mut self, wire: &mut Wire, rows: &[Value]) -> anyhow::Result<()> {
        let mut new = Vec::new();
        for row in rows {
            let Some(id) = row["id"].as_str() else { continue };
            if row["state"] != "active" || row["agent"]["id"] != self.me.agent.as_str() {
                self.serving.remove(id);
            } else if !self.serving.contains_key(id) {
                let lang = if row["lang"] == Lang::En.tag() { Lang::En } else { Lang::Zh };
                let act_at = Instant::now() + self.pause(2, 5);
                self.serving.insert(id.to_owned(), Serving { lang, said: 0, enough: 3 + self.stage.below(3), act_at, customer_waits: true });
                new.push(id);
            }
        }
        if !new.is_empty() {
            wire.send(&self.hello(&new)).await?;
        }
        Ok(())
    }

    /// Marks customers' messages as read and schedules answers to them.
    async fn entries(&mut self, wire: &mut Wire, frame: &Value) -> anyhow::Result<()> {
        let (pause, Some(stream)) = (self.pause(2, 7), frame["stream"].as_str()) else { return Ok(()) };
        let Some(serving) = self.serving.get_mut(stream) else { return Ok(()) };
        let all = frame["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ord = all.iter().filter(|entry| entry["by"]["kind"] == "customer").filter_map(|entry| entry["body"]["ord"].as_i64()).max();
        let Some(ord) = ord else { return Ok(()) };
        if frame["t"] == "entries" && !serving.customer_waits {
            serving.customer_waits = true;
            serving.act_at = Instant::now() + pause;
            wire.send(&json!({"t": "typing", "conversation": stream, "on": true})).await?;
        }
        wire.send(&json!({"t": "mark", "stream": stream, "received": ord, "read": ord})).await
    }

    /// Does what is due.
    async fn act(&mut self, wire: &mut Wire) -> anyhow::Result<()> {
        let now = Instant::now();
        let Self { stage, serving, .. } = self;
        for (id, serving) in serving.iter_mut().filter(|(_, serving)| serving.act_at <= now) {
            let body = if !serving.customer_waits {
                // Silent since the last answer: resolve it.
                serving.act_at = now + FAR;
                json!({"type": "resolve"})
            } else {
                let sort = match serving.said {
                    0 => Sort::Greeting,
                    n if n >= serving.enough => Sort::Farewell,
                    _ => Sort::Answer,
                };
                serving.said += 1;
                serving.customer_waits = false;
                serving.act_at = now + SILENCE;
                json!({"type": "text", "text": stage.words.sentence(stage, sort, serving.lang)})
            };
            wire.send(&json!({"t": "send", "conversation": id, "client_id": stage.env.uuid(), "body": body})).await?;
        }
        Ok(())
    }

    fn pause(&self, least: u64, most: u64) -> Duration {
        self.stage.between(Duration::from_secs(least), Duration::from_secs(most))
    }
}
