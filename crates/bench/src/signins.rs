//! `yingda-bench signins`: measures what it costs the server when strangers guess passwords, and which people that locks out.
//!
//! Strangers from many networks try wrong passwords, half of them for a staff member who signs in with the right one every second. When told to solve a puzzle
//! first, all of them do what a page does.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use domain::customer::solves;
use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{
    abuse::watch_memory,
    http::{Http, PASSWORD},
    percentile::exact_ms,
    procfs, report,
    server::{Common, Engine, Server},
};

/// Strangers at the same time: more than the places that are open to everybody.
const AT_ONCE: usize = 40;
/// Tries from one network: so few that none of them has to wait.
const PER_NETWORK: usize = 4;
/// The address that the member signs in from.
const HOME: &str = "198.51.100.7";
/// How often the member signs in.
const EVERY: Duration = Duration::from_secs(1);
/// How often a stranger comes back after being told to, and after how long.
const BUSY_TRIES: usize = 20;
const BUSY_WAIT: Duration = Duration::from_secs(1);
/// The most puzzles that are solved for one sign-in.
const PUZZLES: usize = 2;

/// Measures what it costs the server when strangers guess passwords, and which people that locks out.
#[derive(Debug, clap::Args)]
pub struct SignIns {
    /// The number of wrong passwords; half of them are for the member's own email address.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tries: u32,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    tries: usize,
    networks: usize,
    seconds: f64,
    /// The statuses of the tries; 401 counts as wrong.
    wrong: u64,
    told_to_wait: u64,
    busy: u64,
    /// Puzzles that strangers solved.
    puzzles: u64,
    /// Sign-ins of the member during the tries, and how many of them were refused.
    others_tried: usize,
    others_refused: u64,
    others_p50_ms: f64,
    others_p99_ms: f64,
    rss_growth_bytes: u64,
    server_rss_bytes_before: u64,
    server_rss_bytes_peak: u64,
    load_before: f64,
}

/// The status of a sign-in, and how many puzzles it took.
struct Ended {
    status: StatusCode,
    puzzles: u64,
}

impl SignIns {
    /// Runs the measurement and prints the result.
    pub async fn run(mut self) -> anyhow::Result<()> {
        self.common.limited = true;
        self.common.behind_proxy = true;
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.others_refused > 0 {
            bail!("{} of {} right sign-ins were refused", result.others_refused, result.others_tried);
        }
        Ok(())
    }

    async fn measure(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, http, tries) = (server.running()?, Http::new(server.address())?, self.tries as usize);
        http.agents(server, &[1]).await?;
        let email = Http::address_of_agent(0);
        // The member is known here now, and the server has hashed before.
        let first = sign_in(&http, HOME, &email, PASSWORD).await?;
        if first.status != StatusCode::CREATED {
            bail!("the member's first sign-in was answered {}", first.status);
        }
        let (before, begun) = (procfs::rss_bytes(pid)?, Instant::now());
        let mut peak = before;
        let (over, end) = watch::channel(false);
        let strangers = async {
            let ended = stream::iter((0..tries).map(|n| guess(&http, n, &email))).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
            over.send_replace(true);
            ended.into_iter().collect::<anyhow::Result<Vec<Ended>>>()
        };
        let both = async { tokio::try_join!(strangers, come_and_go(&http, &email, end)) };
        let (ended, (others, others_refused)) = tokio::select! {
            both = both => both?,
            never = watch_memory(pid, &mut peak) => match never? {},
        };
        let count = |status: StatusCode| ended.iter().filter(|one| one.status == status).count() as u64;
        Ok(Result {
            tries,
            networks: tries.div_ceil(PER_NETWORK),
            seconds: report::round(begun.elapsed().as_secs_f64()),
            wrong: count(StatusCode::UNAUTHORIZED),
            told_to_wait: count(StatusCode::TOO_MANY_REQUESTS),
            busy: count(StatusCode::SERVICE_UNAVAILABLE),
            puzzles: ended.iter().map(|one| one.puzzles).sum(),
            others_tried: others.len(),
            others_refused,
            others_p50_ms: report::round(exact_ms(&others, 0.5)),
            others_p99_ms: report::round(exact_ms(&others, 0.99)),
            rss_growth_bytes: peak - before,
            server_rss_bytes_before: before,
            server_rss_bytes_peak: peak,
            load_before: server.load_before,
        })
    }
}

/// One try of a stranger, from a network that few tries share: every other network is IPv6, each of a different customer of some provider.
async fn guess(http: &Http, n: usize, member: &str) -> anyhow::Result<Ended> {
    let network = n / PER_NETWORK;
    let from = if network.is_multiple_of(2) { format!("2001:db8:{network:x}::{n:x}") } else { format!("100.{}.{}.7", 64 + network / 256, network % 256) };
    let nobody = format!("nobody{n}@bench.example");
    let email = if n.is_multiple_of(2) { member } else { &nobody };
    let mut ended = sign_in(http, &from, email, "not the right one").await?;
    for _ in 0..BUSY_TRIES {
        if ended.status != StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        tokio::time::sleep(BUSY_WAIT).await;
        ended = sign_in(http, &from, email, "not the right one").await?;
    }
    Ok(ended)
}

/// The member signs in every second, at least once, until the tries are over; returns how long each took, and how many were refused.
async fn come_and_go(http: &Http, email: &str, over: watch::Receiver<bool>) -> anyhow::Result<(Vec<Duration>, u64)> {
    let (mut took, mut refused, mut tick) = (Vec::new(), 0, tokio::time::interval(EVERY));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let begun = Instant::now();
        let ended = sign_in(http, HOME, email, PASSWORD).await?;
        took.push(begun.elapsed());
        if ended.status != StatusCode::CREATED {
            eprintln!("the member was answered {}", ended.status);
            refused += 1;
        }
        if *over.borrow() {
            return Ok((took, refused));
        }
    }
}

/// Signs in as a page does: when told to solve a puzzle, solves one and tries again.
async fn sign_in(http: &Http, from: &str, email: &str, password: &str) -> anyhow::Result<Ended> {
    let (mut proof, mut puzzles) = (None, 0);
    loop {
        let status = http.sign_in(from, email, password, proof.take()).await?;
        if status != StatusCode::PRECONDITION_REQUIRED || puzzles as usize == PUZZLES {
            return Ok(Ended { status, puzzles });
        }
        proof = Some(solve(&http.puzzle().await?)?);
        puzzles += 1;
    }
}

/// Solves a puzzle, as a page does.
pub fn solve(puzzle: &Value) -> anyhow::Result<Value> {
    let (text, bits) = puzzle["puzzle"].as_str().zip(puzzle["bits"].as_u64()).context("this is no puzzle")?;
    let solution = (0_u64..).find(|n| solves(&Sha256::digest(format!("{text}.{n}")), bits as u32)).context("there is a solution")?;
    Ok(json!({"puzzle": text, "solution": solution.to_string()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_solves() {
        let proof = solve(&json!({"puzzle": "1.a.b", "bits": 8})).unwrap();
        let digest = Sha256::digest(format!("1.a.b.{}", proof["solution"].as_str().unwrap()));
        assert_eq!((&proof["puzzle"], digest[0]), (&json!("1.a.b"), 0));
    }
}
