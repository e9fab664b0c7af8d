//! `yingda warehouse parity`

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use domain::time::Clock;
use platform::env::SystemClock;
use serde::Serialize;
use uuid::Uuid;
use warehouse::{
    Place,
    outside::Outside,
    parity::{
        Comparison, Engine, World,
        flink::{Flink, Mode},
        outside::{Fed, feed},
    },
};

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
    report: warehouse::parity::Report,
}

impl Parity {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let folder = tempfile::tempdir().context("there is no room for temporary files")?;
        let engines = self.engines(folder.path())?;
        let world = World::new(self.seed, self.events as usize)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let mut comparison = Comparison::default();
        for engine in &engines {
            match engine {
                Chosen::Here(engine) => comparison.add(engine, &world, clock.clone()).await?,
                Chosen::Outside(outside, fed) => {
                    let panel = feed(outside, &world, fed).await?;
                    let added = comparison.add_edition(&panel, &world).await;
                    panel.close().await;
                    added?;
                }
            }
        }
        let outcome = Outcome { events: self.events, seed: self.seed, report: comparison.report() };
        let (mut out, report) = (std::io::stdout(), &outcome.report);
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&outcome)?)?;
        } else {
            writeln!(out, "{} amounts of {} measures, {} mismatches", report.rows, report.measures, report.mismatches)?;
            for example in &report.examples {
                writeln!(out, "  {example}")?;
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
    fn engines_that_are_missing_are_named() {
        let refusal = |engines: &[EngineName]| parity(engines).engines(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(refusal(&[EngineName::Reducer]).contains("at least two"));
        assert!(refusal(&[EngineName::Sql, EngineName::Postgres]).contains("--database-url"));
        assert!(refusal(&[EngineName::Sql, EngineName::Kafka]).contains("--brokers"));
    }
}
