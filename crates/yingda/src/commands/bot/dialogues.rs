//! `yingda bot dialogues`

use std::{io::Write as _, path::PathBuf};

use anyhow::Context as _;
use bot::{Bot, Lang};
use bot_lab::dialogues::{self, Conversation, Response};
use clap::Args;
use service::rehearsal::Rehearsal;

use super::files::{KnowledgeFiles, read};

/// Holds conversations whose turns are known to be right or wrong.
#[derive(Args)]
pub struct Dialogues {
    #[command(flatten)]
    files: KnowledgeFiles,
    /// Dialogues, one JSON object a line: `{"id","lang","product"?,"turns":[{"say","expect":{"ids"?,"value"?,"outcome"?,"want_all"?,"not_same_as_previous"?,"smalltalk"?,"refuses"?}}]}`.
    #[arg(long, value_name = "FILE")]
    dialogues: PathBuf,
    /// Print what was done in each turn before the result.
    #[arg(long)]
    lines: bool,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

/// A conversation under the rules that hold for real ones.
struct Rehearsed<'a>(Rehearsal<'a>);

impl<'a> Rehearsed<'a> {
    fn new(bot: &'a Bot) -> Self {
        Self(Rehearsal::new(bot))
    }
}

impl Conversation for Rehearsed<'_> {
    fn respond(&mut self, line: &str, lang: Lang, product: Option<&str>) -> Response {
        let (answer, has_person) = self.0.respond(line, lang, product);
        Response { answer, has_person }
    }
}

impl Dialogues {
    /// Holds the conversations and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let loaded = self.files.bot()?;
        let bot = &loaded.bot;
        let talks = dialogues::dialogues(&read(&self.dialogues)?, bot).with_context(|| self.dialogues.display().to_string())?;
        for (talk, turn) in talks.iter().flat_map(|talk| talk.turns.iter().map(move |turn| (talk, turn))) {
            loaded.prepare(&turn.say, talk.lang)?;
        }
        let (shares, reactions) = dialogues::run(|| Rehearsed::new(bot), &talks);
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
