//! `yingda operator …`

use anyhow::bail;
use clap::{Args, Subcommand};
use server::setup::admin::{Command, Reply};

use super::place::Place;

/// Commands for whoever runs the installation.
#[derive(Args)]
pub struct Operator {
    #[command(subcommand)]
    command: OperatorCommand,
}

#[derive(Subcommand)]
enum OperatorCommand {
    /// Print a one-time link that signs the installation's operator in: who sees all companies and what each uses, and nothing that was said. It can be used
    /// for an hour.
    SignInLink {
        #[command(flatten)]
        place: Place,
        /// Print the link and until when it can be used as JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Operator {
    /// Runs the command and prints the link alone on a line.
    pub async fn run(self) -> anyhow::Result<()> {
        let OperatorCommand::SignInLink { place, json } = self.command;
        match place.open().await?.ask(Command::OperatorLink).await? {
            Reply::OperatorLink(link) if json => println!("{}", serde_json::to_string(&link)?),
            Reply::OperatorLink(link) => println!("{}", link.url),
            Reply::Error(error) => bail!(error),
            _ => bail!("the server is of another release"),
        }
        Ok(())
    }
}
