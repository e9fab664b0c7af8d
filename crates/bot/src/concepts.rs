//! Finds the phrases of a thesaurus in a line of tokens. A phrase found says "this line speaks of concept n",
//! whatever words were used for it.

use std::collections::HashMap;

/// A trie over the tokens of all phrases of one language.
#[derive(Debug, Default)]
pub(crate) struct Concepts {
    words: HashMap<String, u32>,
    next: HashMap<(u32, u32), u32>,
    groups: Vec<Vec<u32>>,
}

impl Concepts {
    /// An empty trie, to be filled by [`Concepts::add`].
    pub(crate) fn new() -> Self {
        Concepts { groups: vec![Vec::new()], ..Concepts::default() }
    }

    /// Adds a phrase of group `group`; an empty phrase is left out.
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
        if !groups.contains(&group) {
            groups.push(group);
        }
    }

    /// The groups of all phrases in `line`, except phrases that lie within a longer one found. Sorted, each once.
    pub(crate) fn find<S: AsRef<str>>(&self, line: &[S]) -> Vec<u32> {
        let words: Vec<Option<u32>> =
            line.iter().map(|word| self.words.get(word.as_ref()).copied()).collect();
        let mut found: Vec<(usize, usize, u32)> = Vec::new();
        for start in 0..words.len() {
            let mut node = 0;
            for (end, word) in words.iter().enumerate().skip(start) {
                let Some(word) = word else { break };
                let Some(&child) = self.next.get(&(node, *word)) else { break };
                node = child;
                if !self.groups[node as usize].is_empty() {
                    found.push((start, end + 1, node));
                }
            }
        }
        let mut groups = Vec::new();
        for &(start, end, node) in &found {
            let nested = found
                .iter()
                .any(|&(s, e, _)| s <= start && end <= e && (e - s) > (end - start));
            if !nested {
                groups.extend_from_slice(&self.groups[node as usize]);
            }
        }
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// Every word that occurs in a phrase.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
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
    fn a_phrase_may_stand_for_several_concepts() {
        let mut concepts = Concepts::new();
        concepts.add(&["作", "废"], 3);
        concepts.add(&["作", "废"], 1);
        assert_eq!(concepts.find(&["券", "作", "废", "了"]), [1, 3]);
    }
}
