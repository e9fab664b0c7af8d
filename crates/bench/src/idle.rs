//! `yingda-bench idle`: the memory of connections that say nothing.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    hello,
    http::{Http, Identity},
    procfs,
    random::{Random, new_conversation},
    report,
    server::{Common, Engine, Server},
    socket::Socket,
};

/// Things done at the same time while the connections are made.
const AT_ONCE: usize = 64;
/// Connections before those that are counted.
const WARM: usize = 500;
/// Connections per source address: fewer than the ports the kernel gives out for one.
const PER_ADDRESS: usize = 20_000;
/// The memory counts as settled when it stays within this part for three looks.
const SETTLED: f64 = 0.002;
const LOOK_EVERY: Duration = Duration::from_millis(500);
const SETTLE_WITHIN: Duration = Duration::from_secs(30);

/// Memory of connections that say nothing.
#[derive(Debug, clap::Args)]
pub struct Idle {
    /// How many; each is another visitor who follows its own stream and its own conversation.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// How they are connected.
    #[arg(long, value_enum, default_value_t = Transport::Ws)]
    transport: Transport,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Transport {
    /// WebSocket.
    Ws,
    /// Streamed `POST /rt/events`.
    Sse,
    /// Long-polled `POST /rt/events`.
    Poll,
}

#[derive(Debug, Serialize)]
struct Result {
    transport: Transport,
    connections: usize,
    server_rss_bytes_per_connection: u64,
    server_rss_bytes_before: u64,
    server_rss_bytes_after: u64,
    server_cpu_us_per_connection: f64,
    connections_per_s: f64,
    load_before: f64,
}

#[derive(Debug, Clone)]
struct Visitor {
    who: Identity,
    stream: String,
    conversation: String,
}

impl Idle {
    /// Measures.
    pub async fn run(self) -> anyhow::Result<()> {
        let limit = procfs::open_files_limit() as usize;
        if self.connections + WARM + 200 > limit {
            bail!("this process may open {limit} files: raise `ulimit -n` for {} connections", self.connections);
        }
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        report::print(&result.with_context(|| log)?, self.common.json)
    }

    async fn measure(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, address) = (server.running()?, server.address());
        let http = Http::new(address)?;
        let random = Random::new()?;
        let mut visitors: Vec<Visitor> = stream::iter(0..self.connections + WARM)
            .map(|n| visitor(http.clone(), Random::seeded(random.clone().bits() ^ (n as u64) << 8)))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut held = JoinSet::new();
        // Some first that do not count: they use up what making the visitors has left free in the server's heap.
        self.connect(address, &http, visitors.split_off(self.connections), &mut held).await?;
        let before = settled(pid).await?;
        let (cpu, begun) = (procfs::cpu(pid)?, Instant::now());
        self.connect(address, &http, visitors, &mut held).await?;
        let took = begun.elapsed();
        let after = settled(pid).await?;
        let spent = procfs::cpu(pid)?.saturating_sub(cpu);
        if let Some(ended) = held.try_join_next() {
            bail!("a connection ended: {:?}", ended?);
        }
        let n = self.connections.max(1) as u64;
        Ok(Result {
            transport: self.transport,
            connections: self.connections,
            server_rss_bytes_per_connection: after.saturating_sub(before) / n,
            server_rss_bytes_before: before,
            server_rss_bytes_after: after,
            server_cpu_us_per_connection: report::round(spent.as_micros() as f64 / n as f64),
            connections_per_s: report::round(n as f64 / took.as_secs_f64()),
            load_before: server.load_before,
        })
    }
}

impl Idle {
    async fn connect(&self, to: SocketAddr, http: &Http, visitors: Vec<Visitor>, held: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
        let first = held.len();
        let mut connecting = stream::iter(visitors.into_iter().enumerate())
            .map(|(n, visitor)| connect(self.transport, to, http.clone(), first + n, visitor))
            .buffer_unordered(AT_ONCE);
        while let Some(connection) = connecting.try_next().await? {
            held.spawn(connection.hold());
        }
        Ok(())
    }
}

