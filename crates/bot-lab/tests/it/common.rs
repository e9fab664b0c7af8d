//! What the tests share: the demo's knowledge, and the models that come with the bot.

use bot::human::Meaning;
use bot::{Knowledge, Lang};
use bot_lab::training::digest;

#[path = "../../../bot/tests/it/common.rs"]
mod of_bot;

pub use of_bot::{LANGS, demo};

/// The models of what is heard before anything else, by the names of their files.
pub fn models() -> impl Iterator<Item = (String, Meaning, Lang)> {
    let meanings = [(Meaning::Person, "person"), (Meaning::Danger, "danger")];
    meanings.into_iter().flat_map(|(meaning, name)| LANGS.map(|lang| (format!("{name}.{}", &lang.tag()[..2]), meaning, lang)))
}

/// What these models are learned from, a line each.
pub fn digests(knowledge: &Knowledge) -> String {
    models().map(|(name, meaning, lang)| format!("{name} {:016x}\n", digest(meaning, lang, knowledge))).collect()
}
