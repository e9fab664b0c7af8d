//! `yingda-bench revoke`: how soon what is revoked on one node ends on another, with Redis and after Redis was killed.
//!
//! In each round, a member's session, a program's token, a permission of a composed role and a member's role are revoked on the first node, each at a random
//! moment. Whoever had them is connected to another node by WebSocket, by a streamed response and by polling, and keeps asking its API. Every time is counted
//! from the start of the request that revokes, which is earlier than the arrival of its answer.

mod cast;
mod connections;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::future::try_join_all;
use serde::Serialize;
use tokio::sync::{Barrier, Mutex};

use self::{
    cast::{Cast, Kind},
    connections::{Connections, Ends},
};
use crate::{
    http::Http,
    postgres::Postgres,
    procfs,
    random::Random,
    redis::Redis,
    report::{self, round},
    server::{self, Before, Common, Engine, Server, Surroundings},
};

/// What is promised, in milliseconds.
const PROMISED_MS: f64 = 1_000.0;
/// How long after a revocation something may go on before the command fails.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
/// The time before a revocation is random, up to this: the time between two looks into the record.
const AT_RANDOM: Duration = Duration::from_millis(500);
/// How long nodes may take to find each other.
const JOINS_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long what was done in preparation may take to reach every node.
const SETTLE: Duration = Duration::from_secs(2);

/// Revokes sessions, roles and tokens on one node, and measures when they end on the others.
#[derive(Debug, clap::Args)]
pub struct Revoke {
    /// Servers on one PostgreSQL; what is revoked on the first is used on the others in turn.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=5))]
    nodes: u8,
    /// Rounds with Redis, and as many after it was killed.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    #[command(flatten)]
    common: Common,
}

/// The longest times until something ended, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Longest {
    websocket_ms: f64,
    sse_ms: f64,
    poll_ms: f64,
    api_ms: f64,
    /// Until the request that revokes was answered.
    answered_ms: f64,
}

impl Longest {
    /// The times of one revocation; an error if something ended before it.
    fn since(begun: Instant, answered: Instant, ends: Ends) -> anyhow::Result<Self> {
        let Ends { websocket, sse, poll, api } = ends;
        let ms = |ended: Instant, what: &str| {
            let took = ended.checked_duration_since(begun).with_context(|| format!("{what} ended before anything was revoked"))?;
            if took > ENDS_WITHIN {
                bail!("{what} ended after {} s", took.as_secs());
            }
            anyhow::Ok(round(took.as_secs_f64() * 1000.0))
        };
        Ok(Self {
            websocket_ms: ms(websocket, "a WebSocket")?,
            sse_ms: ms(sse, "a streamed response")?,
            poll_ms: ms(poll, "a poll")?,
            api_ms: ms(api, "the access to the API")?,
            answered_ms: ms(answered, "the request")?,
        })
    }
    fn raise(&mut self, to: Self) {
        let Self { websocket_ms, sse_ms, poll_ms, api_ms, answered_ms } = to;
        self.websocket_ms = self.websocket_ms.max(websocket_ms);
        self.sse_ms = self.sse_ms.max(sse_ms);
        self.poll_ms = self.poll_ms.max(poll_ms);
        self.api_ms = self.api_ms.max(api_ms);
        self.answered_ms = self.answered_ms.max(answered_ms);
    }
    /// Whether something took longer than is promised.
    const fn is_late(self) -> bool {
        let Self { websocket_ms, sse_ms, poll_ms, api_ms, answered_ms: _ } = self;
        websocket_ms.max(sse_ms).max(poll_ms).max(api_ms) > PROMISED_MS
    }
}

#[derive(Debug, Serialize)]
struct Result {
    nodes: u8,
    /// Rounds of each of the two parts.
    rounds: u32,
    /// Of both parts.
    #[serde(flatten)]
    longest: Longest,
    with_redis: Longest,
    without_redis: Longest,
    by_kind: BTreeMap<Kind, Longest>,
    seconds: f64,
    load_before: f64,
}

