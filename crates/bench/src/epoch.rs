//! `yingda-bench epoch`: checks that the bot never speaks after the conversation has left it.
//!
//! In each trial a visitor asks the bot something and, while the bot is working on it, asks for a person. Whatever the bot then says must come before the
//! request or not at all, both in what the visitor receives and in the record.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    hello,
    http::{Http, Identity},
    random::{Random, new_conversation},
    report,
    server::{Common, Engine, Server},
    serving,
    socket::Socket,
};

/// Trials that run at the same time.
const AT_ONCE: usize = 16;
/// How long a trial may take until the conversation has left the bot.
const LEAVE_WITHIN: Duration = Duration::from_secs(30);
/// How long a trial waits for a late answer of the bot.
const LATE: Duration = Duration::from_millis(400);
/// The most conversations that one agent serves.
const CAPACITY: usize = 100;
/// The number of streams in one hello.
const STREAMS: usize = 400;
/// A question to which the bot knows the answer.
const QUESTION: &str = "怎么更换套餐？";
/// A request for a person, as a text.
const IN_WORDS: &str = "转人工";

/// Checks whether the bot ever speaks after the conversation has left it.
#[derive(Debug, clap::Args)]
pub struct Epoch {
    /// The number of trials; half of them find a free agent, the others wait in the queue.
    #[arg(long, default_value_t = 1000)]
    trials: usize,
    /// The storage engine of the record.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// An existing PostgreSQL with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    trials: usize,
    violations: usize,
    superseded: usize,
    answered_before: usize,
    assigned: usize,
    queued: usize,
    load_before: f64,
}

/// When the visitor asks for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// In the same write as the question.
    AtOnce,
    /// As soon as the question has been acknowledged.
    AfterOk,
    /// As soon as the bot is seen typing.
    WhileTyping,
    /// Some time after the question.
    Later(Duration),
    /// In the same write, as a text: the bot itself hands the conversation over.
    InWords,
}

impl Moment {
    fn pick(random: &mut Random) -> Self {
        match random.below(8) {
            0 => Self::AtOnce,
            1 | 2 => Self::AfterOk,
            3 | 4 => Self::WhileTyping,
            5 => Self::Later(random.within(Duration::from_millis(3))),
            6 => Self::Later(random.within(Duration::from_millis(30))),
            _ => Self::InWords,
        }
    }
}

/// What the entries of a conversation show.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Course {
    left_bot: bool,
    assigned: bool,
    answered_before: bool,
    superseded: bool,
    violated: bool,
}

impl Course {
    fn step(&mut self, entry: &Value) {
        match entry["kind"].as_str() {
            Some("human_requested" | "queued") => self.left_bot = true,
            Some("assigned") => (self.left_bot, self.assigned) = (true, true),
            Some("bot_superseded") => self.superseded = true,
            Some("message") if entry["by"]["kind"] == "bot" => {
                self.violated |= self.left_bot;
                self.answered_before |= !self.left_bot;
            }
            _ => {}
        }
    }
}

impl Epoch {
    /// Runs the trials and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let server = Server::start(&self.common, self.engine, self.database_url.clone()).await?;
        let result = self.attempt(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.violations > 0 {
            bail!("the bot spoke after the conversation had left it");
        }
        Ok(())
    }

    async fn attempt(&self, server: &Server) -> anyhow::Result<Result> {
        let to = server.address();
        let http = Http::new(to)?;
        let agents = http.agents(server, &vec![CAPACITY; self.trials.div_ceil(2 * CAPACITY)]).await?;
        for agent in &agents {
            serving::attend(&http, &agent.identity()).await?;
        }
        let mut random = Random::new()?;
        // Until the agents count as present, every visitor would have to wait.
        let known: HashMap<String, Identity> = agents.iter().map(|agent| (agent.number.clone(), agent.identity())).collect();
        serving::serve(&http, &known, Random::seeded(random.bits())).await?;
        let trials = stream::iter((0..self.trials).map(|_| trial(to, http.clone(), Random::seeded(random.bits()))));
        let seen: Vec<(String, Course)> = trials.buffer_unordered(AT_ONCE).try_collect().await?;
        let manager = http.manager(server).await?.identity();
        let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
        let mut stored = HashMap::new();
        for part in names.chunks(STREAMS) {
            stored.extend(courses(&http, &manager, part).await?);
        }
        let all: Vec<(Course, Course)> = seen.iter().map(|(name, seen)| (*seen, stored.get(name).copied().unwrap_or_default())).collect();
        if let Some(n) = all.iter().position(|(_, stored)| !stored.left_bot) {
            bail!("the record of {} does not show what happened", seen[n].0);
        }
        let count = |holds: fn(&(Course, Course)) -> bool| all.iter().filter(|both| holds(both)).count();
        Ok(Result {
            trials: self.trials,
            violations: count(|(seen, stored)| seen.violated || stored.violated),
            superseded: count(|(_, stored)| stored.superseded),
            answered_before: count(|(_, stored)| stored.answered_before),
            assigned: count(|(_, stored)| stored.assigned),
            queued: count(|(_, stored)| !stored.assigned),
            load_before: server.load_before,
        })
    }
}

