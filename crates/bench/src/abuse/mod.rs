//! `yingda-bench abuse`: what people notice while others do all they can to disrupt the server.
//!
//! Each round runs the same load twice: alone, and with the abusers. The load's people stay within the server's own limits, which are not raised here.

mod crew;
mod ending;

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, bail};
use serde::Serialize;
use tokio::sync::watch;

use crate::{
    http::Http,
    messages::load::{self, Load, Ran},
    peer::Dialect,
    procfs,
    report::{self, median, round},
    server::{Common, Engine, Server},
    serving::Served,
};
use crew::{Crew, Endings, Kind};

/// The number of conversations that one agent serves: few, so that agents stay within the limit on a person's sends.
const CAPACITY: usize = 4;
/// The sustained rate of sends that a person is allowed, per second.
const MOST_PER_PERSON: f64 = 10.0;
/// How long before the load the abusers begin, and how often the memory is sampled.
const AHEAD: Duration = Duration::from_millis(500);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The most unanswered sends that a person has at a time.
const IN_FLIGHT: usize = 16;

/// Measures what people notice while others abuse the server.
#[derive(Debug, clap::Args)]
pub struct Abuse {
    /// How often both halves are run.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// How long each half lasts, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Pairs of a customer's and an agent's socket that talk to each other normally.
    #[arg(long, default_value_t = 50)]
    pairs: usize,
    /// The messages per second of all pairs together.
    #[arg(long, value_name = "R", visible_alias = "paced", default_value_t = 200.0)]
    rate: f64,
    /// The abusers' slow sockets: half of them read one byte a second, the other half send one.
    #[arg(long, default_value_t = 500)]
    slow: usize,
    /// Only these kinds of abuse, to see which of them does harm.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    only: Vec<Kind>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Serialize)]
struct Result {
    rounds: u16,
    seconds: u64,
    pairs: usize,
    rate_per_s: f64,
    p99_ratio: f64,
    p99_ratio_worst: f64,
    ack_p99_ratio: f64,
    p99_ms_alone: f64,
    p99_ms_abused: f64,
    rss_growth_bytes: u64,
    server_rss_bytes_before: u64,
    server_rss_bytes_peak: u64,
    attacks: u64,
    closed_by_code: BTreeMap<String, u64>,
    closed_by_kind: BTreeMap<&'static str, BTreeMap<String, u64>>,
    victims: usize,
    sent: u64,
    lost: u64,
    duplicates: u64,
    out_of_order: u64,
    refused: u64,
    busy: u64,
    server_cpu_cores_alone: f64,
    server_cpu_cores_abused: f64,
    p99_ms_of_rounds: Vec<[f64; 2]>,
    fsync_p99_ms: f64,
    load_before: f64,
}

impl Abuse {
    /// Runs the measurement and prints the result.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let most = MOST_PER_PERSON * 2.0 * self.pairs as f64 / CAPACITY as f64;
        if self.pairs == 0 || self.seconds == 0 {
            bail!("there is at least one pair and one second");
        }
        if self.rate.is_nan() || self.rate <= 0.0 || self.rate > most {
            bail!("--rate is above 0 and at most {most} for {} pairs: the load has to stay within the server's limits", self.pairs);
        }
        self.common.limited = true;
        let server = Server::start(&self.common, Engine::Sqlite, None).await?;
        let result = self.measure(&server).await;
        let log = server.last_of_log();
        server.stop().await?;
        let result = result.with_context(|| log)?;
        report::print(&result, self.common.json)?;
        if result.victims > 0 {
            bail!("{} connections of people who did no harm were ended", result.victims);
        }
        if result.lost + result.duplicates + result.out_of_order > 0 {
            bail!("messages were lost, doubled or out of order");
        }
        Ok(())
    }

