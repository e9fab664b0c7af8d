//! A company's knowledge in files, for the commands that ask a bot.

use std::{
    fs::read_to_string,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bot::{Bot, Knowledge, fitting};
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
    /// What the company adds to its catalogue for the bot: `{"aliases": [], "relations": [], "units": [], "faqs": []}`.
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
}

impl KnowledgeFiles {
    /// The bot of this knowledge, with gates that are fitted to it as after publishing.
    pub fn bot(&self) -> anyhow::Result<Bot> {
        let entries = self.knowledge.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let graph = self.graph.as_deref().map(read).transpose()?.unwrap_or_default();
        let knowledge = Knowledge::parse(&entries, &read(&self.synonyms)?, &read(&self.goods)?, &read(&self.plans)?, &graph)?;
        let gates = fitting::fit(&knowledge);
        Ok(Bot::with_gates(knowledge, gates))
    }
}

/// The text of a file.
pub fn read(path: &Path) -> anyhow::Result<String> {
    read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