impl Revoke {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let (postgres, mut redis) = (Postgres::start().await?, Redis::start().await?);
        let before = Before::measure(&self.common, &std::env::temp_dir(), &server::durability(Engine::Postgres, Some(&postgres))).await?;
        let mut servers = Vec::new();
        for _ in 0..self.nodes {
            let (database_url, redis_url) = (Some(postgres.url()), Some(Redis::url_at(redis.address())));
            let mut server = Server::prepare(&self.common, Surroundings { database_url, redis_url, ..Surroundings::default() })?;
            server.spawn().await?;
            servers.push(server);
        }
        let result = self.measure(&servers, &mut redis, before.load).await;
        let logs = servers.iter().map(Server::last_of_log).collect::<Vec<_>>().join("\n");
        for server in servers {
            server.stop().await?;
        }
        redis.kill().await?;
        postgres.stop().await?;
        report::print(&result.with_context(|| logs)?, self.common.json)
    }

    async fn measure(&self, servers: &[Server], redis: &mut Redis, load_before: f64) -> anyhow::Result<Result> {
        let [first, others @ ..] = servers else { bail!("there is no server") };
        let far = others.iter().map(|server| Ok((server.address(), Http::new(server.address())?))).collect::<anyhow::Result<Vec<_>>>()?;
        wait_until_joined(servers).await?;
        let (cast, mut random, begun) = (Cast::gather(first).await?, Random::new()?, Instant::now());
        tokio::time::sleep(SETTLE).await;
        let (mut parts, mut by_kind) = ([Longest::default(); 2], BTreeMap::<Kind, Longest>::new());
        for (part, longest) in parts.iter_mut().enumerate() {
            for n in 0..self.rounds as usize {
                let n = part * self.rounds as usize + n;
                let (to, http) = &far[n % far.len()];
                let kinds = Kind::ALL.map(|kind| (kind, random.within(AT_RANDOM)));
                let (ready, turn) = (Barrier::new(Kind::ALL.len()), Mutex::new(()));
                let times = try_join_all(kinds.map(|(kind, after)| revoke_one(&cast, kind, n, (*to, http), (&ready, &turn, after))));
                for (kind, times) in Kind::ALL.into_iter().zip(times.await.with_context(|| format!("round {n}"))?) {
                    longest.raise(times);
                    by_kind.entry(kind).or_default().raise(times);
                }
            }
            // The next part begins at once, before the nodes can have noticed.
            redis.kill().await?;
        }
        let [with_redis, without_redis] = parts;
        let mut longest = with_redis;
        longest.raise(without_redis);
        let seconds = round(begun.elapsed().as_secs_f64());
        Ok(Result { nodes: self.nodes, rounds: self.rounds, longest, with_redis, without_redis, by_kind, seconds, load_before })
    }
}

/// Gives somebody access to another node, and revokes it on the first one: once everybody is connected, one after another, after this time.
async fn revoke_one(
    cast: &Cast,
    kind: Kind,
    round: usize,
    (to, far): (SocketAddr, &Http),
    (ready, turn, after): (&Barrier, &Mutex<()>, Duration),
) -> anyhow::Result<Longest> {
    let attempt = async {
        let victim = cast.prepare(kind, round, far).await?;
        let connections = Connections::open(kind, to, far, &victim.who).await?;
        let progress = connections.progress();
        ready.wait().await;
        let revoke = async {
            let turn = turn.lock().await;
            tokio::time::sleep(after).await;
            let begun = progress.begin().await;
            cast.revoke(&victim).await?;
            Ok((begun, Instant::now(), turn))
        };
        let ((begun, answered, _turn), ends) = tokio::try_join!(revoke, connections.until_ended(ENDS_WITHIN * (1 + Kind::ALL.len() as u32)))?;
        let times = Longest::since(begun, answered, ends)?;
        if times.is_late() {
            eprintln!("round {round}, {kind:?}: {}; load {}", serde_json::to_string(&times)?, procfs::load());
        }
        anyhow::Ok(times)
    };
    attempt.await.with_context(|| format!("{kind:?}"))
}

/// Waits until every node knows all of them, and Redis carries hints between them.
pub async fn wait_until_joined(servers: &[Server]) -> anyhow::Result<()> {
    let (begun, nodes) = (Instant::now(), servers.len() as f64);
    for server in servers {
        let http = Http::new(server.address())?;
        while http.metric("yingda_cluster_nodes").await? != Some(nodes) || http.metric("yingda_redis_up").await? != Some(1.0) {
            if begun.elapsed() > JOINS_WITHIN {
                bail!("the nodes do not find each other through Redis");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    Ok(())
}