/// A visitor with a conversation that has begun: a product card was shown, which nobody has to answer.
async fn visitor(http: Http, mut random: Random) -> anyhow::Result<Visitor> {
    let session = http.visitor().await?;
    let (who, conversation) = (session.identity(), new_conversation());
    let card = hello::open(&conversation, random.uuid(), json!({"type": "product", "product": "g-001"}));
    let answers = http.send(&who, &[card]).await?;
    if answers.first().is_none_or(|answer| answer["t"] != "ok") {
        bail!("a conversation did not open: {answers:?}");
    }
    Ok(Visitor { who, stream: session.visitor, conversation })
}

enum Held {
    Socket(Socket),
    Stream(reqwest::Response),
    Poll(Http, Visitor),
}

async fn connect(transport: Transport, to: SocketAddr, http: Http, n: usize, visitor: Visitor) -> anyhow::Result<Held> {
    let hello = hello::hello(visitor.who.token(), &[(&visitor.stream, Some(0)), (&visitor.conversation, None)]);
    match transport {
        Transport::Ws => {
            let from = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2 + (n / PER_ADDRESS) as u8));
            let mut socket = Socket::connect(to, Some(from), "").await?;
            socket.queue(&hello.to_string());
            let mut seen = String::new();
            while !has_all(&seen) {
                seen += &socket.receive().await?.context("the server closed a connection")?;
            }
            Ok(Held::Socket(socket))
        }
        Transport::Sse => {
            let mut response = http.events(&visitor.who, &hello, true).await?;
            let mut seen = String::new();
            while !has_all(&seen) {
                seen += &String::from_utf8_lossy(&response.chunk().await?.context("the server ended a stream")?);
            }
            Ok(Held::Stream(response))
        }
        Transport::Poll => Ok(Held::Poll(http, visitor)),
    }
}

/// Welcomed, and brought up to date on the conversation.
fn has_all(seen: &str) -> bool {
    seen.contains(r#""t":"welcome""#) && seen.contains(r#""t":"reset""#)
}

impl Held {
    /// Keeps the connection as a client would that has nothing to say.
    async fn hold(self) -> anyhow::Result<()> {
        match self {
            Self::Socket(mut socket) => while socket.receive().await?.is_some() {},
            Self::Stream(mut response) => while response.chunk().await?.is_some() {},
            Self::Poll(http, visitor) => {
                // The first answer is the state; the next request is the one that waits.
                let (mut mine, mut theirs, mut generation) = (0, None, serde_json::Value::Null);
                loop {
                    let mut hello = hello::hello(visitor.who.token(), &[(&visitor.stream, Some(mine)), (&visitor.conversation, theirs)]);
                    if !generation.is_null() {
                        hello["generation"] = generation.clone();
                    }
                    let text = http.events(&visitor.who, &hello, false).await?.text().await?;
                    for frame in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
                        match (frame["t"].as_str(), frame["seq"].as_i64(), frame["entries"].as_array()) {
                            (Some("welcome"), ..) => generation = frame["generation"].clone(),
                            (Some("reset"), Some(seq), _) => theirs = Some(seq),
                            (Some("entries"), _, Some(entries)) if frame["stream"] == visitor.stream => mine += entries.len() as i64,
                            _ => {}
                        }
                    }
                }
            }
        }
        bail!("the server ended the connection")
    }
}

/// The memory of a process once it stays what it is.
async fn settled(pid: u32) -> anyhow::Result<u64> {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    let begun = Instant::now();
    let mut looks: Vec<u64> = Vec::new();
    loop {
        tick.tick().await;
        looks.push(procfs::rss_bytes(pid)?);
        let near = |a: u64, b: u64| (a.abs_diff(b) as f64) < a as f64 * SETTLED;
        let steady = matches!(looks[..], [.., a, b, c] if near(a, c) && near(b, c));
        if steady || begun.elapsed() > SETTLE_WITHIN {
            return Ok(looks[looks.len() - 1]);
        }
    }
}