    async fn measure(&self, server: &Server) -> anyhow::Result<Result> {
        let (pid, to) = (server.running()?, server.address());
        // Before any agent is at work: nobody has to answer what the crew's visitors wrote.
        let (people, rich) = crew::recruit(&Http::new(to)?, self.slow).await?;
        let served = load::prepare(server, self.pairs, CAPACITY).await?;
        let crew = Crew { to, only: self.only.clone(), people, rich, slow: self.slow };
        let (mut alone, mut abused, mut endings) = (Vec::new(), Vec::new(), Endings::new());
        let (mut before, mut peak) = (0, 0);
        for n in 0..self.rounds {
            alone.push(self.half(server, &served, 2 * n).await?);
            // By now the first half alone has made the server as large as it gets without abusers.
            if n == 0 {
                before = procfs::rss_bytes(pid)?;
            }
            let (over, end) = watch::channel(false);
            let crew = crew.clone();
            // On a thread of their own, so that the load's clients do not wait for them.
            let abusing = tokio::task::spawn_blocking(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                anyhow::Ok(runtime.block_on(crew.run(end)))
            });
            tokio::time::sleep(AHEAD).await;
            let half = tokio::select! {
                half = self.half(server, &served, 2 * n + 1) => half?,
                never = watch_memory(pid, &mut peak) => match never? {},
            };
            abused.push(half);
            over.send_replace(true);
            for (ending, n) in abusing.await?? {
                *endings.entry(ending).or_default() += n;
            }
        }
        Ok(self.result(server, &alone, &abused, &endings, [before, peak.max(before)]))
    }

    /// Runs the load once.
    async fn half(&self, server: &Server, served: &[Served], run: u16) -> anyhow::Result<Ran> {
        let ends = load::connect(&Http::new(server.address())?, served, self.pairs).await?;
        let load = Load { in_flight: IN_FLIGHT, seconds: self.seconds, rate: Some(self.rate), dialect: Dialect::Yingda, run };
        load.run(server.running()?, ends).await
    }

    fn result(&self, server: &Server, alone: &[Ran], abused: &[Ran], endings: &Endings, [before, peak]: [u64; 2]) -> Result {
        let p99 = |ran: &Ran| ran.tally.delivery.ms(0.99);
        let ratios = |of: fn(&Ran) -> f64| -> Vec<f64> { alone.iter().zip(abused).map(|(alone, abused)| of(abused) / of(alone).max(0.001)).collect() };
        let delivery = ratios(|ran| ran.tally.delivery.ms(0.99));
        let all = || alone.iter().chain(abused);
        let sum = |of: fn(&Ran) -> u64| all().map(of).sum::<u64>();
        let cores = |half: &[Ran]| round(half.iter().map(|ran| ran.cpu.as_secs_f64()).sum::<f64>() / (self.seconds * u64::from(self.rounds)) as f64);
        let (closed_by_code, closed_by_kind) = tables(endings);
        all().flat_map(|ran| &ran.victims).for_each(|why| eprintln!("a connection of the load ended: {why}"));
        Result {
            rounds: self.rounds,
            seconds: self.seconds,
            pairs: self.pairs,
            rate_per_s: self.rate,
            p99_ratio: round(median(&delivery)),
            p99_ratio_worst: round(delivery.iter().copied().fold(0.0, f64::max)),
            ack_p99_ratio: round(median(&ratios(|ran| ran.tally.ack.ms(0.99)))),
            p99_ms_alone: median(&alone.iter().map(p99).collect::<Vec<_>>()),
            p99_ms_abused: median(&abused.iter().map(p99).collect::<Vec<_>>()),
            rss_growth_bytes: peak - before,
            server_rss_bytes_before: before,
            server_rss_bytes_peak: peak,
            attacks: endings.values().sum(),
            closed_by_code,
            closed_by_kind,
            victims: all().map(|ran| ran.victims.len()).sum(),
            sent: sum(|ran| ran.tally.sent),
            lost: sum(|ran| ran.tally.lost),
            duplicates: sum(|ran| ran.tally.duplicates),
            out_of_order: sum(|ran| ran.tally.out_of_order),
            refused: sum(|ran| ran.tally.refused),
            busy: sum(|ran| ran.incidents.busy),
            server_cpu_cores_alone: cores(alone),
            server_cpu_cores_abused: cores(abused),
            p99_ms_of_rounds: alone.iter().zip(abused).map(|(alone, abused)| [p99(alone), p99(abused)]).collect(),
            fsync_p99_ms: server.disk.ms(0.99),
            load_before: server.load_before,
        }
    }
}

/// Samples the memory of a process and keeps the peak, until this is dropped.
pub async fn watch_memory(pid: u32, peak: &mut u64) -> anyhow::Result<std::convert::Infallible> {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        *peak = (*peak).max(procfs::rss_bytes(pid)?);
    }
}

type ByKind = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// The endings by code, and by kind and code.
fn tables(endings: &Endings) -> (BTreeMap<String, u64>, ByKind) {
    let (mut by_code, mut by_kind) = (BTreeMap::new(), ByKind::new());
    for ((kind, code), n) in endings {
        *by_code.entry(code.clone()).or_default() += n;
        *by_kind.entry(kind.name()).or_default().entry(code.clone()).or_default() += n;
    }
    (by_code, by_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_counted_by_code_and_by_kind() {
        let endings = Endings::from([
            ((Kind::Malformed, "bad_frame".to_owned()), 3),
            ((Kind::Unknown, "bad_frame".to_owned()), 2),
            ((Kind::Unknown, "reset".to_owned()), 1),
        ]);
        let (by_code, by_kind) = tables(&endings);
        assert_eq!(by_code, BTreeMap::from([("bad_frame".to_owned(), 5), ("reset".to_owned(), 1)]));
        assert_eq!(by_kind["unknown"], BTreeMap::from([("bad_frame".to_owned(), 2), ("reset".to_owned(), 1)]));
    }
}
