//! Corrects misspelt English words with the help of the words that the company uses.

use std::collections::HashMap;

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

/// The edit distance with swaps of neighbours; `limit + 1` as soon as it is known to exceed the limit.
pub fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let swap = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + swap);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
        // A swap takes its beginning from the row before: only two rows beyond the limit end it.
        if last.iter().chain(&before).all(|&distance| distance > limit) {
            return limit + 1;
        }
    }
    last[b.len()].min(limit + 1)
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

    #[test]
    fn distances_are_exact_up_to_the_limit() {
        for (a, b, distance) in
            [("", "", 0), ("plan", "paln", 1), ("cancel", "cancle", 1), ("ab", "ba", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3), ("abc", "xyz", 3)]
        {
            for limit in 0..5 {
                assert_eq!(edits(a, b, limit), distance.min(limit + 1), "{a} {b} {limit}");
            }
        }
    }
}
