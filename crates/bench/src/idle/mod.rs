//! `yingda-bench idle`: the memory that idle connections use, and that the same connections use after each has said one thing and heard one.

mod held;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    crowd::{self, AT_ONCE, Person},
    http::Http,
    peer::{self, Kind, Peer},
    procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
};
use held::{Cue, Held};

/// Connections before those that are counted; at most as many as those.
const WARM: usize = 500;
/// The memory counts as settled when it stays within this fraction over three samples.
const SETTLED: f64 = 0.002;
/// The process is idle if it uses less than this fraction of a processor.
const IDLE: f64 = 0.1;
const LOOK_EVERY: Duration = Duration::from_millis(500);
const SETTLE_WITHIN: Duration = Duration::from_secs(30);
/// How long everybody may take to say one thing and hear one: in all, plus this for each.
const SPEAK_WITHIN: Duration = Duration::from_secs(60);
const SPEAK_EACH: Duration = Duration::from_millis(20);

/// Measures the memory that idle connections use.
#[derive(Debug, clap::Args)]
pub struct Idle {
    /// How many connections; each is a different visitor, who follows their own stream and their own conversation.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// The transport of the connections; peers are measured by WebSocket only.
    #[arg(long, value_enum, default_value_t = Transport::Ws)]
    transport: Transport,
    #[command(flatten)]
    peer: peer::Choice,
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
    bytes_per_connection: u64,
    bytes_per_connection_after_message: u64,
    server_rss_bytes_per_connection: u64,
    server_rss_bytes_before: u64,
    server_rss_bytes_after: u64,
    server_rss_bytes_after_message: u64,
    server_cpu_us_per_connection: f64,
    connections_per_s: f64,
    load_before: f64,
    durability: String,
    #[serde(flatten)]
    beside: Option<Beside>,
}

/// The peer's figures, and how many times our memory the peer uses.
#[derive(Debug, Serialize)]
struct Beside {
    peer: Kind,
    peer_version: String,
    peer_durability: String,
    peer_bytes_per_connection: u64,
    peer_bytes_per_connection_after_message: u64,
    peer_server_cpu_us_per_connection: f64,
    ratio: f64,
}

/// What connections cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    before: u64,
    after: u64,
    after_message: u64,
    cpu: Duration,
    took: Duration,
}

type Connections = JoinSet<anyhow::Result<()>>;

impl Idle {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        crowd::check(self.connections.saturating_add(self.warm()))?;
        let peer = self.peer.check()?;
        if peer.is_some() && self.transport != Transport::Ws {
            bail!("--peer goes with --transport ws: the peers' other transports are not measured");
        }
        if peer.is_some() && !self.connections.is_multiple_of(2) {
            bail!("--connections is even with --peer: two of them talk to each other");
        }
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let (load_before, durability) = (server.load_before, server.durability());
        let cost = self.ours(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let cost = cost.with_context(|| log)?;
        let mut result = self.result(cost, load_before, durability);
        if let Some((kind, program)) = peer {
            let peer = Peer::start(kind, &program).await?;
            let theirs = self.theirs(&peer).await;
            let (peer_version, peer_durability) = (peer.version.clone(), peer.durability.clone());
            peer.stop().await?;
            let theirs = theirs?;
            result.beside = Some(Beside {
                peer: kind,
                peer_version,
                peer_durability,
                peer_bytes_per_connection: self.each(theirs.before, theirs.after),
                peer_bytes_per_connection_after_message: self.each(theirs.before, theirs.after_message),
                peer_server_cpu_us_per_connection: self.cpu_each(theirs),
                ratio: round(self.each(theirs.before, theirs.after) as f64 / self.each(cost.before, cost.after).max(1) as f64),
            });
        }
        report::print(&result, self.common.json)
    }

    fn result(&self, cost: Cost, load_before: f64, durability: String) -> Result {
        let Cost { before, after, after_message, cpu: _, took } = cost;
        Result {
            transport: self.transport,
            connections: self.connections,
            bytes_per_connection: self.each(before, after),
            bytes_per_connection_after_message: self.each(before, after_message),
            server_rss_bytes_per_connection: self.each(before, after),
            server_rss_bytes_before: before,
            server_rss_bytes_after: after,
            server_rss_bytes_after_message: after_message,
            server_cpu_us_per_connection: self.cpu_each(cost),
            connections_per_s: round(self.connections as f64 / took.as_secs_f64()),
            load_before,
            durability,
            beside: None,
        }
    }

    fn warm(&self) -> usize {
        WARM.min(self.connections)
    }

    fn each(&self, before: u64, after: u64) -> u64 {
        after.saturating_sub(before) / self.connections as u64
    }

    fn cpu_each(&self, cost: Cost) -> f64 {
        round(cost.cpu.as_micros() as f64 / self.connections as f64)
    }

