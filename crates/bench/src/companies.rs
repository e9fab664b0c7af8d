//! `yingda-bench companies`: what a company costs that nobody uses, what busy companies notice of thousands of quiet ones, and what one notices of a loud one.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;

use crate::{
    http::{Http, Identity},
    messages::load::{self, Load, Ran},
    peer::Dialect,
    procfs,
    random::Random,
    report::{self, median, round},
    server::{Common, Engine, Server},
    serving::{self, Served},
};

/// How often each comparison is repeated; its median counts.
const TIMES: usize = 3;
/// Messages a second in each busy company.
const EACH: f64 = 4.0;
/// Messages a second of the company that is disturbed by another.
const CALM: f64 = 20.0;
/// Conversations of the loud company, and the most unanswered sends of each side.
const LOUD: usize = 40;
const LOUD_IN_FLIGHT: usize = 16;
/// Companies that are added or visited at the same time.
const AT_ONCE: usize = 4;

/// Measures what companies cost that nobody uses, and what companies notice of each other.
#[derive(Debug, clap::Args)]
pub struct Companies {
    /// The storage engine of the record; a PostgreSQL is started.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// How many companies there are in all.
    #[arg(long, default_value_t = 5000)]
    count: usize,
    /// How many of them are busy.
    #[arg(long, default_value_t = 50)]
    busy: usize,
    /// Messages a second of the loud company.
    #[arg(long, default_value_t = 2000.0, value_name = "R")]
    loud: f64,
    /// How many seconds each load lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many seconds a server is watched that nobody uses; after each start it is left alone for half of them.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    watch: u64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    companies: usize,
    busy: usize,
    /// Of a company that nobody uses, after its hall was opened once.
    rss_bytes_per_company: f64,
    /// Of a company that nobody has visited since the start.
    unvisited_rss_bytes_per_company: f64,
    idle_cpu_ms_per_s: f64,
    busy_ack_p99_ratio: f64,
    noisy_ack_p99_ratio: f64,
    alone_ack_p99_ms: f64,
    among_ack_p99_ms: f64,
    rest_ack_p99_ms: f64,
    noisy_ack_p99_ms: f64,
    loud_per_s: f64,
    start_with_busy_s: f64,
    start_with_all_s: f64,
    added_per_s: f64,
    fsync_p50_ms: f64,
    fsync_p99_ms: f64,
    load_before: f64,
    durability: String,
}

/// A company that is used: its client, and its agent.
struct Company {
    http: Http,
    agents: HashMap<String, Identity>,
}

impl Companies {
    /// Runs the measurement and prints the result.
    pub async fn run(self) -> anyhow::Result<()> {
        if self.busy < 2 || self.count <= self.busy || self.seconds == 0 || self.watch == 0 || self.loud.is_nan() || self.loud <= 0.0 {
            bail!("at least 2 companies are busy and more are quiet, for at least one second each; --loud is above 0");
        }
        let mut server = Server::start(&self.common, self.engine, None).await?;
        let result = self.attempt(&mut server).await;
        let log = server.last_of_log();
        server.stop().await?;
        report::print(&result.with_context(|| log)?, self.common.json)
    }

    async fn attempt(&self, server: &mut Server) -> anyhow::Result<Result> {
        let http = Http::new(server.address())?;
        let mut busy = Vec::with_capacity(self.busy);
        for n in 0..self.busy {
            busy.push(Company::open(server, &http, n).await?);
        }
        let start_with_busy = self.restart(server).await?;
        let rss_with_busy = procfs::rss_bytes(server.running()?)? as f64;
        let alone = self.busy_ack_p99(server, &busy).await?;

        let begun = std::time::Instant::now();
        let adding = stream::iter(self.busy..self.count).map(|n| add(server, n)).buffer_unordered(AT_ONCE);
        adding.try_collect::<Vec<()>>().await?;
        let added_per_s = (self.count - self.busy) as f64 / begun.elapsed().as_secs_f64();
        let start_with_all = self.restart(server).await?;
        let pid = server.running()?;
        let each = |rss: u64| round((rss as f64 - rss_with_busy) / (self.count - self.busy) as f64);
        let unvisited_rss_bytes_per_company = each(procfs::rss_bytes(pid)?);
        let visiting = stream::iter(self.busy..self.count).map(|n| visit(&http, n)).buffer_unordered(AT_ONCE);
        visiting.try_collect::<Vec<()>>().await?;
        tokio::time::sleep(self.watch() / 2).await;
        let rss_bytes_per_company = each(procfs::rss_bytes(pid)?);
        let before = procfs::cpu(pid)?;
        tokio::time::sleep(self.watch()).await;
        let idle = procfs::cpu(pid)?.saturating_sub(before);
        let among = self.busy_ack_p99(server, &busy).await?;
        let (rest, noisy, loud) = self.noisy(server, &busy).await?;
        Ok(Result {
            engine: self.engine.name(),
            companies: self.count,
            busy: self.busy,
            rss_bytes_per_company,
            unvisited_rss_bytes_per_company,
            idle_cpu_ms_per_s: round(idle.as_secs_f64() * 1000.0 / self.watch as f64),
            busy_ack_p99_ratio: round(among / alone),
            noisy_ack_p99_ratio: round(noisy / rest),
            alone_ack_p99_ms: alone,
            among_ack_p99_ms: among,
            rest_ack_p99_ms: rest,
            noisy_ack_p99_ms: noisy,
            loud_per_s: loud,
            start_with_busy_s: round(start_with_busy.as_secs_f64()),
            start_with_all_s: round(start_with_all.as_secs_f64()),
            added_per_s: round(added_per_s),
            fsync_p50_ms: server.disk.ms(0.5),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
            durability: server.durability(),
        })
    }

