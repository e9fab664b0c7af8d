//! Sentence embeddings: one more score beside those that need no model, if somebody supplies the vectors.
//!
//! The bot asks no model itself. It says which texts it needs ([`texts`] of a knowledge, [`Bot::to_embed`] of a message), and looks vectors up where the caller
//! keeps them ([`Vectors`]). A line without a vector is ranked by the other scores alone, by the gate that was fitted to these: nothing else changes.
//!
//! How much the score counts is fitted to the knowledge on wordings that were left out ([`crate::fitting::embedding::fit`]). Where it does not help, it counts
//! nothing.

use std::sync::Arc;

use crate::bot::{Bot, normal_of};
use crate::embed::{Embedding, EntryVectors, Vectors, key, wordings};
use crate::fitting::elsewhere;
use crate::gate::Fitted;
use crate::human::{Need, hear};
use crate::knowledge::Knowledge;
use crate::short;
use crate::small_talk;
use crate::text::Lang;
use utterance::parts::parts;

impl Bot {
    /// Lets embeddings count as `fitted`. `known` has the vectors of the knowledge's [`texts`], `lines` is asked for those of each line.
    pub fn with_embeddings(mut self, fitted: &Fitted, known: &dyn Vectors, lines: &Arc<dyn Vectors>) -> Bot {
        for lang in [Lang::Zh, Lang::En] {
            let entries = || EntryVectors::new(&self.knowledge, lang, known);
            let embedding = fitted.side(lang).map(|weighted| Embedding::new(weighted.clone(), entries(), lines.clone()));
            self.indexes[lang as usize].embedding = embedding;
        }
        self
    }

    /// The texts whose vectors answering a message would use; none if embeddings do not count, or if the message is not looked up: a known wording, small talk,
    /// a short answer, a wish for a person, words of danger.
    pub fn to_embed(&self, text: &str, hint: Lang) -> Vec<String> {
        let lang = self.language(&normal_of(text), hint);
        let (normal, need) = hear(text);
        let is_looked_up = self.indexes[lang as usize].embedding.is_some()
            && normal.chars().any(char::is_alphanumeric)
            && !matches!(need, Need::Danger | Need::PossibleDanger | Need::Person)
            && self.letter_for_letter(&normal).is_none()
            && short::read(&normal).is_none();
        if !is_looked_up {
            return Vec::new();
        }
        let line = match small_talk::read(&normal, lang) {
            small_talk::Reading::Whole(_) => return Vec::new(),
            small_talk::Reading::Then(rest) => rest,
            small_talk::Reading::No => &normal,
        };
        let mut texts = parts(line, lang);
        if texts.iter().all(|part| part != line) {
            texts.push(line.to_owned());
        }
        texts.extend(short::opening(line).map(|(_, rest)| rest.to_owned()));
        texts.extend(short::contrast(line).map(|found| found.rest.to_owned()).filter(|rest| !rest.is_empty()));
        texts
    }
}

/// The texts whose vectors [`Bot::with_embeddings`] and [`crate::fitting::embedding::fit`] use, each once.
pub fn texts(knowledge: &Knowledge) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        let all = knowledge.entries.iter().flat_map(|entry| wordings(entry, lang).chain([entry.answer.side(lang)]));
        texts.extend(all.chain(elsewhere(lang).lines()).map(key).filter(|text| text.chars().any(char::is_alphanumeric)));
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}
