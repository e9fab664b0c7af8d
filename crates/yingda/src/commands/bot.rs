//! `yingda bot …`

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

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
    Eval(Eval),
}

/// Two CSV files with the header `text,label`.
#[derive(Args)]
struct Eval {
    /// The set to train on.
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// The set to measure on.
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl BotCommand {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Eval(eval) => eval.run(),
        }
    }
}

impl Eval {
    fn run(self) -> anyhow::Result<()> {
        let report = bot::eval::run(&read(&self.train)?, &read(&self.test)?)?;
        let mut out = std::io::stdout();
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        } else {
            writeln!(out, "accuracy       {:.2} %", report.accuracy * 100.0)?;
            writeln!(out, "macro F1       {:.3}", report.macro_f1)?;
            writeln!(out, "p99 per line   {:.0} us", report.p99_us)?;
            writeln!(out, "training took  {:.1} s", report.train_seconds)?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
