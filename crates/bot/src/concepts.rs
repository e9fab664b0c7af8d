//! Finds the phrases of a thesaurus in a line of tokens. A phrase that is found shows that the line is about concept n, whatever words were used for it.

use std::collections::HashMap;

/// The most groups that a phrase belongs to; it means nothing in further ones. Each is a feature of every line that has the phrase.
const MOST_GROUPS: usize = 16;

/// A phrase that was found: the tokens `start..end`, and the groups it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub start: usize,
    pub end: usize,
    pub groups: &'a [u32],
}

/// A trie over the tokens of all phrases of one language.
#[derive(Debug, Default)]
pub(crate) struct Concepts {
    words: HashMap<String, u32>,
    next: HashMap<(u32, u32), u32>,
    groups: Vec<Vec<u32>>,
}

impl Concepts {
    /// An empty trie, to be filled with [`Concepts::add`].
    pub(crate) fn new() -> Self {
        Concepts { groups: vec![Vec::new()], ..Concepts::default() }
    }

    /// Adds a phrase of group `group`; an empty phrase is ignored.
    pub(crate) fn add<S: AsRef<str>>(&mut self, phrase: &[S], group: u32) {
        if phrase.is_empty() {
            return;
        }
        let mut node = 0;
        for word in phrase {
            let fresh = self.words.len() as u32;
            let word = *self.words.entry(word.as_ref().to_owned()).or_insert(fresh);
            let fresh = self.groups.len() as u32;
            node = *self.next.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.groups.push(Vec::new());
            }
        }
        let groups = &mut self.groups[node as usize];
        if groups.len() < MOST_GROUPS && !groups.contains(&group) {
            groups.push(group);
        }
    }

    /// The groups of all phrases in `line`, except phrases within a longer one that was found; sorted and without duplicates.
    pub(crate) fn find<S: AsRef<str>>(&self, line: &[S]) -> Vec<u32> {
        let mut groups: Vec<u32> = self.spans(line).iter().flat_map(|span| span.groups).copied().collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The positions of the phrases, in their order, without phrases within a longer one that was found.
    pub(crate) fn spans<S: AsRef<str>>(&self, line: &[S]) -> Vec<Span<'_>> {
        let words: Vec<Option<u32>> = line.iter().map(|word| self.words.get(word.as_ref()).copied()).collect();
        let mut found: Vec<Span<'_>> = Vec::new();
        for start in 0..words.len() {
            let mut node = 0;
            let mut longest: Option<Span<'_>> = None;
            for (at, word) in words.iter().enumerate().skip(start) {
                let Some(word) = word else { break };
                let Some(&child) = self.next.get(&(node, *word)) else { break };
                node = child;
                let groups = self.groups[node as usize].as_slice();
                if !groups.is_empty() {
                    longest = Some(Span { start, end: at + 1, groups });
                }
            }
            // What was found before began before it, and the last of these ends last.
            found.extend(longest.filter(|span| found.last().is_none_or(|last| last.end < span.end)));
        }
        found
    }

    /// Whether the word occurs in any phrase.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_inside_a_longer_phrase_is_not_found() {
        let mut concepts = Concepts::new();
        concepts.add(&["change", "plan"], 1);
        concepts.add(&["plan"], 2);
        assert_eq!(concepts.find(&["change", "plan", "now"]), [1]);
        assert_eq!(concepts.find(&["my", "plan"]), [2]);
        assert_eq!(concepts.find(&["change"]), [] as [u32; 0]);
    }

    #[test]
    fn of_phrases_that_overlap_all_are_found_and_a_long_line_of_them_takes_no_longer() {
        let mut concepts = Concepts::new();
        concepts.add(&["a", "b"], 1);
        concepts.add(&["b", "c"], 2);
        concepts.add(&["b"], 3);
        assert_eq!(concepts.find(&["a", "b", "c"]), [1, 2]);
        for length in 1..=40 {
            concepts.add(&vec!["x"; length], 10 + length as u32);
        }
        // Each beginning has forty phrases: comparing each with each would take minutes.
        let spans = concepts.spans(&vec!["x"; 100_000]).len();
        assert_eq!(spans, 100_000 - 39);
    }

    #[test]
    fn a_phrase_of_very_many_groups_belongs_to_the_first() {
        let mut concepts = Concepts::new();
        (0..1_000).for_each(|group| concepts.add(&["x"], group));
        assert_eq!(concepts.find(&["x"]), (0..MOST_GROUPS as u32).collect::<Vec<_>>());
    }

    #[test]
    fn a_phrase_may_stand_for_several_concepts() {
        let mut concepts = Concepts::new();
        concepts.add(&["作", "废"], 3);
        concepts.add(&["作", "废"], 1);
        assert_eq!(concepts.find(&["券", "作", "废", "了"]), [1, 3]);
    }
}
