//! `yingda bot answer`

use std::io::Write as _;

use bot::Lang;
use clap::Args;
use serde_json::json;
use service::rehearsal::Rehearsal;

use super::files::KnowledgeFiles;

/// Answers what a customer writes.
#[derive(Args)]
pub struct Answer {
    #[command(flatten)]
    files: KnowledgeFiles,
    /// What the customer writes; given several times, the turns of one conversation.
    #[arg(long, value_name = "TEXT", required = true)]
    text: Vec<String>,
    /// The language of the customer's screen, for lines that do not show theirs.
    #[arg(long, value_name = "zh-CN|en", default_value = "zh-CN")]
    lang: String,
    /// The product or plan on the customer's page.
    #[arg(long, value_name = "ID")]
    product: Option<String>,
    /// Print each answer as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Answer {
    /// Answers and prints.
    pub fn run(self) -> anyhow::Result<()> {
        let lang = match self.lang.as_str() {
            "zh" | "zh-CN" => Lang::Zh,
            "en" => Lang::En,
            other => anyhow::bail!("--lang is zh-CN or en, not {other:?}"),
        };
        let loaded = self.files.bot()?;
        let bot = &loaded.bot;
        if let Some(id) = self.product.as_deref().filter(|id| !bot.knows_item(id)) {
            anyhow::bail!("--product: there is no product or plan {id:?}");
        }
        let (mut conversation, mut out) = (Rehearsal::new(bot), std::io::stdout());
        for text in &self.text {
            loaded.prepare(text, lang)?;
            let (answer, has_person) = conversation.respond(text, lang, self.product.as_deref());
            if self.json {
                writeln!(out, "{}", as_json(text, &answer, has_person)?)?;
            } else {
                writeln!(out, "{}", as_text(text, &answer, has_person))?;
            }
        }
        Ok(())
    }
}

fn as_json(text: &str, answer: &bot::Answer, has_person: bool) -> anyhow::Result<serde_json::Value> {
    let mut all = json!({ "asked": text, "has_person": has_person });
    if let (Some(all), serde_json::Value::Object(answer)) = (all.as_object_mut(), serde_json::to_value(answer)?) {
        all.extend(answer);
    }
    Ok(all)
}

fn as_text(text: &str, answer: &bot::Answer, has_person: bool) -> String {
    let sources: Vec<&str> = answer.items.iter().map(|source| source.id.as_str()).collect();
    let mut lines = vec![format!("> {text}"), format!("{} {:.2} {}", answer.outcome.name(), answer.confidence, sources.join(" ")).trim_end().to_owned()];
    lines.extend(Some(answer.text.clone()).filter(|text| !text.is_empty()));
    lines.extend(answer.options.iter().map(|option| format!("- {} {}", option.id, option.text)));
    lines.extend(has_person.then(|| "(a person is called or offered)".to_owned()));
    lines.join("\n") + "\n"
}