    async fn ours(&self, server: &Server) -> anyhow::Result<Cost> {
        let (pid, to) = (server.running()?, server.address());
        settled_memory(pid).await?;
        let mut people = crowd::gather(&Http::new(to)?, self.connections + self.warm()).await?;
        let mut held = Connections::new();
        let (begin, cue) = Cue::new(AT_ONCE);
        // A few first that do not count: they use up what creating the visitors has left free in the server's heap.
        let warm = people.split_off(self.connections);
        self.connect(to, warm, None, &mut held).await?;
        let before = settled_memory(pid).await?;
        let (cpu, begun) = (procfs::cpu(pid)?, Instant::now());
        self.connect(to, people, Some(&cue), &mut held).await?;
        let took = begun.elapsed();
        let after = settled_memory(pid).await?;
        let cpu = procfs::cpu(pid)?.saturating_sub(cpu);
        let after_message = self.speak(pid, &begin, &cue, &mut held).await?;
        Ok(Cost { before, after, after_message, cpu, took })
    }

    async fn connect(&self, to: SocketAddr, people: Vec<Person>, cue: Option<&Cue>, held: &mut Connections) -> anyhow::Result<()> {
        let (first, mut random) = (held.len(), Random::new()?);
        let mut clients = Vec::new();
        for n in first..first + people.len() {
            let source = crowd::address(n);
            if clients.last().is_none_or(|(last, _)| *last != source) {
                clients.push((source, Http::from(to, Some(source))?));
            }
        }
        let http = |n: usize| clients.iter().find(|(source, _)| *source == crowd::address(n)).map(|(_, http)| http.clone());
        let mut connecting = stream::iter(people.into_iter().enumerate())
            .map(|(n, person)| {
                let (n, http) = (first + n, http(first + n));
                async move { Held::connect(self.transport, to, http.context("no address")?, n, person).await }
            })
            .buffer_unordered(AT_ONCE);
        while let Some(connection) = connecting.try_next().await? {
            held.spawn(connection.hold(cue.cloned(), Random::seeded(random.bits())));
        }
        Ok(())
    }

    async fn theirs(&self, peer: &Peer) -> anyhow::Result<Cost> {
        let (pid, to, dialect) = (peer.pid()?, peer.address(), peer.dialect);
        let mut held = Connections::new();
        let (begin, cue) = Cue::new(AT_ONCE);
        let room = |n: usize| format!("room{:06}", n / 2);
        let connect = async |numbers: std::ops::Range<usize>, cue: Option<&Cue>, held: &mut Connections| {
            let mut connecting = stream::iter(numbers)
                .map(|n| async move { anyhow::Ok((n, dialect.enter(to, Some(crowd::address(n)), &room(n)).await?)) })
                .buffer_unordered(AT_ONCE);
            while let Some((n, socket)) = connecting.try_next().await? {
                held.spawn(held::hold_peer(socket, dialect, room(n), n, cue.cloned()));
            }
            anyhow::Ok(())
        };
        connect(0..self.warm(), None, &mut held).await?;
        let before = settled_memory(pid).await?;
        let (cpu, begun) = (procfs::cpu(pid)?, Instant::now());
        connect(self.warm()..self.warm() + self.connections, Some(&cue), &mut held).await?;
        let took = begun.elapsed();
        let after = settled_memory(pid).await?;
        let cpu = procfs::cpu(pid)?.saturating_sub(cpu);
        let after_message = self.speak(pid, &begin, &cue, &mut held).await?;
        Ok(Cost { before, after, after_message, cpu, took })
    }

    /// Lets everybody say one thing and hear one; returns the memory after it.
    async fn speak(&self, pid: u32, begin: &watch::Sender<bool>, cue: &Cue, held: &mut Connections) -> anyhow::Result<u64> {
        begin.send_replace(true);
        let until = Instant::now() + SPEAK_WITHIN + SPEAK_EACH * self.connections as u32;
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while cue.exchanges() < self.connections {
            tick.tick().await;
            if Instant::now() > until {
                bail!("only {} of {} have said something and heard an answer", cue.exchanges(), self.connections);
            }
            alive(held)?;
        }
        let after = settled_memory(pid).await?;
        alive(held)?;
        Ok(after)
    }
}

/// An error if any connection has ended.
fn alive(held: &mut Connections) -> anyhow::Result<()> {
    match held.try_join_next() {
        Some(ended) => bail!("a connection ended: {:?}", ended?),
        None => Ok(()),
    }
}

/// The memory of a process, once it has settled and the process is idle: what the server needs for its work after the start is not what connections need.
async fn settled_memory(pid: u32) -> anyhow::Result<u64> {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    let begun = Instant::now();
    let mut looks: Vec<u64> = Vec::new();
    let mut used = Duration::ZERO;
    loop {
        tick.tick().await;
        looks.push(procfs::rss_bytes(pid)?);
        let near = |a: u64, b: u64| (a.abs_diff(b) as f64) < a as f64 * SETTLED;
        let steady = matches!(looks[..], [.., a, b, c] if near(a, c) && near(b, c));
        let before = std::mem::replace(&mut used, procfs::cpu(pid)?);
        let idle = used.saturating_sub(before) < LOOK_EVERY.mul_f64(IDLE);
        if (steady && idle) || begun.elapsed() > SETTLE_WITHIN {
            return Ok(looks[looks.len() - 1]);
        }
    }
}
