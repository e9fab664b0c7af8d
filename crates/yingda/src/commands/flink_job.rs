//! `yingda warehouse flink-job`

use std::io::Write as _;

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
}

impl FlinkJob {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let job = match (self.generation, self.brokers) {
            (Some(generation), Some(brokers)) => kafka::job(&Analytics { brokers, ..Analytics::default() }, generation)?,
            _ => {
                let analytics = self.place.config()?.analytics;
                let Reply::Generation(generation) = self.place.open().await?.ask(Command::Generation).await? else { bail!("the server is of another release") };
                kafka::job(&analytics, generation)?
            }
        };
        write!(std::io::stdout(), "{job}")?;
        Ok(())
    }
}
