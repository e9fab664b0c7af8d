//! `yingda-bench letters`: whether every letter that was promised arrives once and in order while the servers are killed again and again.
//!
//! Customers ask for links to choose a new password, each for several, from networks of their own, as the limits allow. The mail goes to a mail server inside
//! this program, which fails with some of it.

mod judge;
mod smtp;

use std::{
    cell::Cell,
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures_util::future::try_join_all;
use reqwest::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use self::{
    judge::{Asked, judge},
    smtp::Post,
};
use crate::{
    http::Http,
    postgres::Postgres,
    random::Random,
    report::{self, round},
    server::{self, Before, Common, Engine, Server, Surroundings},
    signins::solve,
};

/// Letters for one recipient, besides the code of the registration: fewer than all networks together may ask for in an hour.
const EACH: usize = 10;
/// Letters for one recipient that one network asks for: as many as it may.
const FROM_ONE_NETWORK: usize = 5;
/// Those who ask at the same time, each for recipients of their own.
const AT_ONCE: usize = 4;
/// The time between two requests for one recipient: more than the clock can be wrong.
const APART: Duration = Duration::from_millis(500);
/// How often and how long to wait for a server that is down or busy.
const TRIES: usize = 400;
const WAIT: Duration = Duration::from_millis(250);
/// How long nothing may arrive before it is quiet, once all that is due has arrived: what a killed node had taken is free again after half a minute.
const QUIET: Duration = Duration::from_secs(40);
/// How long nothing may arrive before what has not arrived is lost: more than the first waits between attempts together.
const LOST: Duration = Duration::from_secs(240);

/// Kills the servers while they send letters, and compares what was asked for with what arrived.
#[derive(Debug, clap::Args)]
pub struct Letters {
    /// The storage engine of the record.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// An existing PostgreSQL with an empty database; otherwise one is started.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Servers on one PostgreSQL.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    nodes: u8,
    /// Letters that are asked for.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// How often one of the servers is killed and started again.
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// The part of the letters that the mail server fails with: half are refused for now, half are broken off.
    #[arg(long, default_value_t = 0.05)]
    failing: f64,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    engine: &'static str,
    nodes: u8,
    kills: usize,
    due: usize,
    arrived: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    by_node: BTreeMap<String, usize>,
    /// Requests that a kill left without an answer.
    unanswered: usize,
    /// Letters that the mail server failed with.
    failed: u64,
    seconds: f64,
    load_before: f64,
}

impl Letters {
    /// Runs the measurement and prints the result.
    pub async fn run(mut self) -> anyhow::Result<()> {
        if self.engine == Engine::Sqlite && (self.nodes > 1 || self.database_url.is_some()) {
            bail!("--nodes 2 and --database-url go with --engine postgres");
        }
        self.common.behind_proxy = true;
        let postgres = match (self.engine, &self.database_url) {
            (Engine::Postgres, None) => Some(Postgres::start().await?),
            _ => None,
        };
        let url = postgres.as_ref().map(Postgres::url).or_else(|| self.database_url.clone());
        let before = Before::measure(&self.common, &std::env::temp_dir(), &server::durability(self.engine, postgres.as_ref())).await?;
        let post = Post::new(Random::new()?);
        let mut servers = Vec::new();
        for node in 1..=usize::from(self.nodes) {
            let mail = post.open_for(node).await?;
            let mut server =
                Server::prepare(&self.common, Surroundings { database_url: url.clone(), environment: environment(mail), ..Surroundings::default() })?;
            server.spawn().await?;
            servers.push(server);
        }
        let result = self.attempt(&mut servers, &post, before.load).await;
        let logs = servers.iter().map(Server::last_of_log).collect::<Vec<_>>().join("\n");
        for server in servers {
            server.stop().await?;
        }
        if let Some(postgres) = postgres {
            postgres.stop().await?;
        }
        let result = result.with_context(|| logs)?;
        report::print(&result, self.common.json)?;
        if result.lost + result.out_of_order > 0 || result.doubled > result.kills || result.by_node.len() < usize::from(self.nodes) {
            bail!("letters were lost, out of order, doubled more often than a server was killed, or sent by one node alone");
        }
        Ok(())
    }

    async fn attempt(&self, servers: &mut [Server], post: &Post, load_before: f64) -> anyhow::Result<Result> {
        let count = self.count as usize;
        let doors = servers.iter().map(|server| Http::new(server.address())).collect::<anyhow::Result<Vec<Http>>>()?;
        let people: Vec<String> = (0..count.div_ceil(EACH)).map(|n| format!("person{n}@letters.example")).collect();
        let share = people.len().div_ceil(AT_ONCE);
        let parts = || people.chunks(share).enumerate().map(|(part, people)| (part * share, people));
        try_join_all(parts().map(async |(first, people)| {
            for (n, person) in people.iter().enumerate() {
                register(&doors[0], post, first + n, person).await.with_context(|| format!("{person} gets no account"))?;
            }
            anyhow::Ok(())
        }))
        .await?;
        post.begin(self.failing);
        let (begun, asked_so_far) = (Instant::now(), Cell::new(0));
        let ask = try_join_all(parts().map(|(first, people)| {
            let (doors, asked_so_far) = (&doors, &asked_so_far);
            // Of the last recipient only what is left to ask for.
            async move { ask_for_all(doors, first, people, |n| (count - n * EACH).min(EACH), asked_so_far).await }
        }));
        let (asked, ()) = tokio::try_join!(ask, kill_some(servers, self.kills, count, &asked_so_far))?;
        let asked: Vec<Asked> = asked.into_iter().flatten().collect();
        let verdict = loop {
            let verdict = judge(&asked, &post.letters())?;
            let since = post.last().elapsed();
            if since > LOST || (since > QUIET && verdict.lost == 0) {
                break verdict;
            }
            tokio::time::sleep(WAIT).await;
        };
        Ok(Result {
            engine: self.engine.name(),
            nodes: self.nodes,
            kills: self.kills,
            due: verdict.due,
            arrived: verdict.arrived,
            lost: verdict.lost,
            doubled: verdict.doubled,
            out_of_order: verdict.out_of_order,
            by_node: verdict.by_node,
            unanswered: asked.len() - verdict.due,
            failed: post.failures(),
            seconds: round(begun.elapsed().as_secs_f64()),
            load_before,
        })
    }
}

/// The settings that make a server send mail to this address.
fn environment(mail: SocketAddr) -> Vec<(&'static str, String)> {
    vec![
        ("YINGDA_MAIL__TRANSPORT", "smtp".to_owned()),
        ("YINGDA_MAIL__HOST", mail.ip().to_string()),
        ("YINGDA_MAIL__PORT", mail.port().to_string()),
        ("YINGDA_MAIL__ENCRYPTION", "none".to_owned()),
        ("YINGDA_MAIL__FROM", "Bench <bench@letters.example>".to_owned()),
    ]
}

/// Kills one of the servers whenever a further part of the letters was asked for, at a random moment, and starts it again after a random while.
async fn kill_some(servers: &mut [Server], kills: usize, count: usize, asked: &Cell<usize>) -> anyhow::Result<()> {
    let mut random = Random::new()?;
    for kill in 1..=kills {
        while asked.get() * (kills + 1) < count * kill {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(random.within(Duration::from_secs(1))).await;
        let server = &mut servers[random.below(servers.len() as u64) as usize];
        server.kill().await?;
        tokio::time::sleep(random.within(Duration::from_secs(1))).await;
        server.spawn().await?;
    }
    Ok(())
}

/// Asks for letters for some recipients, in rounds, so that the requests for one lie apart.
async fn ask_for_all(
    doors: &[Http],
    first: usize,
    people: &[String],
    letters_of: impl Fn(usize) -> usize,
    asked_so_far: &Cell<usize>,
) -> anyhow::Result<Vec<Asked>> {
    let mut asked: Vec<Asked> = Vec::new();
    for round in 0..EACH {
        let begun = Instant::now();
        for (n, person) in people.iter().enumerate().filter(|(n, _)| round < letters_of(first + n)) {
            let from = network((first + n) * EACH.div_ceil(FROM_ONE_NETWORK) + round / FROM_ONE_NETWORK);
            // Each node gets its part of them.
            let door = first + n + round;
            let (at_ms, answer) = ask(doors, door, &from, |proof| {
                let body = json!({"site": "demo", "identifier": person, "lang": "en", "proof": proof});
                ("/api/v1/customer/recoveries", body)
            })
            .await?;
            asked.push(Asked { to: person.clone(), at_ms, is_due: answer.is_some() });
            asked_so_far.set(asked_so_far.get() + 1);
        }
        tokio::time::sleep(APART.saturating_sub(begun.elapsed())).await;
    }
    Ok(asked)
}

/// Makes a request that needs a solved puzzle, at one node or the next, until one takes it; returns when it was made, and the answer, unless a kill cut it off.
async fn ask(doors: &[Http], first: usize, from: &str, request: impl Fn(Value) -> (&'static str, Value)) -> anyhow::Result<(u64, Option<Response>)> {
    for attempt in 0..TRIES {
        let http = &doors[(first + attempt) % doors.len()];
        if let Ok(puzzle) = http.puzzle().await {
            let (path, body) = request(solve(&puzzle)?);
            let at_ms = now_ms();
            match http.post_from(from, path, &body).await {
                Ok(answer) if answer.status().is_success() => return Ok((at_ms, Some(answer))),
                // Neither has changed anything.
                Ok(answer) if matches!(answer.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::UNPROCESSABLE_ENTITY) => {}
                Ok(answer) => bail!("{path} answered {}: {}", answer.status(), answer.text().await.unwrap_or_default()),
                Err(error) if error.is_connect() => {}
                Err(_) => return Ok((at_ms, None)),
            }
        }
        tokio::time::sleep(WAIT).await;
    }
    bail!("no server took a request for {} s", (WAIT * TRIES as u32).as_secs())
}

/// Creates an account, with the code from the letter.
async fn register(http: &Http, post: &Post, number: usize, person: &str) -> anyhow::Result<()> {
    let from = network(number * EACH.div_ceil(FROM_ONE_NETWORK));
    let request = |proof| {
        let body = json!({"site": "demo", "identifier": person, "password": "as long as it has to be", "lang": "en", "proof": proof});
        ("/api/v1/customer/registrations", body)
    };
    let (_, answer) = ask(std::slice::from_ref(http), 0, &from, request).await?;
    let sent: Value = answer.context("the server broke off")?.json().await?;
    for _ in 0..TRIES {
        if let Some(letter) = post.letters().into_iter().find(|letter| letter.to == person) {
            let code: String = letter.subject.chars().take(6).collect();
            let confirmed = http.post_from(&from, "/api/v1/customer/registrations/confirm", &json!({"handle": sent["handle"], "code": code})).await?;
            match confirmed.status() {
                status if status.is_success() => return Ok(()),
                StatusCode::SERVICE_UNAVAILABLE => {}
                status => bail!("the code was answered {status}: {}", confirmed.text().await.unwrap_or_default()),
            }
        }
        tokio::time::sleep(WAIT).await;
    }
    bail!("its code did not arrive")
}

/// An address in the `n`th network.
fn network(n: usize) -> String {
    format!("100.{}.{}.7", 64 + n / 256 % 64, n % 256)
}

/// The time, as it is at the beginning of ids.
#[expect(clippy::disallowed_methods, reason = "a client of the product, with a clock of its own")]
fn now_ms() -> u64 {
    (Uuid::now_v7().as_u128() >> 80) as u64
}
