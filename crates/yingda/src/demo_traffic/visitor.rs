//! A simulated visitor: asks the bot, perhaps looks at a product, perhaps wants a human agent, rates, and leaves.

use std::{collections::VecDeque, sync::atomic::Ordering::Relaxed, time::Duration};

use domain::{
    id::ConversationId,
    rating::{BEST, MIDDLE, WORST},
    text::Lang,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::{
    Stage,
    wire::Wire,
    words::{Goods, Sort},
};

/// How conversations are rated: two in three are good.
const SCORES: [i64; 9] = [BEST, BEST, BEST, BEST, BEST - 1, BEST - 1, MIDDLE, MIDDLE - 1, WORST];
/// How long to wait for the bot's answer.
const BOT_WITHIN: Duration = Duration::from_secs(10);
/// How long to wait for an agent's answer.
const PERSON_WITHIN: Duration = Duration::from_secs(45);

#[derive(Deserialize)]
struct Session {
    token: String,
    visitor: String,
}

struct Visitor {
    stage: Stage,
    wire: Wire,
    conversation: ConversationId,
    lang: Lang,
    /// The product the conversation begins with, until it is opened.
    opening: Option<Option<Goods>>,
    resolved: bool,
    /// Entries that arrived while something else was awaited; they may arrive before the answer to a send.
    unseen: VecDeque<Value>,
}

/// What a visitor waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Answer,
    Agent,
    Reply,
}

/// One visit, from arrival to departure.
pub async fn visit(stage: Stage) -> anyhow::Result<()> {
    stage.counts.visitors.fetch_add(1, Relaxed);
    let lang = if stage.chance(75) { Lang::Zh } else { Lang::En };
    let site = stage.server.site().await?;
    let session: Session = stage.server.post("/api/v1/widget/sessions", &json!({"site": site, "lang": lang.tag()})).await?;
    let hello = json!({"t": "hello", "version": 1, "token": session.token, "cursors": {session.visitor: 0}});
    let wire = stage.server.connect(None, &hello).await?;
    let goods = if stage.chance(40) { stage.words.goods(&stage) } else { None };
    let conversation = ConversationId::new(stage.env.uuid());
    let mut visitor = Visitor { stage, wire, conversation, lang, opening: Some(goods), resolved: false, unseen: VecDeque::new() };
    visitor.talk().await
}

impl Visitor {
    async fn talk(&mut self) -> anyhow::Result<()> {
        let goods = self.opening.clone().flatten();
        if let Some(goods) = &goods {
            self.say(json!({"type": "product", "product": goods.id})).await?;
        }
        for n in 0..1 + self.stage.below(3) {
            if n > 0 {
                self.think(3, 9).await;
            }
            let question = self.stage.words.question(&self.stage, self.lang, goods.as_ref());
            self.stage.counts.questions.fetch_add(1, Relaxed);
            self.write(question).await?;
            let answer = self.wait(Wanted::Answer, BOT_WITHIN).await?;
            // Visitors who get suggestions often choose one.
            if let Some(option) = answer.as_ref().and_then(|entry| entry["body"]["options"].as_array()).and_then(|all| self.stage.pick(all)).cloned()
                && self.stage.chance(60)
            {
                self.think(2, 5).await;
                self.stage.counts.questions.fetch_add(1, Relaxed);
                self.say(json!({"type": "choice", "text": option["text"], "answer": option["id"]})).await?;
                self.wait(Wanted::Answer, BOT_WITHIN).await?;
            }
        }
        self.think(2, 6).await;
        let wants_person = self.stage.chance(45) && !*self.stage.closing.borrow();
        if wants_person && !self.with_person().await? {
            // No agent came.
            let body = if self.stage.chance(50) { json!({"type": "leave_queue"}) } else { json!({"type": "end"}) };
            return self.say(body).await;
        }
        if self.resolved || wants_person || self.stage.chance(50) {
            self.finish().await?;
        }
        Ok(())
    }

    /// Asks for a human agent and talks to them; `false` if nobody came in time.
    async fn with_person(&mut self) -> anyhow::Result<bool> {
        self.stage.counts.asked_for_people.fetch_add(1, Relaxed);
        self.say(json!({"type": "request_human", "via": "button"})).await?;
        let patience = self.stage.between(Duration::from_secs(20), Duration::from_secs(60));
        if self.wait(Wanted::Agent, patience).await?.is_none() {
            return Ok(false);
        }
        self.stage.counts.served.fetch_add(1, Relaxed);
        self.wait(Wanted::Reply, PERSON_WITHIN).await?;
        for _ in 0..1 + self.stage.below(3) {
            if self.resolved {
                return Ok(true);
            }
            self.think(3, 8).await;
            let words = self.stage.words.sentence(&self.stage, Sort::FollowUp, self.lang);
            self.write(words).await?;
            self.wait(Wanted::Reply, PERSON_WITHIN).await?;
        }
        if !self.resolved {
            self.think(2, 5).await;
            let words = self.stage.words.sentence(&self.stage, Sort::Thanks, self.lang);
            self.write(words).await?;
            self.wait(Wanted::Reply, PERSON_WITHIN).await?;
        }
        Ok(true)
    }

