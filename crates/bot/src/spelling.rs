//! Corrects misspelt English words with the help of the words that the company uses.

use std::collections::HashMap;

pub use utterance::edits::edits;

/// The most words of one first letter and length that a misspelt word is compared with, those that were learned first.
const MOST_NEAR: usize = 4_096;

/// The known words with the number of their occurrences, grouped by first letter and length.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    counts: HashMap<String, u32>,
    near: HashMap<(char, usize), Vec<String>>,
}

impl Spelling {
    /// Counts one more occurrence of `word`.
    pub(crate) fn learn(&mut self, word: &str) {
        if !word.chars().all(char::is_alphabetic) {
            return;
        }
        if let Some(count) = self.counts.get_mut(word) {
            *count += 1;
            return;
        }
        self.counts.insert(word.to_owned(), 1);
        if let Some(initial) = word.chars().next() {
            let near = self.near.entry((initial, word.chars().count())).or_default();
            if near.len() < MOST_NEAR {
                near.push(word.to_owned());
            }
        }
    }

    /// The known word that a misspelt one most likely stands for: it has the same first letter and is one edit away (two for words of eight letters or more;
    /// swapping two neighbours is one edit); the nearest is preferred, then the more frequent. `None` for known or short words, and if there is no such word.
    pub(crate) fn mend(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if length < 4 || self.counts.contains_key(word) || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        let allowed = if length >= 8 { 2 } else { 1 };
        let initial = word.chars().next()?;
        let mut best: Option<(usize, u32, &str)> = None;
        for known in (length - allowed..=length + allowed).filter_map(|length| self.near.get(&(initial, length))).flatten() {
            let distance = edits(word, known, allowed);
            if distance > allowed {
                continue;
            }
            let count = self.counts.get(known).copied().unwrap_or(0);
            let better = best.is_none_or(|(d, n, w)| (distance, std::cmp::Reverse(count), known.as_str()) < (d, std::cmp::Reverse(n), w));
            if better {
                best = Some((distance, count, known));
            }
        }
        best.map(|(_, _, known)| known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_becomes_the_nearest_known_one() {
        let mut spelling = Spelling::default();
        for word in ["plan", "plain", "cancel", "withdrawal", "plan"] {
            spelling.learn(word);
        }
        assert_eq!(spelling.mend("paln"), Some("plan"));
        assert_eq!(spelling.mend("cancle"), Some("cancel"));
        assert_eq!(spelling.mend("withdrawl"), Some("withdrawal"));
        assert_eq!(spelling.mend("plan"), None);
        assert_eq!(spelling.mend("zebra"), None);
    }
}
