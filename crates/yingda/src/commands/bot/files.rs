//! A company's knowledge in files, for the commands that ask a bot.

use std::{
    fs::read_to_string,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bot::{Bot, Knowledge, Lang, embedded::texts, fitting};
use clap::Args;

use super::model::Model;

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
    /// A folder with a model of sentence embeddings (`config.json`, `tokenizer.json`, `model.safetensors`), which takes part as after publishing. Needs a program
    /// built with the feature `embed`.
    #[arg(long, value_name = "DIR")]
    embed: Option<PathBuf>,
}

/// The bot of a company's files, with the model that takes part.
pub struct LoadedBot {
    /// The bot.
    pub bot: Bot,
    model: Option<Model>,
}

impl LoadedBot {
    /// Fetches what answering this message needs of the model; a message without it is answered as if there were no model.
    pub fn prepare(&self, text: &str, screen: Lang) -> anyhow::Result<()> {
        self.model.as_ref().map_or(Ok(()), |model| model.read(self.bot.to_embed(text, screen)))
    }
}

impl KnowledgeFiles {
    /// The bot of this knowledge, with gates that are fitted to it as after publishing.
    pub fn bot(&self) -> anyhow::Result<LoadedBot> {
        let entries = self.knowledge.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let graph = self.graph.as_deref().map(read).transpose()?.unwrap_or_default();
        let knowledge = Knowledge::parse(&entries, &read(&self.synonyms)?, &read(&self.goods)?, &read(&self.plans)?, &graph)?;
        let gates = fitting::fit(&knowledge);
        let Some(folder) = &self.embed else { return Ok(LoadedBot { bot: Bot::with_gates(knowledge, gates), model: None }) };
        let model = Model::open(folder)?;
        let known = model.vectors(texts(&knowledge))?;
        let fitted = fitting::embedding::fit(&knowledge, &folder.display().to_string(), &known);
        let bot = Bot::with_gates(knowledge, gates).with_embeddings(&fitted, &known, &model.lines());
        Ok(LoadedBot { bot, model: Some(model) })
    }
}

/// The text of a file.
pub fn read(path: &Path) -> anyhow::Result<String> {
    read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
