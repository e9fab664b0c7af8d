//! `yingda-bench broadcast`: sends one entry to a stream that very many connections follow, and measures the time from the send until the last of them has it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::json;
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
};

use crate::{
    crowd::{self, AT_ONCE},
    hello,
    http::{Http, Identity},
    percentile::{Histogram, exact_ms},
    procfs, random, report,
    report::round,
    server::{Common, Engine, Server},
    socket::{Message, Socket},
};

/// Warm-up rounds, which are not counted.
const WARM: usize = 3;
/// How long a round may take before it is given up.
const ROUND_WITHIN: Duration = Duration::from_secs(30);
/// The pause between rounds, so that one is over before the next begins.
const PAUSE: Duration = Duration::from_millis(50);

/// Measures how one entry reaches very many connections.
#[derive(Debug, clap::Args)]
pub struct Broadcast {
    /// The number of connections that follow the stream.
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// How many entries are sent.
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// The stream that is followed.
    #[arg(long, value_enum, default_value_t = Followed::Tenant)]
    stream: Followed,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Followed {
    /// The company's stream, which every console follows; a canned reply is added.
    Tenant,
    /// One conversation, which a manager follows on every connection; its customer shows a product.
    Conversation,
}

#[derive(Debug, Serialize)]
struct Result {
    stream: Followed,
    connections: usize,
    rounds: usize,
    median_ms: f64,
    p99_ms: f64,
    best_ms: f64,
    delivery_p50_ms: f64,
    delivery_p99_ms: f64,
    lost: usize,
    duplicates: usize,
    server_cpu_us_per_delivery: f64,
    server_rss_bytes: u64,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
    load_before: f64,
}

/// What a reader reports: when the round's entry arrived. `Err` is why its connection ended.
type News = anyhow::Result<Instant>;

/// The way in which the entry is sent, and the sender's identity.
enum Sender {
    Replies { http: Http, manager: Identity },
    Conversation { http: Http, customer: Identity, conversation: String },
}

impl Sender {
    async fn send(&self, round: usize) -> anyhow::Result<()> {
        match self {
            Self::Replies { http, manager } => {
                let reply = json!({"shortcode": format!("bench-{round}"), "title": "压测", "body": {"zh": "您好", "en": "Hello"}});
                http.change(manager, "/api/v1/canned-replies", &reply).await
            }
            Self::Conversation { http, customer, conversation } => {
                let card = hello::send(conversation, random::Random::new()?.uuid(), json!({"type": "product", "product": "g-001"}));
                crowd::post(http, customer, vec![card]).await.map(drop)
            }
        }
    }
}

impl Broadcast {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        crowd::check(self.connections)?;
        if self.rounds == 0 {
            bail!("--rounds is at least 1");
        }
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.lost + result.duplicates > 0 {
            bail!("an entry was lost or doubled");
        }
        Ok(())
    }

