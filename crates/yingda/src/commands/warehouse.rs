//! `yingda warehouse …`

use std::{io::IsTerminal as _, time::Duration};

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;
use server::setup::admin::{Command, Reply};
use warehouse::edition::{Filling, State};

use super::{
    flink_job::FlinkJob,
    parity::Parity,
    place::{Installation, Place},
    verify::Verify,
};

/// How often progress is asked for.
const EVERY: Duration = Duration::from_millis(500);

/// Commands for the numbers of the panels, which are computed from the journal.
#[derive(Args)]
pub struct Warehouse {
    #[command(subcommand)]
    command: WarehouseCommand,
}

#[derive(Subcommand)]
enum WarehouseCommand {
    /// Count all numbers again from the journal, beside those that are shown, which stay until the new ones are complete. Waits until they are; interrupting it
    /// stops the waiting, and a running server goes on counting.
    Rebuild {
        #[command(flatten)]
        place: Place,
        /// Print the result as one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Count whole days a second time from their events, and compare everything that is stored. Fails if anything differs. Changes nothing, also beside a running
    /// server.
    Verify(Verify),
    /// Compute every indicator on several engines from the same random traffic, and compare all
    /// amounts. Nothing of an installation is read or changed.
    Parity(Parity),
    /// Print the SQL of the Flink job that computes the numbers of an installation with the engine `kafka`.
    FlinkJob(FlinkJob),
}

impl Warehouse {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let (place, json) = match self.command {
            WarehouseCommand::Rebuild { place, json } => (place, json),
            WarehouseCommand::Verify(verify) => return verify.run().await,
            WarehouseCommand::Parity(parity) => return parity.run().await,
            WarehouseCommand::FlinkJob(job) => return job.run().await,
        };
        let installation = place.open().await?;
        let done = rebuild(&installation).await;
        installation.close().await;
        let state = done?;
        match json {
            true => println!("{}", json!({"edition": state.shown, "ready_at": state.ready_at})),
            false => println!("edition {} is complete and shown", state.shown),
        }
        Ok(())
    }
}

/// Begins another edition, and waits until it is shown.
async fn rebuild(installation: &Installation) -> anyhow::Result<State> {
    let begun = state(installation, Command::RebuildPanel).await?;
    let Some(Filling { edition, .. }) = begun.filling else { return Ok(begun) };
    loop {
        let now = state(installation, Command::PanelState).await?;
        match now.filling {
            Some(filling) if filling.edition <= edition => report(filling),
            _ => return Ok(now),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn report(Filling { edition, position, last_position }: Filling) {
    if std::io::stderr().is_terminal() {
        let percent = position.saturating_mul(100).checked_div(last_position).unwrap_or(100);
        eprint!("\redition {edition}: {percent} %, entry {position} of {last_position} ");
    }
}

async fn state(installation: &Installation, command: Command) -> anyhow::Result<State> {
    match installation.ask_one(command).await? {
        Reply::Panel(state) => Ok(state),
        Reply::Error(error) => bail!(error),
        _ => bail!("the server is of another release"),
    }
}
