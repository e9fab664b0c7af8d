//! `yingda-bench training`: what it costs to train on usual knowledge and on the worst that is accepted, how soon a training ends that nobody waits for, and how
//! soon a server stops that trains.

mod entries;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use bot::{Entry, effort};
use serde::Serialize;

use self::entries::Kind;
use crate::{
    http::{Http, Identity},
    process, procfs,
    random::Random,
    report::{self, round},
    server::{Common, Engine, Server},
};

/// The most rows, and about the most bytes, of a file that is imported.
const ROWS: usize = 500;
const BYTES: usize = 5_000_000;
/// How often memory and threads are looked at.
const LOOK: Duration = Duration::from_millis(10);
/// The part of a training (one in so many) after which nobody waits for it.
const UNTIL_GONE: u32 = 3;
/// How long the end of a training is awaited.
const ENDS_WITHIN: Duration = Duration::from_secs(60);
/// The sentence that is tried: it trains the draft's bot.
const TRY: &str = "/api/v1/knowledge/try?text=plan";
/// What there is to learn from.
const KNOWLEDGE: &str = "/api/v1/knowledge";
/// The code with which the last of too many entries is refused.
const HEAVY: &str = "knowledge_heavy";

/// Measures trainings.
#[derive(Debug, clap::Args)]
pub struct Training {
    /// How many usual entries there are, with those of the demo.
    #[arg(long, default_value_t = 5_000)]
    entries: usize,
    /// The share of what is accepted that the worst knowledge has.
    #[arg(long, default_value_t = 1.0)]
    most: f64,
    /// Only this kind of bad knowledge.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    honest_5000_cpu_s: f64,
    worst_legal_cpu_s: f64,
    worst_legal_rss_mb: f64,
    cancelled_ms: u64,
    stopped_ms: u64,
    honest_rss_mb: f64,
    honest_entries: usize,
    /// The processor time of each kind of bad knowledge, in seconds.
    cpu_s: BTreeMap<&'static str, f64>,
    /// The memory of each kind above that of the idle server, in MB.
    rss_mb: BTreeMap<&'static str, f64>,
    load_before: f64,
}

/// What a training cost.
struct Cost {
    cpu: Duration,
    bytes: u64,
}

/// A server with a manager.
struct Bench {
    server: Server,
    http: Http,
    manager: Identity,
    idle: u64,
}

impl Training {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let bench = Bench::start(&self.common).await?;
        let load_before = bench.server.load_before;
        // Those of the demo are there already.
        let there = bench.http.get(&bench.manager, KNOWLEDGE).await?["entries"].as_u64().context("the number of entries is missing")?;
        let usual = entries::usual_entries(self.entries.saturating_sub(there as usize))?;
        bench.import(&usual).await?;
        let honest = bench.train().await?;
        bench.server.stop().await?;
        let (mut cpu_s, mut rss_mb, mut worst): (BTreeMap<_, _>, BTreeMap<_, _>, Option<(Duration, Bench)>) = Default::default();
        for kind in Kind::EACH.into_iter().filter(|kind| self.kind.is_none_or(|only| only.name() == kind.name())) {
            let bench = Bench::start(&self.common).await?;
            bench.fill(kind, self.most).await?;
            let cost = bench.train().await?;
            cpu_s.insert(kind.name(), seconds(cost.cpu));
            rss_mb.insert(kind.name(), megabytes(cost.bytes));
            let slower = match worst.take() {
                Some((cpu, other)) if cpu >= cost.cpu => {
                    bench.server.stop().await?;
                    (cpu, other)
                }
                faster => {
                    if let Some((_, other)) = faster {
                        other.server.stop().await?;
                    }
                    (cost.cpu, bench)
                }
            };
            worst = Some(slower);
        }
        let (cpu, worst) = worst.context("no kind was measured")?;
        let cancelled = worst.cancel(cpu / UNTIL_GONE).await?;
        let stopped = worst.stop(cpu / UNTIL_GONE).await?;
        let largest = |values: &BTreeMap<&str, f64>| values.values().copied().fold(0.0, f64::max);
        let result = Result {
            honest_5000_cpu_s: seconds(honest.cpu),
            worst_legal_cpu_s: largest(&cpu_s),
            worst_legal_rss_mb: largest(&rss_mb),
            cancelled_ms: milliseconds(cancelled),
            stopped_ms: milliseconds(stopped),
            honest_rss_mb: megabytes(honest.bytes),
            honest_entries: usual.len() + there as usize,
            cpu_s,
            rss_mb,
            load_before,
        };
        report::print(&result, self.common.json)
    }
}

