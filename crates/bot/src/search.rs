//! Finds entries by the text that somebody types into a search field: a question, a few words, or a single one.

use crate::bot::{Bot, shorten};
use crate::text::{Lang, detect, normalise, skeleton, tokens};

/// Besides the first entry, entries are found that have at least this fraction of its share of belief.
const LEAST_SHARE: f32 = 0.2;
/// The most rewordings of a line that are tried.
const MOST_REWORDINGS: usize = 16;

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The id of the entry.
    pub id: String,
    /// The question of the entry in the reader's language.
    pub question: String,
    /// The answer of the entry in the reader's language.
    pub answer: String,
}

impl Bot {
    /// At most `limit` entries that answer what was typed, best first: those that the bot would answer with or offer, then those with a wording that contains
    /// it. Misspelt words, synonyms and words that sound the same find them too.
    pub fn search(&self, text: &str, reader: Lang, limit: usize) -> Vec<Hit> {
        let normal = normalise(&shorten(text));
        let typed = normal.trim();
        if skeleton(typed).chars().count() < 2 {
            return Vec::new();
        }
        let lang = self.language(typed, reader);
        let ranking = self.indexes[lang as usize].rank(typed);
        let mut found: Vec<usize> = Vec::new();
        if ranking.is_likely() {
            let least = ranking.shares.first().copied().unwrap_or(0.0) * LEAST_SHARE;
            found.extend(ranking.order.iter().zip(&ranking.shares).filter(|(_, share)| **share >= least).map(|(at, _)| *at).take(limit));
        }
        // Latin letters may be Chinese by sound for somebody who reads Chinese
        let sides = if detect(typed) == Some(Lang::Zh) { [Lang::Zh; 2] } else { [reader, lang] };
        for at in sides.into_iter().flat_map(|side| self.completions(typed, side, limit)) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        let hit = |at: usize| {
            let entry = &self.knowledge.entries[at];
            Hit { id: entry.id.clone(), question: entry.question.get(reader).to_owned(), answer: entry.answer.get(reader).to_owned() }
        };
        found.into_iter().take(limit).map(hit).collect()
    }

    /// The line with one phrase of the thesaurus replaced by a synonym at a time, the longest phrase first: "移动电话" as "手机".
    pub fn rewordings(&self, text: &str) -> Vec<String> {
        let normal = normalise(&shorten(text));
        let lang = detect(&normal).unwrap_or(Lang::Zh);
        let joined = |line: &str| match lang {
            Lang::Zh => line.trim().to_owned(),
            Lang::En => format!(" {} ", tokens(line).join(" ")),
        };
        let line = joined(&normal);
        let mut found: Vec<(usize, String)> = Vec::new();
        for group in self.knowledge.thesaurus.side(lang) {
            let phrases: Vec<String> = group.iter().map(|phrase| joined(&normalise(phrase))).collect();
            for phrase in phrases.iter().filter(|phrase| phrase.chars().count() > 1 && line.contains(phrase.as_str())) {
                for other in phrases.iter().filter(|other| *other != phrase) {
                    found.push((phrase.chars().count(), line.replace(phrase.as_str(), other).trim().to_owned()));
                }
            }
        }
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let mut out: Vec<String> = Vec::new();
        for (_, reworded) in found {
            if out.len() < MOST_REWORDINGS && !out.contains(&reworded) {
                out.push(reworded);
            }
        }
        out
    }
}
