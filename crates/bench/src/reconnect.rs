//! `yingda-bench reconnect`: kills the server under traffic and restarts it, and very many clients reconnect.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    crowd::{self, AT_ONCE, Person},
    follower::{Follower, back_off},
    hello,
    http::Http,
    percentile::exact_ms,
    procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
    socket::{Message, Socket},
};

/// One in this many visitors shows products just before the server is killed.
const TALKERS: usize = 10;
/// How many products each of them shows.
const CARDS: usize = 3;
/// How long everybody may take to catch up before this gives up.
const CURRENT_WITHIN: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Measures how very many clients catch up after a restart of the server.
#[derive(Debug, clap::Args)]
pub struct Reconnect {
    /// How many clients; each is a different visitor, who follows their own stream and their own conversation.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// The percentage of clients that notice that the server is back, as browsers notice that the network is; the others wait for their back-off to end.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(0..=100), value_name = "PERCENT")]
    notices: u64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    connections: usize,
    notices: u64,
    acked_before: usize,
    ready_ms: f64,
    current_ms: f64,
    current_p50_ms: f64,
    current_p99_ms: f64,
    lost: i64,
    redelivered: u64,
    attempts: u64,
    server_cpu_us_per_connection: f64,
    server_rss_bytes: u64,
    fsync_p99_ms: f64,
    load_before: f64,
}

/// What the clients share.
struct Board {
    /// The life of the server; the first is 0.
    life: AtomicU64,
    /// How many clients are current in this life.
    current: AtomicUsize,
    attempts: AtomicU64,
}

/// A running client.
struct Client {
    n: usize,
    follower: Follower,
    to: SocketAddr,
    random: Random,
    board: Arc<Board>,
    online: watch::Receiver<bool>,
    over: watch::Receiver<bool>,
    notices: bool,
    /// When it became current in the second life.
    current_at: Option<Instant>,
}

impl Reconnect {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        crowd::check(self.connections)?;
        let mut server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&mut server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.lost > 0 {
            bail!("entries were lost");
        }
        Ok(())
    }

    async fn measure(&self, server: &mut Server) -> anyhow::Result<Result> {
        let to = server.address();
        let http = Http::new(to)?;
        let people = crowd::gather(&http, self.connections).await?;
        let board = Arc::new(Board { life: AtomicU64::new(0), current: AtomicUsize::new(0), attempts: AtomicU64::new(0) });
        let ((online, notice), (over, end)) = (watch::channel(false), watch::channel(false));
        let (mut running, mut random) = (JoinSet::new(), Random::new()?);
        let mut connecting = stream::iter(people.iter().cloned().enumerate()).map(|(n, person)| first(to, n, person)).buffer_unordered(AT_ONCE);
        while let Some((n, follower, socket)) = connecting.try_next().await? {
            let client = Client {
                n,
                follower,
                to,
                random: Random::seeded(random.bits()),
                board: board.clone(),
                online: notice.clone(),
                over: end.clone(),
                notices: random.below(100) < self.notices,
                current_at: None,
            };
            running.spawn(client.run(socket));
        }
        drop(connecting);
        let acked = talk(&http, &people).await?;
        server.kill().await?;
        board.life.store(1, Relaxed);
        board.attempts.store(0, Relaxed);
        let ready = server.spawn().await?;
        let ready_at = Instant::now();
        online.send_replace(true);
        let pid = server.running()?;
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while board.current.load(Relaxed) < self.connections {
            tick.tick().await;
            if ready_at.elapsed() > CURRENT_WITHIN {
                bail!("only {} of {} clients are current {CURRENT_WITHIN:?} after the server was ready", board.current.load(Relaxed), self.connections);
            }
        }
        let (cpu, rss) = (procfs::cpu(pid)?, procfs::rss_bytes(pid)?);
        over.send_replace(true);
        let (mut lost, mut redelivered, mut times) = (0, 0, Vec::new());
        while let Some(client) = running.join_next().await {
            let client = client?;
            redelivered += client.follower.redelivered;
            lost += acked.get(&client.n).map_or(0, |seq| (seq - client.follower.cursor()).max(0));
            times.push(client.current_at.context("a client was never current")?.saturating_duration_since(ready_at));
        }
        Ok(Result {
            connections: self.connections,
            notices: self.notices,
            acked_before: acked.len() * CARDS,
            ready_ms: round(ready.as_secs_f64() * 1000.0),
            current_ms: round(exact_ms(&times, 1.0)),
            current_p50_ms: round(exact_ms(&times, 0.5)),
            current_p99_ms: round(exact_ms(&times, 0.99)),
            lost,
            redelivered,
            attempts: board.attempts.load(Relaxed),
            server_cpu_us_per_connection: round(cpu.as_micros() as f64 / self.connections as f64),
            server_rss_bytes: rss,
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
        })
    }
}

