//! `yingda-bench routing`: whether everybody who asks for a person gets one agent, in turn, while no agent gets too many and none is idle, and what a decision costs.
//!
//! Customers arrive faster than the agents can serve them, so that a line forms; agents accept what is offered after a few seconds or miss it, reply, and settle it
//! after a while. What is judged is the record ([`judge`]), and for the estimates what the customers were told.

mod agent;
mod course;
mod customer;
mod judge;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, future::try_join_all, stream};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use self::{
    course::{Course, States},
    judge::{Findings, judge},
};
use crate::{
    http::{Http, Identity, Member},
    postgres::Postgres,
    procfs,
    random::Random,
    redis::Redis,
    report::{self, median, round},
    revoke,
    server::{self, Before, Common, Engine, Server, Surroundings},
};

/// The most agents who are on duty; all others are offline.
const ON_DUTY: usize = 300;
/// How long an agent has to accept an offer, in seconds.
pub const ACCEPT_WITHIN_S: u64 = 30;
/// An agent accepts after a random time, up to this.
pub const ACCEPTS_WITHIN: Duration = Duration::from_secs(5);
/// One of so many offers is missed.
pub const MISSES_ONE_OF: u64 = 20;
/// A conversation is settled after a random time between these.
pub const SERVED: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(30));
/// How much faster customers arrive than they can be served, unless `--rate` says how fast.
const OVERLOAD: f64 = 1.2;
/// Things that are prepared at the same time.
const AT_ONCE: usize = 4;
/// How long the server is watched before anybody arrives, which is taken off what the decisions cost.
const IDLE: Duration = Duration::from_secs(5);
/// How long after the last arrival everybody must have been served, beside what the line in front of them takes.
const DRAINS_WITHIN: Duration = Duration::from_secs(300);
/// The most streams in one hello.
const STREAMS: usize = 400;

/// Measures who gets which conversation: whether in turn, never too many, never two, and what a decision costs.
#[derive(Debug, clap::Args)]
pub struct Routing {
    /// How many agents there are, of whom at most 300 are on duty.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=20_000))]
    agents: u16,
    /// How many conversations an agent serves at once.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    capacity: u8,
    /// How many customers ask for a person.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    arrivals: u32,
    /// How many of them a second; by default a fifth more than can be served.
    #[arg(long, value_name = "PER_S")]
    rate: Option<f64>,
    /// How the queue chooses the agent.
    #[arg(long, value_enum, default_value_t = Rule::Balanced)]
    rule: Rule,
    /// Servers on one record; two need PostgreSQL.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    nodes: u8,
    /// The storage engine of the record; a PostgreSQL is started.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    #[command(flatten)]
    common: Common,
}

/// The order in which a queue chooses agents.
#[derive(Debug, Clone, Copy, clap::ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// The one who serves the fewest.
    Balanced,
    /// The one whose last conversation is longest ago.
    RoundRobin,
}

#[derive(Debug, Serialize)]
struct Result {
    agents: u16,
    on_duty: usize,
    arrivals: u32,
    per_s: f64,
    rule: Rule,
    nodes: u8,
    engine: &'static str,
    #[serde(flatten)]
    findings: Findings,
    /// The middle one of how far the first estimate that a customer was told was from how long they still waited, as a part of that.
    eta_error_median: f64,
    /// How many customers were told an estimate.
    eta_told: usize,
    /// What the servers and their PostgreSQL used for each offer or assignment, with everything that goes along with it: sockets, entries, rows of lists.
    decision_cpu_us: f64,
    seconds: f64,
    load_before: f64,
}

/// The servers, and what they run on.
struct Installation {
    servers: Vec<Server>,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Routing {
    /// Runs the measurement and prints the result; fails if somebody got too many, nobody, or two.
    pub async fn run(self) -> anyhow::Result<()> {
        if self.nodes > 1 && self.engine == Engine::Sqlite {
            bail!("--nodes 2 needs --engine postgres: SQLite is of one server");
        }
        if self.rate.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
            bail!("--rate is above 0");
        }
        let (installation, before) = Installation::start(&self).await?;
        let result = self.measure(&installation, before.load).await;
        let logs = installation.servers.iter().map(Server::last_of_log).collect::<Vec<_>>().join("\n");
        installation.stop().await?;
        let result = result.with_context(|| logs)?;
        report::print(&result, self.common.json)?;
        if result.findings.is_wrong() {
            bail!("somebody got too many, nobody, or two");
        }
        Ok(())
    }

