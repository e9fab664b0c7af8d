//! `yingda bot replay`

use std::{io::Write as _, path::PathBuf};

use anyhow::Context as _;
use bot_lab::replay;
use clap::Args;

use super::files::{KnowledgeFiles, read};

/// Asks questions whose answers are known.
#[derive(Args)]
pub struct Replay {
    #[command(flatten)]
    files: KnowledgeFiles,
    /// Questions, one JSON object a line: `{"text","lang","expect"}`, or `{"text","lang","expect_ids","expect_value"}`.
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
    /// Print what was done with each question before the result.
    #[arg(long)]
    lines: bool,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Replay {
    /// Asks and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let loaded = self.files.bot()?;
        let bot = &loaded.bot;
        let questions = replay::questions(&read(&self.questions)?, bot).with_context(|| self.questions.display().to_string())?;
        for question in &questions {
            loaded.prepare(&question.text, question.lang)?;
        }
        let (shares, reactions) = replay::run(bot, &questions);
        let mut out = std::io::stdout();
        for reaction in reactions.iter().filter(|_| self.lines) {
            writeln!(out, "{}", serde_json::to_string(reaction)?)?;
        }
        if self.json {
            writeln!(out, "{}", serde_json::to_string(&shares)?)?;
            return Ok(());
        }
        for (of, shares) in &shares {
            writeln!(out, "{of}")?;
            for (name, share) in serde_json::to_value(shares)?.as_object().into_iter().flatten() {
                if let Some(share) = share.as_f64() {
                    writeln!(out, "  {name:<16} {share:.3}")?;
                }
            }
        }
        Ok(())
    }
}
