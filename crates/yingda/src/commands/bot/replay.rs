//! `yingda bot replay`

use std::{
    fs::read_to_string,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bot::{Bot, Knowledge, fitting, replay};
use clap::Args;

/// A company's knowledge as files in the format of `demo/`.
#[derive(Args)]
pub struct KnowledgeFiles {
    /// Entries, one JSON object a line; several files can be given.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    knowledge: Vec<PathBuf>,
    /// Synonyms: `{"zh": [["a", "b"]], "en": []}`.
    #[arg(long, value_name = "FILE")]
    synonyms: PathBuf,
    /// Goods: `{"goods": []}`.
    #[arg(long, value_name = "FILE")]
    goods: PathBuf,
    /// Plans: `{"plans": []}`.
    #[arg(long, value_name = "FILE")]
    plans: PathBuf,
}

impl KnowledgeFiles {
    /// The bot of this knowledge, with gates that are fitted to it as after publishing.
    fn bot(&self) -> anyhow::Result<Bot> {
        let entries = self.knowledge.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let knowledge = Knowledge::parse(&entries, &read(&self.synonyms)?, &read(&self.goods)?, &read(&self.plans)?, "")?;
        let gates = fitting::fit(&knowledge);
        Ok(Bot::with_gates(knowledge, gates))
    }
}

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
        let bot = self.files.bot()?;
        let questions = replay::questions(&read(&self.questions)?, &bot).with_context(|| self.questions.display().to_string())?;
        let (shares, reactions) = replay::run(&bot, &questions);
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

fn read(path: &Path) -> anyhow::Result<String> {
    read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