/// Runs one trial and returns what the visitor received.
async fn trial(to: SocketAddr, http: Http, mut random: Random) -> anyhow::Result<(String, Course)> {
    let session = http.visitor().await?;
    let (who, name, moment) = (session.identity(), new_conversation(), Moment::pick(&mut random));
    let mut socket = Socket::connect(to, None, "").await?;
    let question = hello::open(&name, random.uuid(), json!({"type": "text", "text": QUESTION})).to_string();
    let request = match moment {
        Moment::InWords => hello::send(&name, random.uuid(), json!({"type": "text", "text": IN_WORDS})),
        _ => hello::send(&name, random.uuid(), json!({"type": "request_human", "via": "button"})),
    }
    .to_string();
    socket.queue(&hello::hello(who.token(), &[(&session.visitor, Some(0))]).to_string());
    socket.queue(&question);
    let mut requested = matches!(moment, Moment::AtOnce | Moment::InWords);
    if requested {
        socket.queue(&request);
    }
    socket.flush().await?;
    if let Moment::Later(after) = moment {
        tokio::time::sleep(after).await;
        socket.queue(&request);
        requested = true;
    }
    let (mut course, begun) = (Course::default(), tokio::time::Instant::now());
    let mut until = begun + LEAVE_WITHIN;
    // Reads until some time after the conversation has left the bot.
    while let Ok(text) = tokio::time::timeout_at(until, socket.receive()).await {
        let text = text?.context("the server closed a connection")?;
        for line in text.lines() {
            let frame: Value = serde_json::from_str(line)?;
            match frame["t"].as_str() {
                Some("no" | "gone") => bail!("refused: {line}"),
                Some("busy") => {
                    // Everything is sent again, oldest first; the server only answers what it already knows.
                    tokio::time::sleep(Duration::from_millis(frame["retry_ms"].as_u64().unwrap_or(500))).await;
                    socket.queue(&question);
                }
                Some("ok") if moment == Moment::AfterOk && !requested => requested = true,
                Some("typing") if moment == Moment::WhileTyping && !requested => requested = true,
                Some("entries") => {
                    let before = course.left_bot;
                    frame["entries"].as_array().into_iter().flatten().for_each(|entry| course.step(entry));
                    if course.left_bot && !before {
                        until = tokio::time::Instant::now() + LATE;
                    }
                    // The bot may have been too quick to be seen typing.
                    if course.answered_before && !requested {
                        requested = true;
                    } else {
                        continue;
                    }
                }
                _ => continue,
            }
            if requested {
                socket.queue(&request);
                socket.flush().await?;
            }
        }
    }
    if !course.left_bot {
        bail!("{name} did not leave the bot within {LEAVE_WITHIN:?} ({moment:?})");
    }
    Ok((name, course))
}

/// The courses of the conversations according to the record.
async fn courses(http: &Http, who: &Identity, names: &[&str]) -> anyhow::Result<HashMap<String, Course>> {
    let read = serving::record_of(http, who, names).await?.into_iter().map(|(name, entries)| {
        let mut course = Course::default();
        entries.iter().for_each(|entry| course.step(entry));
        (name, course)
    });
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(entries: &[(&str, &str)]) -> Course {
        let mut course = Course::default();
        for (kind, by) in entries {
            course.step(&json!({"kind": kind, "by": {"kind": by}}));
        }
        course
    }

    #[test]
    fn the_bot_may_speak_before_and_not_after() {
        let fine = course(&[("opened", "customer"), ("message", "customer"), ("message", "bot"), ("human_requested", "customer"), ("assigned", "system")]);
        assert_eq!(fine, Course { left_bot: true, assigned: true, answered_before: true, ..Course::default() });
        let dropped = course(&[("message", "customer"), ("queued", "system"), ("bot_superseded", "bot")]);
        assert_eq!(dropped, Course { left_bot: true, superseded: true, ..Course::default() });
        for after in ["human_requested", "queued", "assigned"] {
            assert!(course(&[("message", "customer"), (after, "system"), ("message", "bot")]).violated, "{after}");
        }
    }

    #[test]
    fn people_may_speak_whenever_they_like() {
        assert!(!course(&[("assigned", "system"), ("message", "agent"), ("message", "customer")]).violated);
    }
}
