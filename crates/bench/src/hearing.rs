//! `yingda-bench hearing`: what it costs to hear whether somebody may be in danger, how soon the staff are alerted while others talk, and whether an alert is lost or
//! doubled when the server is killed before it has heard.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    hello,
    http::{Http, Identity},
    messages::load::{self, Load},
    peer::Dialect,
    percentile::exact_ms,
    procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
    serving::{self, End, Served},
    socket::Message,
};

/// Lines of about thirty characters, as customers write them.
const LINES: [&str; 4] = [
    "您好，我想问一下这个套餐的流量用完以后怎么收费，可以换吗？",
    "我的宽带已经断了三天，师傅说好今天来也没有来，怎么办？",
    "My broadband has been down since Monday, can you help?",
    "How do I change to a larger plan before my bill comes?",
];
/// How often each line is heard.
const TIMES: u32 = 20_000;
/// A line of danger.
const DANGER: &str = "我不想活了，今晚就从楼上跳下去";
/// The most conversations that one agent serves.
const CAPACITY: usize = 100;
/// How long an alert may take before it counts as lost.
const ALERTED_WITHIN: Duration = Duration::from_secs(20);
/// How long to wait for a second alert of the same line.
const AGAIN_WITHIN: Duration = Duration::from_secs(2);

/// Measures how danger is heard.
#[derive(Debug, clap::Args)]
pub struct Hearing {
    /// The storage engine of the record.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// An existing PostgreSQL with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Messages a second that others write.
    #[arg(long, default_value_t = 2000)]
    rate: usize,
    /// Pairs that write them.
    #[arg(long, default_value_t = 100)]
    pairs: usize,
    /// How many seconds they write.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Customers in danger, spread over that time.
    #[arg(long, default_value_t = 100)]
    dangers: usize,
    /// How often the server is killed after a line of danger was acknowledged and before it was heard.
    #[arg(long, default_value_t = 0)]
    kills: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    hear_us_per_line: f64,
    alerts: usize,
    alert_p50_ms: f64,
    alert_p99_ms: f64,
    kills: usize,
    lost: usize,
    doubled: usize,
    load_before: f64,
}

impl Hearing {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let hear_us_per_line = hear_us_per_line()?;
        let mut server = Server::start(&self.common, self.engine, self.database_url.clone()).await?;
        let result = self.attempt(&mut server, hear_us_per_line).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.lost + result.doubled > 0 {
            bail!("alerts were lost or doubled");
        }
        Ok(())
    }

    async fn attempt(&self, server: &mut Server, hear_us_per_line: f64) -> anyhow::Result<Result> {
        let (pid, http) = (server.running()?, Http::new(server.address())?);
        let all = self.pairs + self.dangers;
        let members = http.agents(server, &vec![CAPACITY; (all + self.kills).div_ceil(CAPACITY)]).await?;
        let agents: HashMap<String, Identity> = members.iter().map(|member| (member.number.clone(), member.identity())).collect();
        for agent in agents.values() {
            serving::attend(&http, agent).await?;
        }
        let mut served = Vec::with_capacity(all);
        for _ in 0..all {
            served.push(serving::serve(&http, &agents, Random::new()?).await?);
        }
        let in_danger = served.split_off(self.pairs);
        let ends = load::connect(&http, &served, self.pairs).await?;
        let load = Load { in_flight: 4, seconds: self.seconds, rate: Some(self.rate as f64), dialect: Dialect::Yingda, run: 0 };
        let apart = Duration::from_secs(self.seconds) / u32::try_from(self.dangers.max(1)).unwrap_or(u32::MAX);
        let http = &http;
        let cries = in_danger.iter().enumerate().map(|(n, one)| async move {
            let wait = apart * u32::try_from(n).unwrap_or(u32::MAX);
            let mut ends = both(http, one).await?;
            tokio::time::sleep(wait).await;
            let begun = say(&mut ends.0, &one.name).await?;
            alerts(&mut ends.1, begun + ALERTED_WITHIN, 1).await.map(|seen| seen.first().map(|at| at.duration_since(begun)))
        });
        let (ran, heard) = tokio::join!(load.run(pid, ends), try_join_all(cries));
        let (ran, heard) = (ran?, heard?);
        if ran.tally.lost > 0 || !ran.victims.is_empty() {
            bail!("the load failed: {:?}", ran.victims);
        }
        let took: Vec<Duration> = heard.iter().flatten().copied().collect();
        let (mut lost, mut doubled) = (heard.len() - took.len(), 0);
        for _ in 0..self.kills {
            let alerted = alerts_after_kill(server, http, &agents).await?;
            lost += usize::from(alerted == 0);
            doubled += usize::from(alerted > 1);
        }
        Ok(Result {
            engine: self.engine.name(),
            hear_us_per_line,
            alerts: took.len(),
            alert_p50_ms: round(exact_ms(&took, 0.5)),
            alert_p99_ms: round(exact_ms(&took, 0.99)),
            kills: self.kills,
            lost,
            doubled,
            load_before: server.load_before,
        })
    }
}

