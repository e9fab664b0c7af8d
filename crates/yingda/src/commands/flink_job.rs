//! `yingda warehouse flink-job`

use std::{io::Write as _, time::Duration};

use anyhow::bail;
use clap::Args;
use server::setup::admin::{Command, Reply};
use uuid::Uuid;

use super::{kafka, place::Place};
use crate::config::Analytics;

/// Which job.
#[derive(Args)]
pub struct FlinkJob {
    #[command(flatten)]
    place: Place,
    /// The generation of a history that is not in a record, for `parity`.
    #[arg(long, value_name = "UUID", requires = "brokers")]
    generation: Option<Uuid>,
    /// The brokers of that history.
    #[arg(long, value_name = "HOST:PORT,…", requires = "generation")]
    brokers: Option<String>,
    /// How long the results of a checkpoint may wait to be committed while Flink is away, up to 120 minutes. Brokers allow 15 minutes, unless their
    /// `transaction.max.timeout.ms` says otherwise.
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=120))]
    commit_within: u32,
}

impl FlinkJob {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let commit_within = Duration::from_secs(60 * u64::from(self.commit_within));
        let job = match (self.generation, self.brokers) {
            (Some(generation), Some(brokers)) => kafka::job(&Analytics { brokers, ..Analytics::default() }, generation, commit_within)?,
            _ => {
                let analytics = self.place.config()?.analytics;
                let Reply::Generation(generation) = self.place.open().await?.ask(Command::Generation).await? else { bail!("the server is of another release") };
                kafka::job(&analytics, generation, commit_within)?
            }
        };
        write!(std::io::stdout(), "{job}")?;
        Ok(())
    }
}
