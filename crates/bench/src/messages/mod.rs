//! `yingda-bench messages`: measures messages that are stored, acknowledged and delivered.

mod fill;
pub mod load;
mod pair;
pub mod scan;
pub mod tally;
mod written;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use serde::Serialize;

use crate::{
    http::Http,
    peer::{self, Dialect, Kind, Peer},
    procfs,
    report::{self, round},
    server::{Common, Engine, Server},
};
use load::{Load, Ran};
use written::{Meter, Written};

/// The most unanswered sends per connection that the server accepts.
const MOST_IN_FLIGHT: usize = 64;
/// After filling, the server has caught up when it uses less than this fraction of a processor between two samples.
const CALM: f64 = 0.05;
const LOOK_EVERY: Duration = Duration::from_secs(1);
const CALM_WITHIN: u32 = 300;

/// Measures messages that are stored, acknowledged and delivered.
#[derive(Debug, clap::Args)]
pub struct Messages {
    /// The storage engine of the record.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// An existing PostgreSQL with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Pairs of a customer's and an agent's socket that talk to each other.
    #[arg(long, default_value_t = 10)]
    pairs: usize,
    /// Unanswered sends per socket, at most 64.
    #[arg(long, default_value_t = 1)]
    in_flight: usize,
    /// Conversations in the store: if fewer than pairs, several pairs share one; if more, the rest have ended before the load. By default, one per pair.
    #[arg(long, value_name = "N")]
    conversations: Option<usize>,
    /// Messages in the conversations that have ended before the load, in all.
    #[arg(long, value_name = "M", default_value_t = 0)]
    stored: u64,
    /// Messages a second over all sockets; otherwise as fast as the answers arrive.
    #[arg(long, value_name = "R", visible_alias = "paced")]
    rate: Option<f64>,
    /// How many seconds to send.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[command(flatten)]
    peer: peer::Choice,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    pairs: usize,
    in_flight: usize,
    conversations: usize,
    stored_before: u64,
    #[serde(flatten)]
    figures: Figures,
    server_rss_bytes: u64,
    wal_bytes_per_message: Option<f64>,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
    load_before: f64,
    busy: u64,
    resets: u64,
    redelivered: u64,
    skipped: u64,
    durability: String,
    #[serde(flatten)]
    beside: Option<Beside>,
}

/// What is measured on any server.
#[derive(Debug, Serialize)]
struct Figures {
    sent: u64,
    acked: u64,
    delivered: u64,
    lost: u64,
    duplicates: u64,
    out_of_order: u64,
    refused: u64,
    throughput_per_s: f64,
    ack_p50_ms: f64,
    ack_p99_ms: f64,
    delivery_p50_ms: f64,
    delivery_p99_ms: f64,
    server_cpu_us_per_message: f64,
    server_cpu_cores: f64,
    database_cpu_us_per_message: Option<f64>,
}

/// The peer's figures under the same load, and the ratio of our throughput to the peer's.
#[derive(Debug, Serialize)]
struct Beside {
    peer: Kind,
    peer_version: String,
    peer_durability: String,
    peer_throughput_per_s: f64,
    ratio: f64,
    compared: String,
    peer_sent: u64,
    peer_acked: u64,
    peer_delivered: u64,
    peer_lost: u64,
    peer_duplicates: u64,
    peer_out_of_order: u64,
    peer_ack_p50_ms: f64,
    peer_ack_p99_ms: f64,
    peer_delivery_p50_ms: f64,
    peer_delivery_p99_ms: f64,
    peer_server_cpu_us_per_message: f64,
    peer_database_cpu_us_per_message: Option<f64>,
    peer_server_rss_bytes: u64,
}

impl Figures {
    fn of(ran: &Ran, written: Written, seconds: u64) -> Self {
        let (tally, seconds) = (&ran.tally, seconds as f64);
        let each = |cpu: Duration| round(cpu.as_micros() as f64 / tally.complete_in_time.max(1) as f64);
        Self {
            sent: tally.sent,
            acked: tally.acked,
            delivered: tally.delivered,
            lost: tally.lost,
            duplicates: tally.duplicates,
            out_of_order: tally.out_of_order,
            refused: tally.refused,
            throughput_per_s: round(tally.complete_in_time as f64 / seconds),
            ack_p50_ms: tally.ack.ms(0.5),
            ack_p99_ms: tally.ack.ms(0.99),
            delivery_p50_ms: tally.delivery.ms(0.5),
            delivery_p99_ms: tally.delivery.ms(0.99),
            server_cpu_us_per_message: each(ran.cpu),
            server_cpu_cores: round(ran.cpu.as_secs_f64() / seconds),
            database_cpu_us_per_message: written.database_cpu.map(each),
        }
    }
}

impl Messages {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let peer = self.check()?;
        let server = Server::start(&self.common, self.engine, self.database_url.clone()).await?;
        let result = self.ours(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let mut result = result.with_context(|| log)?;
        if let Some((kind, program)) = peer {
            let peer = Peer::start(kind, &program).await?;
            let beside = self.theirs(kind, &peer, &result).await;
            peer.stop().await?;
            result.beside = Some(beside?);
        }
        report::print(&result, self.common.json)?;
        let Figures { lost, duplicates, out_of_order, .. } = result.figures;
        if lost + duplicates + out_of_order > 0 {
            bail!("messages were lost, doubled or out of order");
        }
        Ok(())
    }

