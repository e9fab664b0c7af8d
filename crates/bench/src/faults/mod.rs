//! `yingda-bench faults`: the server is killed in the middle of traffic, again and again, and a checker judges what everybody saw.

pub mod checker;
mod client;
pub mod history;
mod record;
mod runner;

use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde::Serialize;
use serde_json::json;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    hello,
    http::{Http, Identity},
    percentile::exact_ms,
    random::{Random, new_conversation},
    report::{self, round},
    server::{Common, Engine, Server},
    serving,
};
use client::Client;
use history::{ClientLog, Journal, View};
use runner::{Phase, Progress, Runner, Transport};

/// Acknowledgements in a round before the server is killed: at least, and up to as many more.
const ACKS: u64 = 40;
const MORE_ACKS: u64 = 300;
/// The last wait before a kill, so that it hits any point of a commit.
const AIM: Duration = Duration::from_millis(30);
/// How long clients may take to get on, and to get everything answered in the end.
const GET_ON_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Whether anything acknowledged is lost, doubled or out of order.
#[derive(Debug, clap::Args)]
pub struct Faults {
    /// Where the record lives.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// A PostgreSQL to use, with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Nodes of the server.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1))]
    nodes: u64,
    /// What happens to the server.
    #[arg(long, value_enum, default_value_t = Fault::Kill)]
    fault: Fault,
    /// How often.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// Conversations that agents serve; a quarter as many talk to the bot besides.
    #[arg(long, default_value_t = 8)]
    conversations: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// SIGKILL, and a new start on the same data and port.
    Kill,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    nodes: u64,
    fault: Fault,
    rounds: u64,
    clients: usize,
    sent: u64,
    acked: u64,
    lost: u64,
    duplicates: u64,
    gaps: u64,
    inversions: u64,
    ready_p99_ms: f64,
    recovery_p50_ms: f64,
    recovery_p99_ms: f64,
    refused: u64,
    connections: u64,
    redelivered: u64,
    skipped: u64,
    fsync_p99_ms: f64,
    load_before: f64,
    findings: Vec<String>,
    #[serde(skip)]
    clean: bool,
}

/// A conversation with somebody who may read all of it on each side.
struct Place {
    name: String,
    customer: Identity,
}

/// A client that runs, and where it stands.
struct Watched {
    conversation: usize,
    view: View,
    progress: Arc<Progress>,
}

/// Everybody who takes part.
struct Cast {
    places: Vec<Place>,
    manager: Identity,
    progress: Vec<Watched>,
    running: JoinSet<Runner>,
    phase: watch::Sender<Phase>,
    online: watch::Sender<u64>,
}