    fn on_duty(&self) -> usize {
        usize::from(self.agents).min(ON_DUTY)
    }

    /// Customers a second: what the agents can serve, and a fifth more.
    fn per_s(&self) -> f64 {
        let served = (SERVED.0 + SERVED.1 + ACCEPTS_WITHIN).as_secs_f64() / 2.0;
        self.rate.unwrap_or(OVERLOAD * (self.on_duty() * usize::from(self.capacity)) as f64 / served)
    }

    async fn measure(&self, installation: &Installation, load_before: f64) -> anyhow::Result<Result> {
        let nodes = installation.servers.iter().map(|server| Http::new(server.address())).collect::<anyhow::Result<Vec<_>>>()?;
        let [first, ..] = installation.servers.as_slice() else { bail!("there is no server") };
        let manager = nodes[0].administrator(first).await?.identity();
        self.set_rules(&nodes[0], &manager).await?;
        let members = self.staff(first, &nodes[0]).await?;
        let mut random = Random::new()?;
        let mut agents = JoinSet::new();
        for (n, member) in members.iter().enumerate() {
            agents.spawn(agent::work(nodes[n % nodes.len()].clone(), member.clone(), Random::seeded(random.bits())));
        }
        // Until an agent counts as present, nothing is offered to them.
        tokio::time::sleep(IDLE).await;
        let idle = installation.cpu()?;
        tokio::time::sleep(IDLE).await;
        let (begun, before) = (Instant::now(), installation.cpu()?);
        let told = self.arrive(&nodes, &mut random, &mut agents).await?;
        let (seconds, used) = (begun.elapsed().as_secs_f64(), installation.cpu()?.saturating_sub(before));
        let names: Vec<&str> = told.iter().map(|told| told.conversation.as_str()).collect();
        let courses = self.read(&nodes[0], &manager, &names, &members).await?;
        let states = states(&nodes[0], &manager, &members).await?;
        agents.shutdown().await;
        let findings = judge(&courses, &states, i64::from(self.capacity));
        let idle = before.saturating_sub(idle).as_secs_f64() * seconds / IDLE.as_secs_f64();
        let errors: Vec<f64> = told.iter().filter_map(customer::Told::error).collect();
        Ok(Result {
            agents: self.agents,
            on_duty: members.len(),
            arrivals: self.arrivals,
            per_s: round(self.per_s()),
            rule: self.rule,
            nodes: self.nodes,
            engine: self.engine.name(),
            decision_cpu_us: round((used.as_secs_f64() - idle).max(0.0) * 1e6 / (findings.decisions.max(1)) as f64),
            findings,
            eta_error_median: round(median(&errors)),
            eta_told: errors.len(),
            seconds: round(seconds),
            load_before,
        })
    }

    /// Every queue offers for half a minute, and chooses as `--rule` says.
    async fn set_rules(&self, http: &Http, who: &Identity) -> anyhow::Result<()> {
        let queues = http.get(who, "/api/v1/queues").await?;
        for queue in queues["items"].as_array().into_iter().flatten() {
            let rules = json!({"order": self.rule, "accept_within_s": ACCEPT_WITHIN_S});
            let path = format!("/api/v1/queues/{}", queue["id"].as_str().unwrap_or_default());
            http.request(Method::PATCH, who, &path, Some(&json!({"seen": queue["updated_at"], "rules": rules}))).await?;
        }
        Ok(())
    }

    /// Adds the agents; those who are on duty are signed in and available.
    async fn staff(&self, server: &Server, http: &Http) -> anyhow::Result<Vec<Member>> {
        let on_duty = self.on_duty();
        let capacity = [usize::from(self.capacity)];
        let working = stream::iter(0..on_duty).map(|n| async move { http.more_agents(server, n, &capacity).await });
        let working: Vec<Vec<Member>> = working.buffered(AT_ONCE).try_collect().await?;
        let others = stream::iter(on_duty..usize::from(self.agents)).map(|n| http.absent_agent(server, n));
        others.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        Ok(working.into_iter().flatten().collect())
    }