    /// Checks, before anything is started, that the settings fit together.
    fn check(&self) -> anyhow::Result<Option<(Kind, PathBuf)>> {
        if self.pairs == 0 || self.conversations == Some(0) || self.seconds == 0 || self.in_flight == 0 || self.in_flight > MOST_IN_FLIGHT {
            bail!("there is at least one pair, conversation and second, and 1 to {MOST_IN_FLIGHT} sends in flight");
        }
        if self.rate.is_some_and(|rate| rate.is_nan() || rate <= 0.0) {
            bail!("a rate is above 0");
        }
        if self.stored > 0 && self.conversations.is_none_or(|conversations| conversations <= self.pairs) {
            bail!("--stored goes with more --conversations than --pairs: the messages are in those that have been before");
        }
        let peer = self.peer.check()?;
        if peer.is_some() && (self.conversations.is_some() || self.database_url.is_some()) {
            bail!("--peer goes without --conversations, --stored and --database-url: a peer has a room for each pair, and an empty database of its own");
        }
        Ok(peer)
    }

    const fn load(&self, dialect: Dialect) -> Load {
        Load { in_flight: self.in_flight, seconds: self.seconds, rate: self.rate, dialect, run: 0 }
    }

    async fn ours(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, to) = (server.running()?, server.address());
        let conversations = self.conversations.unwrap_or(self.pairs);
        let served = conversations.min(self.pairs);
        if conversations > served {
            load_store(to, pid, conversations - served, self.stored).await?;
        }
        let served = load::prepare(server, served, load::CAPACITY).await?;
        let ends = load::connect(&Http::new(to)?, &served, self.pairs).await?;
        let meter = match server.database_url() {
            Some(url) => Meter::postgres(url).await?,
            None => Meter::sqlite(&server.data()),
        };
        let ran = self.load(Dialect::Yingda).run(pid, ends).await?.complete()?;
        let written = meter.finish().await?;
        let messages = ran.tally.acked.max(1) as f64;
        Ok(Result {
            engine: if self.engine == Engine::Sqlite { "sqlite" } else { "postgres" },
            pairs: self.pairs,
            in_flight: self.in_flight,
            conversations,
            stored_before: self.stored,
            figures: Figures::of(&ran, written, self.seconds),
            server_rss_bytes: ran.rss,
            wal_bytes_per_message: written.wal_bytes.map(|bytes| round(bytes as f64 / messages)),
            fsync_p50_ms: server.disk.ms(0.5),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
            busy: ran.incidents.busy,
            resets: ran.incidents.resets,
            redelivered: ran.incidents.redelivered,
            skipped: ran.incidents.skipped,
            durability: server.durability(),
            beside: None,
        })
    }

    async fn theirs(&self, kind: Kind, peer: &Peer, ours: &Result) -> anyhow::Result<Beside> {
        let ends = load::enter(peer, self.pairs).await?;
        let meter = match peer.database_url() {
            Some(url) => Meter::postgres(url).await?,
            None => Meter::Nothing,
        };
        let ran = self.load(peer.dialect).run(peer.pid()?, ends).await?.complete().context("the peer")?;
        let written = meter.finish().await?;
        let theirs = Figures::of(&ran, written, self.seconds);
        let pace = if self.rate.is_some() { "the same pace" } else { "as fast as the answers come" };
        let level = |durability: &str| durability.split(':').next().unwrap_or_default().to_owned();
        let (ours_is, theirs_is) = (level(&ours.durability), level(&peer.durability));
        Ok(Beside {
            peer: kind,
            peer_version: peer.version.clone(),
            peer_durability: peer.durability.clone(),
            peer_throughput_per_s: theirs.throughput_per_s,
            ratio: round(ours.figures.throughput_per_s / theirs.throughput_per_s.max(0.01)),
            compared: format!(
                "ours on {} ({ours_is}) with {} ({theirs_is}): the same words, {} pairs, {} in flight, {pace}, one after the other on the same processors",
                ours.engine, peer.version, self.pairs, self.in_flight
            ),
            peer_sent: theirs.sent,
            peer_acked: theirs.acked,
            peer_delivered: theirs.delivered,
            peer_lost: theirs.lost,
            peer_duplicates: theirs.duplicates,
            peer_out_of_order: theirs.out_of_order,
            peer_ack_p50_ms: theirs.ack_p50_ms,
            peer_ack_p99_ms: theirs.ack_p99_ms,
            peer_delivery_p50_ms: theirs.delivery_p50_ms,
            peer_delivery_p99_ms: theirs.delivery_p99_ms,
            peer_server_cpu_us_per_message: theirs.server_cpu_us_per_message,
            peer_database_cpu_us_per_message: theirs.database_cpu_us_per_message,
            peer_server_rss_bytes: ran.rss,
        })
    }
}

/// Fills the store, and waits until the server has caught up with what is derived from it.
async fn load_store(to: std::net::SocketAddr, pid: u32, conversations: usize, messages: u64) -> anyhow::Result<()> {
    let begun = std::time::Instant::now();
    fill::fill(&Http::new(to)?, conversations, messages).await?;
    let mut before = procfs::cpu(pid)?;
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.tick().await;
    for _ in 0..CALM_WITHIN {
        tick.tick().await;
        let now = procfs::cpu(pid)?;
        if now.saturating_sub(before).as_secs_f64() < CALM * LOOK_EVERY.as_secs_f64() {
            break;
        }
        before = now;
    }
    eprintln!("filled: {conversations} conversations with {messages} messages in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}