impl Faults {
    /// Breaks and judges.
    pub async fn run(self) -> anyhow::Result<()> {
        let mut server = Server::start(&self.common, self.engine, self.database_url.clone()).await?;
        let result = self.judge(&mut server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        result.findings.iter().for_each(|finding| eprintln!("found: {finding}"));
        report::print(&result, self.common.json)?;
        if !result.clean {
            bail!("the history is not clean");
        }
        Ok(())
    }

    async fn judge(&self, server: &mut Server) -> anyhow::Result<Result> {
        let mut random = Random::new()?;
        let mut cast = self.assemble(server, &mut random).await?;
        let mut ready = Vec::new();
        for round in 1..=self.rounds {
            let enough = cast.acked() + ACKS + random.below(MORE_ACKS);
            cast.until("the clients do not get on", |cast| cast.acked() >= enough).await?;
            tokio::time::sleep(random.within(AIM)).await;
            server.kill().await?;
            ready.push(server.spawn().await?);
            cast.online.send_replace(round);
        }
        let after = cast.acked() + ACKS;
        cast.until("the clients do not get on", |cast| cast.acked() >= after).await?;
        let (logs, recoveries) = cast.finish(server).await?;
        let mut journals = Vec::new();
        for place in &cast.places {
            let customer = record::read(server.address(), &place.customer, &place.name).await?;
            let staff = record::read(server.address(), &cast.manager, &place.name).await?;
            journals.push(Journal { customer, staff });
        }
        let verdict = checker::check(&logs, &journals);
        Ok(Result {
            engine: if self.engine == Engine::Sqlite { "sqlite" } else { "postgres" },
            nodes: self.nodes,
            fault: self.fault,
            rounds: self.rounds,
            clients: logs.len(),
            sent: verdict.sent,
            acked: verdict.acked,
            lost: verdict.lost,
            duplicates: verdict.duplicates,
            gaps: verdict.gaps,
            inversions: verdict.inversions,
            ready_p99_ms: round(exact_ms(&ready, 0.99)),
            recovery_p50_ms: round(exact_ms(&recoveries, 0.5)),
            recovery_p99_ms: round(exact_ms(&recoveries, 0.99)),
            refused: verdict.refused,
            connections: logs.iter().map(|log| log.connections).sum(),
            redelivered: logs.iter().map(|log| log.redelivered).sum(),
            skipped: logs.iter().map(|log| log.skipped).sum(),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
            clean: verdict.is_clean(),
            findings: verdict.findings,
        })
    }

    /// Opens the conversations and starts the clients: a visitor and an agent each, a second device of the first visitor, and visitors alone with the bot.
    async fn assemble(&self, server: &Server, random: &mut Random) -> anyhow::Result<Cast> {
        let to = server.address();
        let http = Http::new(to)?;
        let members = http.agents(server, &[self.conversations.clamp(1, 100)]).await?;
        let agents: HashMap<String, Identity> = members.iter().map(|member| (member.number.clone(), member.identity())).collect();
        for agent in agents.values() {
            serving::attend(to, agent).await?;
        }
        let manager = http.manager(server).await?.identity();
        let (mut places, mut clients) = (Vec::new(), Vec::new());
        for n in 0..self.conversations {
            let served = serving::serve(to, &http, &agents, Random::seeded(random.bits())).await?;
            clients.push(Client::new(format!("visitor {n}"), n, View::Customer, served.visitor.clone(), served.name.clone()));
            clients.push(Client::new(format!("agent {n}"), n, View::Staff, served.agent, served.name.clone()));
            if n == 0 {
                clients.push(Client::new("visitor 0, another device".to_owned(), 0, View::Customer, served.visitor.clone(), served.name.clone()));
            }
            places.push(Place { name: served.name, customer: served.visitor });
        }
        for n in self.conversations..self.conversations + self.conversations.div_ceil(4) {
            let (who, name) = (http.visitor().await?.identity(), new_conversation());
            let card = hello::open(&name, random.uuid(), json!({"type": "product", "product": "g-001"}));
            http.send(&who, &[card]).await?;
            clients.push(Client::new(format!("visitor {n}, with the bot"), n, View::Customer, who.clone(), name.clone()));
            places.push(Place { name, customer: who });
        }
        let (phase, _) = watch::channel(Phase::Talk);
        let (online, _) = watch::channel(0);
        let (mut running, mut progress) = (JoinSet::new(), Vec::new());
        for (n, client) in clients.into_iter().enumerate() {
            let seen = Arc::new(Progress::default());
            progress.push(Watched { conversation: client.log.conversation, view: client.log.view, progress: seen.clone() });
            let runner = Runner {
                client,
                home: Transport::ALL[n % 3],
                to,
                http: Http::new(to)?,
                random: Random::seeded(random.bits()),
                phase: phase.subscribe(),
                online: online.subscribe(),
                notices: random.below(2) == 0,
                progress: seen,
                recoveries: Vec::new(),
                last_end: String::new(),
            };
            running.spawn(runner.run());
        }
        Ok(Cast { places, manager, progress, running, phase, online })
    }
}

impl Cast {
    fn acked(&self) -> u64 {
        self.progress.iter().map(|p| p.progress.acked.load(Relaxed)).sum()
    }

    async fn until(&self, otherwise: &str, done: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while !done(self) {
            if begun.elapsed() > GET_ON_WITHIN {
                bail!("{otherwise}");
            }
            tick.tick().await;
        }
        Ok(())
    }

    /// Lets everybody get their answers and catch up, then sends them home.
    async fn finish(&mut self, server: &Server) -> anyhow::Result<(Vec<ClientLog>, Vec<Duration>)> {
        self.phase.send_replace(Phase::Drain);
        let answered = self.until("not everything sent was answered", |cast| cast.progress.iter().all(|p| p.progress.quiet.load(Relaxed))).await;
        // What is there now everybody has to get; the bot may say more later, and that is judged as far as it was seen.
        let mut heads = Vec::new();
        for place in &self.places {
            let customer = record::head(server.address(), &place.customer, &place.name).await?;
            heads.push((customer, record::head(server.address(), &self.manager, &place.name).await?));
        }
        let wanted = |conversation: usize, view| if view == View::Customer { heads[conversation].0 } else { heads[conversation].1 };
        // Whether everybody got there is the checker's to say; this only gives them the time.
        let _ = self.until("behind", |cast| cast.progress.iter().all(|p| p.progress.cursor.load(Relaxed) >= wanted(p.conversation, p.view))).await;
        self.phase.send_replace(Phase::Stop);
        let (mut logs, mut recoveries) = (Vec::new(), Vec::new());
        while let Some(runner) = self.running.join_next().await {
            let mut runner = runner?;
            runner.client.log.must_reach = wanted(runner.client.log.conversation, runner.client.log.view);
            if !runner.client.is_quiet() {
                eprintln!("{} waits for answers; its last connection ended: {}", runner.client.log.name, runner.last_end);
            }
            recoveries.extend(runner.recoveries);
            logs.push(runner.client.log);
        }
        answered?;
        Ok((logs, recoveries))
    }
}
