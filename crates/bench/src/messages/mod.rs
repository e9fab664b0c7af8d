//! `yingda-bench messages`: messages that are stored, acknowledged and delivered.

mod pair;
mod scan;
mod tally;

use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    http::{Http, Identity},
    procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
    serving::{self, End, Served},
};
use pair::{Incidents, Pair, Plan};
use tally::{Pace, Tally};

/// Conversations one agent serves at most.
const CAPACITY: usize = 100;
/// Conversations and sockets made at the same time before the load.
const AT_ONCE: usize = 16;
/// Sends in flight per connection that the server takes.
const MOST_IN_FLIGHT: usize = 64;
/// Between the last preparation and the first message.
const LEAD: Duration = Duration::from_millis(200);

/// Messages that are stored, acknowledged and delivered.
#[derive(Debug, clap::Args)]
pub struct Messages {
    /// Where the record lives.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// A PostgreSQL to use, with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Pairs of a customer's and an agent's socket that talk to each other.
    #[arg(long, default_value_t = 10)]
    pairs: usize,
    /// Sends without an answer per socket, at most 64.
    #[arg(long, default_value_t = 1)]
    in_flight: usize,
    /// Conversations: fewer than pairs are shared by several, more stay quiet; otherwise one each.
    #[arg(long, value_name = "N")]
    conversations: Option<usize>,
    /// Messages a second over all sockets; otherwise as fast as the answers come.
    #[arg(long, value_name = "R")]
    rate: Option<f64>,
    /// How long to send.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    pairs: usize,
    in_flight: usize,
    conversations: usize,
    sent: u64,
    acked: u64,
    delivered: u64,
    lost: u64,
    duplicates: u64,
    out_of_order: u64,
    throughput_per_s: f64,
    ack_p50_ms: f64,
    ack_p99_ms: f64,
    delivery_p50_ms: f64,
    delivery_p99_ms: f64,
    server_cpu_us_per_message: f64,
    server_cpu_cores: f64,
    server_rss_bytes: u64,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
    load_before: f64,
    refused: u64,
    busy: u64,
    resets: u64,
    redelivered: u64,
    skipped: u64,
}

impl Messages {
    /// Measures.
    pub async fn run(self) -> anyhow::Result<()> {
        let conversations = self.conversations.unwrap_or(self.pairs);
        if self.pairs == 0 || conversations == 0 || self.seconds == 0 || self.in_flight == 0 || self.in_flight > MOST_IN_FLIGHT {
            bail!("there is at least one pair, conversation and second, and 1 to {MOST_IN_FLIGHT} sends in flight");
        }
        if self.rate.is_some_and(|rate| rate.is_nan() || rate <= 0.0) {
            bail!("a rate is above 0");
        }
        let server = Server::start(&self.common, self.engine, self.database_url.clone()).await?;
        let result = self.measure(&server, conversations).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.lost + result.duplicates + result.out_of_order > 0 {
            bail!("messages were lost, doubled or out of order");
        }
        Ok(())
    }

    async fn measure(&self, server: &Server, conversations: usize) -> anyhow::Result<Result> {
        let (pid, to) = (server.running()?, server.address());
        let served = prepare(server, conversations).await?;
        let (ends, mut random) = (connect(to, &served, self.pairs).await?, Random::new()?);
        let begin = Instant::now() + LEAD;
        let until = begin + Duration::from_secs(self.seconds);
        tokio::time::sleep_until(begin.into()).await;
        let cpu = procfs::cpu(pid)?;
        let mut running = JoinSet::new();
        for (n, (visitor, agent)) in ends.into_iter().enumerate() {
            // Each sender has its own place in the period, so that a rate is a rate and not bursts of everybody.
            let pace = self.rate.map(|rate| {
                let period = Duration::from_secs_f64(2.0 * self.pairs as f64 / rate);
                [Pace::new(begin + random.within(period), period), Pace::new(begin + random.within(period), period)]
            });
            let plan = Plan { in_flight: self.in_flight, until, pace };
            running.spawn(Pair::new(n, &served[n % served.len()].name, visitor, agent, plan).run());
        }
        tokio::time::sleep_until(until.into()).await;
        let cpu = procfs::cpu(pid)?.saturating_sub(cpu);
        let rss = procfs::rss_bytes(pid)?;
        let (mut tally, mut incidents) = (Tally::default(), Incidents::default());
        while let Some(done) = running.join_next().await {
            let (one, seen) = done??;
            tally.add(&one);
            incidents.busy += seen.busy;
            incidents.resets += seen.resets;
            incidents.redelivered += seen.redelivered;
            incidents.skipped += seen.skipped;
        }
        let seconds = self.seconds as f64;
        Ok(Result {
            engine: if self.engine == Engine::Sqlite { "sqlite" } else { "postgres" },
            pairs: self.pairs,
            in_flight: self.in_flight,
            conversations,
            sent: tally.sent,
            acked: tally.acked,
            delivered: tally.delivered,
            lost: tally.lost,
            duplicates: tally.duplicates,
            out_of_order: tally.out_of_order,
            throughput_per_s: round(tally.complete_in_time as f64 / seconds),
            ack_p50_ms: tally.ack.ms(0.5),
            ack_p99_ms: tally.ack.ms(0.99),
            delivery_p50_ms: tally.delivery.ms(0.5),
            delivery_p99_ms: tally.delivery.ms(0.99),
            server_cpu_us_per_message: round(cpu.as_micros() as f64 / tally.complete_in_time.max(1) as f64),
            server_cpu_cores: round(cpu.as_secs_f64() / seconds),
            server_rss_bytes: rss,
            fsync_p50_ms: server.disk.ms(0.5),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
            refused: tally.refused,
            busy: incidents.busy,
            resets: incidents.resets,
            redelivered: incidents.redelivered,
            skipped: incidents.skipped,
        })
    }
}

/// Puts agents to work and opens the conversations.
async fn prepare(server: &Server, conversations: usize) -> anyhow::Result<Vec<Served>> {
    let to = server.address();
    let http = Http::new(to)?;
    let members = http.agents(server, &vec![CAPACITY; conversations.div_ceil(CAPACITY)]).await?;
    let agents: HashMap<String, Identity> = members.iter().map(|member| (member.number.clone(), member.identity())).collect();
    for agent in agents.values() {
        serving::attend(to, agent).await?;
    }
    let mut random = Random::new()?;
    let mut seed = || Random::seeded(random.bits());
    // The first waits until the agents count as present; the others are assigned at once.
    let mut served = vec![serving::serve(to, &http, &agents, seed()).await?];
    let others = stream::iter((1..conversations).map(|_| serving::serve(to, &http, &agents, seed()))).buffer_unordered(AT_ONCE);
    served.extend(others.try_collect::<Vec<Served>>().await?);
    Ok(served)
}

async fn connect(to: SocketAddr, served: &[Served], pairs: usize) -> anyhow::Result<Vec<(End, End)>> {
    let pair = |n: usize| {
        let served = &served[n % served.len()];
        async move { Ok::<_, anyhow::Error>((serving::follow(to, &served.visitor, &served.name).await?, serving::follow(to, &served.agent, &served.name).await?)) }
    };
    stream::iter((0..pairs).map(pair)).buffered(AT_ONCE).try_collect().await
}