impl Bench {
    async fn start(common: &Common) -> anyhow::Result<Self> {
        let server = Server::start(common, Engine::Sqlite, None).await?;
        let http = Http::new(server.address())?;
        let manager = http.manager(&server).await?.identity();
        let bench = Self { server, http, manager, idle: 0 };
        // The bot that customers talk to is trained first; then the server is idle.
        bench.http.get(&bench.manager, KNOWLEDGE).await?;
        bench.wait_until_quiet().await?;
        let idle = procfs::rss_bytes(bench.server.running()?)?;
        Ok(Self { idle, ..bench })
    }

    /// Writes entries into the draft; returns the code of a refusal.
    async fn write(&self, entries: &[Entry]) -> anyhow::Result<Option<String>> {
        self.http.import(&self.manager, "/api/v1/knowledge/import?apply=true", entries::table(entries)).await
    }

    /// Writes all entries, which must be accepted.
    async fn import(&self, entries: &[Entry]) -> anyhow::Result<()> {
        let mut rest = entries;
        while !rest.is_empty() {
            let bytes = rest.iter().scan(0, |sum, entry| {
                *sum += entries::table(std::slice::from_ref(entry)).len();
                Some(*sum)
            });
            let (some, others) = rest.split_at(bytes.take_while(|bytes| *bytes < BYTES).count().clamp(1, ROWS.min(rest.len())));
            if let Some(code) = self.write(some).await? {
                bail!("usual entries were refused: {code}");
            }
            rest = others;
        }
        Ok(())
    }

    /// Fills the draft with entries of a kind, until the server refuses more if it is all that is accepted.
    async fn fill(&self, kind: Kind, most: f64) -> anyhow::Result<()> {
        let mut random = Random::seeded(11);
        // The last twentieth is filled one by one: the server reads the texts in the form in which it keeps them.
        let mut room = ((effort::MOST as f64 * most * 0.95) as u64).saturating_sub(entries::demo()?.iter().map(effort::of).sum());
        // Directions are found for so many entries at most; the demo's are there already.
        let count = if matches!(kind, Kind::Directions) { 1_860 } else { 4_800 };
        let mut fits = |entry: &Entry| {
            room.checked_sub(effort::of(entry)).is_some_and(|left| {
                room = left;
                true
            })
        };
        let all: Vec<Entry> = (0..count).map(|n| kind.entry(n, &mut random)).take_while(&mut fits).collect();
        self.import(&all).await?;
        for entry in (all.len()..all.len() * 2).map(|n| kind.entry(n, &mut random)) {
            match self.write(std::slice::from_ref(&entry)).await? {
                Some(code) if code == HEAVY => break,
                Some(code) => bail!("an entry was refused: {code}"),
                None if most < 1.0 || matches!(kind, Kind::Directions) => break,
                None => {}
            }
        }
        if matches!(kind, Kind::Synonyms)
            && let Some(code) = self.http.import(&self.manager, "/api/v1/knowledge/synonyms-import?apply=true", entries::synonyms()).await?
        {
            bail!("synonyms were refused: {code}");
        }
        self.wait_until_quiet().await
    }

