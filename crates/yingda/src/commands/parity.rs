//! `yingda warehouse parity`

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use domain::time::Clock;
use parity::{
    Comparison, Engine, World,
    flink::{Flink, Mode},
    outside::{Fed, feed},
};
use platform::env::SystemClock;
use serde::Serialize;
use uuid::Uuid;
use warehouse::{Place, outside::Outside};

use super::kafka;
use crate::config::{self, Analytics};

/// What is compared.
#[derive(Args)]
pub struct Parity {
    /// The number of facts; 5 % are delivered twice, and 10 % up to an hour late.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    events: u32,
    /// The seed of the traffic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// At least two engines.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["reducer", "sql"])]
    engines: Vec<EngineName>,
    /// The URL of the PostgreSQL for the engine `postgres`; its schema `yingda_parity` is replaced
    /// and deleted.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Kill each process of Flink once in the middle of its work, and let it go on.
    #[arg(long)]
    kill: bool,
    /// The brokers of Kafka for the engine `kafka`. Flink has to run the job of the same generation:
    /// `yingda warehouse flink-job --brokers … --generation …`.
    #[arg(long, value_name = "HOST:PORT,…")]
    brokers: Option<String>,
    /// The generation under which events are handed over to Kafka.
    #[arg(long, value_name = "UUID")]
    generation: Option<Uuid>,
    /// The folder in which the engine `kafka` keeps what came back, so that a run that was killed goes on.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The facts that are handed over to Kafka in a second, at most; 0: no limit.
    #[arg(long, default_value_t = 0)]
    rate: u32,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// The reducer of this program.
    Reducer,
    /// The portable SQL on SQLite.
    Sql,
    /// The portable SQL on PostgreSQL.
    Postgres,
    /// The portable SQL on Flink, in batches.
    FlinkBatch,
    /// The portable SQL on Flink, over a stream.
    FlinkStream,
    /// The portable SQL on Flink, over topics of Kafka and back into an edition.
    Kafka,
}

/// An engine that was asked for.
enum Chosen {
    /// One that is started for the comparison.
    Here(Engine),
    /// One that runs already.
    Outside(Arc<dyn Outside>, Fed),
}

/// What is printed.
#[derive(Serialize)]
struct Outcome {
    events: u32,
    seed: u64,
    #[serde(flatten)]
    report: parity::Report,
    engines: Vec<Spent>,
}

/// What an engine took to get from the facts to all amounts.
#[derive(Serialize)]
struct Spent {
    /// Its name.
    engine: String,
    /// The processor time of this process and of those that it started, in seconds. `null` where others did the work: PostgreSQL, and Flink behind Kafka.
    cpu_s: Option<f64>,
    /// The facts, as often as they were delivered, by that time.
    facts_per_cpu_s: Option<f64>,
}

impl Spent {
    fn of(name: EngineName, facts: usize, cpu: Option<Duration>) -> Self {
        let is_elsewhere = matches!(name, EngineName::Postgres | EngineName::Kafka);
        let cpu_s = cpu.filter(|_| !is_elsewhere).map(|cpu| (cpu.as_secs_f64() * 100.0).round() / 100.0);
        let engine = name.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        Self { engine, cpu_s, facts_per_cpu_s: cpu_s.filter(|s| *s > 0.0).map(|s| (facts as f64 / s).round()) }
    }
}