    /// The 99th percentile of the acknowledgements while every busy company has one conversation, in milliseconds.
    async fn busy_ack_p99(&self, server: &Server, busy: &[Company]) -> anyhow::Result<f64> {
        let served: Vec<(&Company, Vec<Served>)> =
            stream::iter(busy).then(|company| async move { anyhow::Ok((company, company.converse(1).await?)) }).try_collect().await?;
        let mut p99 = Vec::with_capacity(TIMES);
        for run in 0..TIMES {
            let mut ends = Vec::with_capacity(served.len());
            for (company, served) in &served {
                ends.extend(load::connect(&company.http, served, 1).await?);
            }
            let load = self.load(run, 1, EACH * busy.len() as f64);
            p99.push(whole(load.run(server.running()?, ends).await?)?.tally.ack.ms(0.99));
        }
        Ok(median(&p99))
    }

    /// The same of one company alone and beside a loud one, and how many messages a second the loud one had acknowledged.
    async fn noisy(&self, server: &Server, busy: &[Company]) -> anyhow::Result<(f64, f64, f64)> {
        let [calm, loud, ..] = busy else { bail!("two companies are busy") };
        let (of_calm, of_loud) = (calm.converse(1).await?, loud.converse(LOUD).await?);
        let (pid, mut rest, mut noisy, mut rate) = (server.running()?, Vec::new(), Vec::new(), Vec::new());
        for run in 0..TIMES {
            let quietly = |run| self.load(run, 1, CALM);
            let ends = load::connect(&calm.http, &of_calm, 1).await?;
            rest.push(whole(quietly(TIMES + 2 * run).run(pid, ends).await?)?.tally.ack.ms(0.99));
            let (ends, others) = (load::connect(&calm.http, &of_calm, 1).await?, load::connect(&loud.http, &of_loud, LOUD).await?);
            let loudly = self.load(TIMES + 2 * run + 1, LOUD_IN_FLIGHT, self.loud);
            let (beside, load) = (quietly(TIMES + 2 * run + 1), &loudly);
            let (heard, made) = tokio::join!(beside.run(pid, ends), load.run(pid, others));
            noisy.push(whole(heard?)?.tally.ack.ms(0.99));
            rate.push(whole(made?)?.tally.complete_in_time as f64 / self.seconds as f64);
        }
        Ok((median(&rest), median(&noisy), round(median(&rate))))
    }

    /// Ends the server and starts it again, and leaves it alone until nothing is left over from the start; returns how long the start took.
    async fn restart(&self, server: &mut Server) -> anyhow::Result<Duration> {
        server.kill().await?;
        let took = server.spawn().await?;
        tokio::time::sleep(self.watch() / 2).await;
        Ok(took)
    }

    const fn watch(&self) -> Duration {
        Duration::from_secs(self.watch)
    }

    fn load(&self, run: usize, in_flight: usize, rate: f64) -> Load {
        Load { in_flight, seconds: self.seconds, rate: Some(rate), dialect: Dialect::Yingda, run: u16::try_from(run).unwrap_or(u16::MAX) }
    }
}

impl Company {
    /// Adds a company with its first site, and an agent who is available.
    async fn open(server: &Server, http: &Http, n: usize) -> anyhow::Result<Self> {
        add(server, n).await?;
        let http = http.of_company(&slug(n), &slug(n));
        let members = http.agents(server, &[load::CAPACITY]).await?;
        Ok(Self { agents: members.iter().map(|member| (member.number.clone(), member.identity())).collect(), http })
    }

    /// Opens conversations that the company's agent serves, who is present until the server ends.
    async fn converse(&self, conversations: usize) -> anyhow::Result<Vec<Served>> {
        for agent in self.agents.values() {
            serving::attend(&self.http, agent).await?;
        }
        let mut served = Vec::with_capacity(conversations);
        for _ in 0..conversations {
            served.push(serving::serve(&self.http, &self.agents, Random::new()?).await?);
        }
        Ok(served)
    }
}

fn slug(n: usize) -> String {
    format!("bench-{n}")
}

async fn add(server: &Server, n: usize) -> anyhow::Result<()> {
    let slug = slug(n);
    server.run(&["company", "add", "--name", &slug, "--slug", &slug]).await.map(drop)
}

/// Opens a company's hall.
async fn visit(http: &Http, n: usize) -> anyhow::Result<()> {
    let at = http.of_company(&slug(n), &slug(n));
    at.open("/").await?;
    at.open("/api/v1/hall").await
}

/// A load of which nothing is lost, doubled or out of order.
fn whole(ran: Ran) -> anyhow::Result<Ran> {
    let ran = ran.complete()?;
    if ran.tally.lost + ran.tally.duplicates + ran.tally.out_of_order > 0 {
        bail!("messages were lost, doubled or out of order");
    }
    Ok(ran)
}