    /// Trains the draft's bot.
    async fn train(&self) -> anyhow::Result<Cost> {
        let pid = self.server.running()?;
        self.wait_until_quiet().await?;
        let before = procfs::cpu(pid)?;
        let mut bytes = 0;
        let mut trained = std::pin::pin!(self.http.get(&self.manager, TRY));
        loop {
            tokio::select! {
                answer = &mut trained => {
                    answer?;
                    break;
                }
                () = tokio::time::sleep(LOOK) => bytes = bytes.max(procfs::rss_bytes(pid)?),
            }
        }
        Ok(Cost { cpu: procfs::cpu(pid)?.saturating_sub(before), bytes: bytes.saturating_sub(self.idle) })
    }

    /// Changes the draft, so that it has to be trained again.
    async fn change(&self) -> anyhow::Result<()> {
        let entry = Entry {
            question: bot::Bilingual { zh: format!("问题{}", Random::new()?.uuid()), en: String::new() },
            ..Kind::Words.entry(0, &mut Random::new()?)
        };
        let entry = Entry { id: "changed".to_owned(), answer: bot::Bilingual::default(), topic: "plans".to_owned(), ..entry };
        match self.write(&[entry]).await? {
            Some(code) if code != HEAVY => bail!("an entry was refused: {code}"),
            Some(_) => self.http.change(&self.manager, "/api/v1/knowledge/synonyms", &serde_json::json!({"lang": "en", "words": [word()?, word()?]})).await,
            None => Ok(()),
        }
    }

    /// How long a training goes on when nobody waits for it any more, or when something else is to be trained.
    async fn cancel(&self, after: Duration) -> anyhow::Result<Duration> {
        self.change().await?;
        // Other companies of the demo may be training: that is not what is measured.
        self.wait_until_quiet().await?;
        {
            let mut asked = std::pin::pin!(self.http.get(&self.manager, TRY));
            if let Ok(answer) = tokio::time::timeout(after, &mut asked).await {
                answer?;
                bail!("the training was over before anything could be stopped");
            }
        }
        self.wait_until_ended().await
    }

    /// How long it takes from the signal until the server has ended that trains.
    async fn stop(self, after: Duration) -> anyhow::Result<Duration> {
        self.change().await?;
        let Self { mut server, http, manager, idle: _ } = self;
        let asked = http.get(&manager, TRY);
        let pid = server.running()?;
        let signal = async {
            tokio::time::sleep(after).await;
            process::signal("-TERM", pid).await?;
            let begun = Instant::now();
            while server.exit_status()?.is_none() {
                tokio::time::sleep(LOOK).await;
                if begun.elapsed() > ENDS_WITHIN {
                    bail!("the server goes on");
                }
            }
            Ok(begun.elapsed())
        };
        let (_, took) = tokio::join!(asked, signal);
        took
    }

    /// The time until no long computation is running.
    async fn wait_until_ended(&self) -> anyhow::Result<Duration> {
        let (pid, begun) = (self.server.running()?, Instant::now());
        while procfs::has_thread(pid, "aside")? {
            if begun.elapsed() > ENDS_WITHIN {
                bail!("a computation goes on");
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(begun.elapsed())
    }

    /// Waits until the server has computed nothing for a second.
    async fn wait_until_quiet(&self) -> anyhow::Result<()> {
        let pid = self.server.running()?;
        let begun = Instant::now();
        loop {
            let before = procfs::cpu(pid)?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            if procfs::cpu(pid)?.saturating_sub(before) < Duration::from_millis(100) && !procfs::has_thread(pid, "aside")? {
                return Ok(());
            }
            if begun.elapsed() > ENDS_WITHIN * 10 {
                bail!("the server never rests");
            }
        }
    }
}

fn word() -> anyhow::Result<String> {
    Ok(Random::new()?.uuid().to_string())
}

fn seconds(took: Duration) -> f64 {
    round(took.as_secs_f64())
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn megabytes(bytes: u64) -> f64 {
    round(bytes as f64 / 1e6)
}