/// The processor time that this process, and those of its children that have ended, have used so far; `None` where the kernel does not say.
fn cpu_so_far() -> Option<Duration> {
    /// The unit in which Linux counts it (`getconf CLK_TCK`).
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // utime, stime, cutime and cstime: see proc_pid_stat(5). The name before them may contain anything.
    let ticks = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(4).map(|ticks| ticks.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

impl Parity {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let folder = tempfile::tempdir().context("there is no room for temporary files")?;
        let engines = self.engines(folder.path())?;
        let world = World::new(self.seed, self.events as usize)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let mut comparison = Comparison::default();
        let mut spent = Vec::new();
        for (name, engine) in self.engines.iter().zip(&engines) {
            let before = cpu_so_far();
            match engine {
                Chosen::Here(engine) => comparison.add(engine, &world, clock.clone()).await?,
                Chosen::Outside(outside, fed) => {
                    let panel = feed(outside, &world, fed).await?;
                    let added = comparison.add_edition(&panel, &world).await;
                    panel.close().await;
                    added?;
                }
            }
            let cpu = cpu_so_far().zip(before).map(|(after, before)| after.saturating_sub(before));
            spent.push(Spent::of(*name, world.facts.len(), cpu));
        }
        let outcome = Outcome { events: self.events, seed: self.seed, report: comparison.report(), engines: spent };
        let (mut out, report) = (std::io::stdout(), &outcome.report);
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&outcome)?)?;
        } else {
            writeln!(out, "{} amounts of {} measures, {} mismatches", report.rows, report.measures, report.mismatches)?;
            for example in &report.examples {
                writeln!(out, "  {example}")?;
            }
            for Spent { engine, cpu_s, facts_per_cpu_s } in &outcome.engines {
                if let (Some(cpu_s), Some(rate)) = (cpu_s, facts_per_cpu_s) {
                    writeln!(out, "{engine}: {cpu_s:.1} CPU s, {rate:.0} facts per CPU second")?;
                }
            }
        }
        if report.mismatches > 0 {
            bail!("the engines do not agree");
        }
        Ok(())
    }

    /// The engines, with a place for what each stores.
    fn engines(&self, folder: &Path) -> anyhow::Result<Vec<Chosen>> {
        if self.engines.len() < 2 {
            bail!("there is nothing to compare: name at least two engines");
        }
        let engine = |(n, name): (usize, &EngineName)| {
            Ok(Chosen::Here(match name {
                EngineName::Reducer => Engine::Reducer(Place::File(folder.join(format!("{n}-panel.db")))),
                EngineName::Sql => Engine::Sqlite(folder.join(format!("{n}-sql.db"))),
                EngineName::Postgres => Engine::Postgres(self.database_url.clone().context("the engine postgres needs --database-url")?),
                EngineName::FlinkBatch => Engine::Flink(self.flink(Mode::Batch, folder.join(format!("{n}-flink")))?),
                EngineName::FlinkStream => Engine::Flink(self.flink(Mode::Stream, folder.join(format!("{n}-flink")))?),
                EngineName::Kafka => return self.kafka(folder),
            }))
        };
        self.engines.iter().enumerate().map(engine).collect()
    }

    fn kafka(&self, folder: &Path) -> anyhow::Result<Chosen> {
        let brokers = self.brokers.clone().context("the engine kafka needs --brokers")?;
        let generation = self.generation.context("the engine kafka needs --generation")?;
        let folder = self.folder.as_deref().unwrap_or(folder);
        std::fs::create_dir_all(folder)?;
        let fed = Fed { place: Place::File(folder.join("kafka.db")), generation, rate: self.rate };
        Ok(Chosen::Outside(kafka::connect(&Analytics { brokers, ..Analytics::default() })?, fed))
    }

    fn flink(&self, mode: Mode, folder: PathBuf) -> anyhow::Result<Flink> {
        Ok(Flink { home: config::flink_home()?, folder, mode, is_killed: self.kill })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parity(engines: &[EngineName]) -> Parity {
        Parity {
            events: 300,
            seed: 5,
            engines: engines.to_vec(),
            database_url: None,
            kill: false,
            brokers: None,
            generation: None,
            folder: None,
            rate: 0,
            json: true,
        }
    }

    #[tokio::test]
    async fn the_engines_that_are_built_in_agree() {
        parity(&[EngineName::Reducer, EngineName::Sql]).run().await.unwrap();
    }

    #[test]
    fn processor_time_is_told_of_engines_that_work_here() {
        let before = cpu_so_far().unwrap();
        let mut random = 1_u64;
        while cpu_so_far().unwrap() == before {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        }
        assert_ne!(random, 0);
        let told = |name| Spent::of(name, 300, Some(Duration::from_millis(1_500)));
        let (reducer, postgres) = (told(EngineName::Reducer), told(EngineName::Postgres));
        assert_eq!((reducer.engine.as_str(), reducer.cpu_s, reducer.facts_per_cpu_s), ("reducer", Some(1.5), Some(200.0)));
        assert_eq!((postgres.engine.as_str(), postgres.cpu_s, postgres.facts_per_cpu_s), ("postgres", None, None));
    }

    #[test]
    fn engines_that_are_missing_are_named() {
        let refusal = |engines: &[EngineName]| parity(engines).engines(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(refusal(&[EngineName::Reducer]).contains("at least two"));
        assert!(refusal(&[EngineName::Sql, EngineName::Postgres]).contains("--database-url"));
        assert!(refusal(&[EngineName::Sql, EngineName::Kafka]).contains("--brokers"));
    }
}
