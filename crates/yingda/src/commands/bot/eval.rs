//! `yingda bot eval`

use std::{io::Write as _, path::PathBuf};

use clap::Args;

use super::read;

/// Two CSV files with the header `text,label`.
#[derive(Args)]
pub struct Eval {
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

impl Eval {
    /// Trains and measures.
    pub fn run(self) -> anyhow::Result<()> {
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