/// The processor time of hearing one line, in microseconds.
fn hear_us_per_line() -> anyhow::Result<f64> {
    let alarming = LINES.iter().filter(|line| bot::human::is_danger(line)).count();
    let before = procfs::cpu(std::process::id())?;
    let heard: usize = (0..TIMES).map(|_| LINES.iter().filter(|line| bot::human::is_danger(std::hint::black_box(line))).count()).sum();
    let took = procfs::cpu(std::process::id())?.saturating_sub(before);
    if heard != alarming * TIMES as usize || alarming > 0 || !bot::human::is_danger(DANGER) {
        bail!("the recogniser does not hear what it should");
    }
    Ok(round(took.as_micros() as f64 / f64::from(TIMES) / LINES.len() as f64))
}

/// The sockets of the customer and of the agent.
async fn both(http: &Http, one: &Served) -> anyhow::Result<(End, End)> {
    Ok((serving::follow(http, &one.visitor, &one.name).await?, serving::follow(http, &one.agent, &one.name).await?))
}

/// Says that somebody is in danger, and returns when that was sent, after the acknowledgement.
async fn say(end: &mut End, conversation: &str) -> anyhow::Result<Instant> {
    let begun = Instant::now();
    end.socket.queue(&hello::send(conversation, Random::new()?.uuid(), json!({"type": "text", "text": DANGER})).to_string());
    end.socket.flush().await?;
    while let Some(text) = end.socket.receive().await? {
        if text.lines().any(|line| line.starts_with(r#"{"t":"ok""#)) {
            return Ok(begun);
        }
    }
    bail!("a line of danger was not acknowledged")
}

/// When alerts of a conversation arrived, until there are this many or the time is over.
async fn alerts(end: &mut End, until: Instant, wanted: usize) -> anyhow::Result<Vec<Instant>> {
    let mut seen = Vec::new();
    while seen.len() < wanted && Instant::now() < until {
        end.socket.flush().await?;
        match tokio::time::timeout_at(until.into(), end.socket.fill()).await {
            Ok(read) => read?,
            Err(_) => break,
        }
        while let Some(message) = end.socket.next()? {
            let Message::Text(range) = message else { bail!("the server closed a connection") };
            for line in end.socket.text(range)?.lines() {
                let frame: Value = serde_json::from_str(line)?;
                let entries = frame["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
                seen.extend(entries.iter().filter(|entry| entry["kind"] == "alerted").map(|_| Instant::now()));
            }
        }
    }
    Ok(seen)
}

/// Kills the server after a line of danger was acknowledged, starts it again, and counts the alerts.
async fn alerts_after_kill(server: &mut Server, http: &Http, agents: &HashMap<String, Identity>) -> anyhow::Result<usize> {
    let served = serving::serve(http, agents, Random::new()?).await?;
    let mut visitor = serving::follow(http, &served.visitor, &served.name).await?;
    say(&mut visitor, &served.name).await?;
    server.kill().await?;
    server.spawn().await?;
    for identity in agents.values() {
        serving::attend(http, identity).await?;
    }
    // What was stored before the kill counts as well.
    let mut after = serving::follow_all(http, &served.agent, &served.name).await?;
    let first = alerts(&mut after, Instant::now() + ALERTED_WITHIN, 1).await?.len();
    let again = alerts(&mut after, Instant::now() + AGAIN_WITHIN, 1).await?.len();
    Ok(first + again)
}