    /// Lets the customers come, one after another, and waits until all are served; returns what each was told.
    async fn arrive(&self, nodes: &[Http], random: &mut Random, agents: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<Vec<customer::Told>> {
        let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / self.per_s()));
        let mut customers = JoinSet::new();
        for n in 0..self.arrivals as usize {
            tick.tick().await;
            customers.spawn(customer::wait(nodes[n % nodes.len()].clone(), Random::seeded(random.bits())));
        }
        let work = f64::from(self.arrivals) / self.per_s() * OVERLOAD;
        let until = tokio::time::Instant::now() + DRAINS_WITHIN + Duration::from_secs_f64(work);
        let mut told = Vec::with_capacity(customers.len());
        while !customers.is_empty() {
            tokio::select! {
                one = customers.join_next() => told.extend(one.transpose()?.transpose()?),
                Some(ended) = agents.join_next() => {
                    ended??;
                    bail!("an agent's connection ended");
                }
                () = tokio::time::sleep_until(until) => {
                    eprintln!("{} customers are still waiting", customers.len());
                    break;
                }
            }
        }
        Ok(told)
    }

    /// What the record says of each conversation.
    async fn read(&self, http: &Http, who: &Identity, names: &[&str], members: &[Member]) -> anyhow::Result<Vec<Course>> {
        let numbers: HashMap<&str, &str> = members.iter().map(|member| (member.number.as_str(), member.agent.as_str())).collect();
        let parts = names.chunks(STREAMS).map(|part| course::read(http, who, part, &numbers));
        Ok(try_join_all(parts).await?.into_iter().flatten().collect())
    }
}

/// When each agent took conversations.
async fn states(http: &Http, who: &Identity, members: &[Member]) -> anyhow::Result<States> {
    let mut states = States::new();
    for member in members {
        let (mut changes, mut cursor) = (Vec::new(), String::new());
        loop {
            let page: Value = http.get(who, &format!("/api/v1/staff/{}/states{cursor}", member.agent)).await?;
            changes.extend(page["items"].as_array().into_iter().flatten().filter_map(|one| Some((one["at"].as_i64()?, one["to"] == "available"))));
            match page["next"].as_str() {
                Some(next) => cursor = format!("?cursor={next}"),
                None => break,
            }
        }
        changes.reverse();
        states.insert(member.agent.clone(), changes);
    }
    Ok(states)
}

impl Installation {
    async fn start(with: &Routing) -> anyhow::Result<(Self, Before)> {
        let postgres = if with.engine == Engine::Postgres { Some(Postgres::start().await?) } else { None };
        let redis = if with.nodes > 1 { Some(Redis::start().await?) } else { None };
        let before = Before::measure(&with.common, &std::env::temp_dir(), &server::durability(with.engine, postgres.as_ref())).await?;
        let mut servers = Vec::new();
        for _ in 0..with.nodes {
            let redis_url = redis.as_ref().map(|redis| Redis::url_at(redis.address()));
            let surroundings = Surroundings { database_url: postgres.as_ref().map(Postgres::url), redis_url, ..Surroundings::default() };
            let mut server = Server::prepare(&with.common, surroundings)?;
            server.spawn().await?;
            servers.push(server);
        }
        if with.nodes > 1 {
            revoke::wait_until_joined(&servers).await?;
        }
        Ok((Self { servers, postgres, redis }, before))
    }

    /// The processor time that the servers and their PostgreSQL have used.
    fn cpu(&self) -> anyhow::Result<Duration> {
        let mut sum = Duration::ZERO;
        for server in &self.servers {
            sum += procfs::cpu(server.running()?)?;
        }
        if let Some(pid) = self.postgres.as_ref().and_then(Postgres::pid) {
            sum += procfs::cpu_of_family(pid)?;
        }
        Ok(sum)
    }

    async fn stop(self) -> anyhow::Result<()> {
        for server in self.servers {
            server.stop().await?;
        }
        if let Some(mut redis) = self.redis {
            redis.kill().await?;
        }
        match self.postgres {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }
}