    /// Ends the conversation and usually rates it.
    async fn finish(&mut self) -> anyhow::Result<()> {
        if !self.resolved {
            self.say(json!({"type": "end"})).await?;
        }
        self.think(1, 4).await;
        if !self.stage.chance(70) {
            return Ok(());
        }
        let score = SCORES[self.stage.below(SCORES.len())];
        let mut body = json!({"type": "rate", "score": score, "solved": score >= MIDDLE});
        if self.stage.chance(40) {
            body["comment"] = json!(self.stage.words.sentence(&self.stage, Sort::Comment, self.lang));
        }
        self.stage.counts.rated.fetch_add(1, Relaxed);
        self.say(body).await
    }

    /// Types for a while, then sends.
    async fn write(&mut self, text: String) -> anyhow::Result<()> {
        let typing = |on| json!({"t": "typing", "conversation": self.conversation, "on": on});
        let (on, off) = (typing(true), typing(false));
        if self.opening.is_none() {
            self.wire.send(&on).await?;
            self.think(1, 4).await;
            self.wire.send(&off).await?;
        }
        self.say(json!({"type": "text", "text": text})).await
    }

    /// Sends a message and waits until it is stored or refused.
    async fn say(&mut self, body: Value) -> anyhow::Result<()> {
        let client_id = self.stage.env.uuid().to_string();
        let mut frame = json!({"t": "send", "conversation": self.conversation, "client_id": client_id, "body": body});
        if let Some(goods) = self.opening.take() {
            frame["open"] = json!({"lang": self.lang.tag()});
            if let Some(goods) = goods {
                frame["open"]["product"] = json!(goods.id);
            }
        }
        self.wire.send(&frame).await?;
        loop {
            let answer = self.wire.next().await?;
            self.look(&answer).await?;
            match answer["t"].as_str() {
                Some("ok" | "no") if answer["client_id"] == client_id.as_str() => return Ok(()),
                Some("busy") if answer["client_id"] == client_id.as_str() => {
                    tokio::time::sleep(Duration::from_millis(answer["retry_ms"].as_u64().unwrap_or(500))).await;
                    self.wire.send(&frame).await?;
                }
                _ => {}
            }
        }
    }

    /// Reads frames until `wanted` arrives or the time is up; returns the entry that brought it.
    async fn wait(&mut self, wanted: Wanted, within: Duration) -> anyhow::Result<Option<Value>> {
        let until = Instant::now() + within;
        loop {
            while let Some(entry) = self.unseen.pop_front() {
                let by = entry["by"]["kind"].as_str();
                let found = match (entry["kind"].as_str(), wanted) {
                    (Some("message"), Wanted::Answer) => by == Some("bot"),
                    (Some("message"), Wanted::Reply) => by == Some("agent"),
                    (Some("assigned"), Wanted::Agent) => true,
                    (Some("resolved"), _) => true,
                    _ => false,
                };
                if found {
                    return Ok(Some(entry));
                }
            }
            let Ok(frame) = timeout_at(until, self.wire.next()).await else { return Ok(None) };
            self.look(&frame?).await?;
        }
    }

    /// Handles what any frame may contain, and marks messages as read.
    async fn look(&mut self, frame: &Value) -> anyhow::Result<()> {
        if frame["t"] != "entries" || frame["stream"] != self.conversation.to_string() {
            return Ok(());
        }
        let entries = frame["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        self.resolved |= entries.iter().any(|entry| entry["kind"] == "resolved");
        self.unseen.extend(entries.iter().cloned());
        let theirs = entries.iter().filter(|entry| entry["by"]["kind"] != "customer").filter_map(|entry| entry["body"]["ord"].as_i64()).max();
        if let Some(ord) = theirs {
            self.wire.send(&json!({"t": "mark", "stream": self.conversation, "received": ord, "read": ord})).await?;
        }
        Ok(())
    }

    async fn think(&self, least: u64, most: u64) {
        tokio::time::sleep(self.stage.between(Duration::from_secs(least), Duration::from_secs(most))).await;
    }
}
