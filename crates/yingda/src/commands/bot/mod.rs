//! `yingda bot …`

mod eval;

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};

/// Commands for the bot.
#[derive(Args)]
pub struct BotCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the classifier on one labelled set and measure it on another.
    Eval(eval::Eval),
}

impl BotCommand {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Eval(eval) => eval.run(),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