    async fn measure(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, to) = (server.running()?, server.address());
        let http = Http::new(to)?;
        let manager = http.manager(server).await?.identity();
        let (sender, name) = match self.stream {
            Followed::Tenant => {
                let me = http.get(&manager, "/api/v1/me").await?;
                let tenant = me["tenant"]["id"].as_str().context("a company without an id")?.to_owned();
                (Sender::Replies { http, manager: manager.clone() }, tenant)
            }
            Followed::Conversation => {
                let person = crowd::gather(&http, 1).await?.pop().context("nobody came")?;
                let conversation = person.conversation.clone();
                (Sender::Conversation { http, customer: person.who, conversation: conversation.clone() }, conversation)
            }
        };
        let mut readers = self.connect(to, &manager, &name).await?;
        let (mut whole, mut each) = (Vec::new(), Histogram::default());
        let (mut lost, mut duplicates) = (0, 0);
        let mut cpu = Duration::ZERO;
        for round in 0..WARM + self.rounds {
            tokio::time::sleep(PAUSE).await;
            // Whatever arrived after the last round was over is a duplicate.
            duplicates += readers.late()?;
            let (before, begun) = (procfs::cpu(pid)?, Instant::now());
            sender.send(round).await?;
            let arrived = readers.round(self.connections).await?;
            lost += self.connections.saturating_sub(arrived.len());
            duplicates += arrived.len().saturating_sub(self.connections);
            if round < WARM {
                continue;
            }
            cpu += procfs::cpu(pid)?.saturating_sub(before);
            let last = arrived.iter().max().copied().unwrap_or(begun);
            whole.push(last.saturating_duration_since(begun));
            arrived.iter().for_each(|at| each.record(at.saturating_duration_since(begun)));
        }
        tokio::time::sleep(PAUSE).await;
        duplicates += readers.late()?;
        Ok(Result {
            stream: self.stream,
            connections: self.connections,
            rounds: self.rounds,
            median_ms: round(exact_ms(&whole, 0.5)),
            p99_ms: round(exact_ms(&whole, 0.99)),
            best_ms: round(exact_ms(&whole, 0.0)),
            delivery_p50_ms: each.ms(0.5),
            delivery_p99_ms: each.ms(0.99),
            lost,
            duplicates,
            server_cpu_us_per_delivery: round(cpu.as_micros() as f64 / (self.rounds * self.connections) as f64),
            server_rss_bytes: procfs::rss_bytes(pid)?,
            fsync_p50_ms: server.disk.ms(0.5),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
        })
    }

    async fn connect(&self, to: SocketAddr, manager: &Identity, stream: &str) -> anyhow::Result<Readers> {
        let (told, news) = mpsc::unbounded_channel();
        let (mut held, arrived, ended, enough) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        // Readers start up to date; the head is asked for only once.
        let first = crowd::connect(to, 0, manager, &hello::hello(None, &[(stream, None)]), &[r#""t":"welcome""#, r#""t":"reset""#]).await?;
        let head = crowd::reset_in(&first.seen)?;
        let mut hello = hello::hello(None, &[(stream, Some(head))]);
        hello["generation"] = first.generation;
        let mut connecting = stream::iter(0..self.connections)
            .map(|n| {
                let hello = &hello;
                async move { crowd::connect(to, n, manager, hello, &[r#""t":"welcome""#]).await }
            })
            .buffer_unordered(AT_ONCE);
        while let Some(connection) = connecting.try_next().await? {
            // Other changes may reach the company's stream during a round: only what the round sends counts.
            let kind = if stream.starts_with("tnt_") { "canned_replies_changed" } else { "message" };
            let wanted = (format!(r#"{{"t":"entries","stream":"{stream}""#), format!(r#""kind":"{kind}""#));
            let reader = Reader { told: told.clone(), arrived: arrived.clone(), ended: ended.clone(), all: self.connections, enough: enough.clone() };
            held.spawn(reader.read(connection.socket, wanted));
        }
        Ok(Readers { news, arrived, ended, enough, _held: held })
    }
}

/// All readers.
struct Readers {
    news: mpsc::UnboundedReceiver<News>,
    arrived: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    enough: Arc<Notify>,
    _held: JoinSet<()>,
}

impl Readers {
    /// Waits until every reader has the entry, or until the time limit.
    async fn round(&mut self, all: usize) -> anyhow::Result<Vec<Instant>> {
        // Woken once, by the last reader or by one whose connection ended, and not by every reader: the machine is shared with the server. A wake-up may be
        // left over from a round that was complete before it was waited for.
        let until = tokio::time::Instant::now() + ROUND_WITHIN;
        while self.arrived.load(Relaxed) < all && !self.ended.load(Relaxed) {
            if tokio::time::timeout_at(until, self.enough.notified()).await.is_err() {
                break;
            }
        }
        self.arrived.store(0, Relaxed);
        std::iter::from_fn(|| self.news.try_recv().ok()).collect()
    }

    /// The number of entries that arrived outside a round.
    fn late(&mut self) -> anyhow::Result<usize> {
        self.arrived.store(0, Relaxed);
        let late: anyhow::Result<Vec<Instant>> = std::iter::from_fn(|| self.news.try_recv().ok()).collect();
        Ok(late?.len())
    }
}

/// One reader.
struct Reader {
    told: mpsc::UnboundedSender<News>,
    arrived: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    all: usize,
    enough: Arc<Notify>,
}

impl Reader {
    async fn read(self, mut socket: Socket, wanted: (String, String)) {
        let error = loop {
            if let Err(error) = self.take(&mut socket, &wanted) {
                break error;
            }
            if let Err(error) = socket.fill().await {
                break error.into();
            }
        };
        let _ = self.told.send(Err(error.context("a connection ended")));
        self.ended.store(true, Relaxed);
        self.enough.notify_one();
    }

    fn take(&self, socket: &mut Socket, (frames, entry): &(String, String)) -> anyhow::Result<()> {
        while let Some(message) = socket.next()? {
            let Message::Text(range) = message else { bail!("closed by the server") };
            let entries: usize = socket.text(range)?.lines().filter(|line| line.starts_with(frames)).map(|line| line.matches(entry).count()).sum();
            for _ in 0..entries {
                let _ = self.told.send(Ok(Instant::now()));
                if self.arrived.fetch_add(1, Relaxed) + 1 == self.all {
                    self.enough.notify_one();
                }
            }
        }
        Ok(())
    }
}