/// Connects a client that has no state, and brings it up to date.
async fn first(to: SocketAddr, n: usize, person: Person) -> anyhow::Result<(usize, Follower, Socket)> {
    let mut follower = Follower::new(person);
    let mut socket = Socket::connect(to, Some(crowd::address(n)), "").await?;
    socket.queue(&follower.hello().to_string());
    while !follower.is_current() {
        let text = socket.receive().await?.context("the server closed a connection")?;
        text.lines().try_for_each(|line| follower.take(line))?;
    }
    Ok((n, follower, socket))
}

/// Some of the visitors show products on another device; returns the last number that was acknowledged to each.
async fn talk(http: &Http, people: &[Person]) -> anyhow::Result<HashMap<usize, i64>> {
    let mut random = Random::new()?;
    let talkers = people.iter().enumerate().step_by(TALKERS).map(|(n, person)| {
        let card = |id| hello::send(&person.conversation, id, json!({"type": "product", "product": "g-001"}));
        let frames = (0..CARDS).map(|_| card(random.uuid())).collect();
        async move {
            let stored = crowd::post(http, &person.who, frames).await?;
            anyhow::Ok((n, stored.last().copied().context("nothing was acknowledged")?))
        }
    });
    stream::iter(talkers).buffer_unordered(AT_ONCE).try_collect().await
}

impl Client {
    /// Runs until the measurement is over, and returns itself.
    async fn run(mut self, socket: Socket) -> Self {
        let mut over = self.over.clone();
        let over = async move {
            if over.wait_for(|over| *over).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            never = self.live(socket) => match never {},
            () = over => self,
        }
    }

    async fn live(&mut self, socket: Socket) -> Infallible {
        let (mut life, mut attempt, mut connection) = (0, 0, Some(socket));
        loop {
            if let Some(socket) = connection.take() {
                // Ends when the connection does.
                let _ = self.read(socket, life).await;
                if self.follower.is_current() {
                    attempt = 0;
                }
            }
            let wait = back_off(attempt, &mut self.random);
            attempt += 1;
            let known = *self.online.borrow();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = self.online.changed(), if self.notices && !known => attempt = 0,
            }
            life = self.board.life.load(Relaxed);
            self.board.attempts.fetch_add(1, Relaxed);
            connection = Socket::connect(self.to, Some(crowd::address(self.n)), "").await.ok();
            if let Some(socket) = &mut connection {
                socket.queue(&self.follower.hello().to_string());
            }
        }
    }

    async fn read(&mut self, mut socket: Socket, life: u64) -> anyhow::Result<()> {
        loop {
            socket.flush().await?;
            socket.fill().await?;
            while let Some(message) = socket.next()? {
                let Message::Text(range) = message else { bail!("closed by the server") };
                for line in socket.text(range)?.lines() {
                    self.follower.take(line)?;
                }
            }
            if life > 0 && self.current_at.is_none() && self.follower.is_current() {
                self.current_at = Some(Instant::now());
                self.board.current.fetch_add(1, Relaxed);
            }
        }
    }
}
