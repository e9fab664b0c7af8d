//! Reads what a line refuses as the goods and plans that it leaves out.

use std::ops::Range;

use utterance::refusal::{Kind, refusals};

use crate::graph::Graph;
use crate::graph::facts::Item;
use crate::graph::reading::Reading;
use crate::text::Lang;

/// What a line refuses, by its tokens.
pub(super) struct Refusals {
    /// The words that refuse, what is refused, and how, each.
    found: Vec<(Range<usize>, Range<usize>, Kind)>,
    /// Whether a token says what is refused, or refuses it.
    pub(super) said: Vec<bool>,
}

impl Refusals {
    /// Reads a normalised line, of which these are the tokens.
    pub(super) fn of(normal: &str, raw: &[&str], lang: Lang) -> Refusals {
        let found = refusals(normal, lang);
        let places = if found.is_empty() { Vec::new() } else { places(normal, raw) };
        let tokens = |bytes: &Range<usize>| places.partition_point(|at| *at < bytes.start)..places.partition_point(|at| *at < bytes.end);
        let found = found.iter().map(|refusal| (tokens(&refusal.no), tokens(&refusal.what), refusal.kind));
        Refusals::new(found.filter(|(_, what, _)| !what.is_empty()).collect(), raw.len())
    }

    fn new(found: Vec<(Range<usize>, Range<usize>, Kind)>, length: usize) -> Refusals {
        let mut said = vec![false; length];
        for (no, what, _) in &found {
            said[no.clone()].fill(true);
            said[what.clone()].fill(true);
        }
        Refusals { found, said }
    }

    /// Of a thing that is named, what it lacks is no refusal: "does the watch work without a phone", "X9 has no picture".
    pub(super) fn settle(&mut self, is_named: bool) {
        if is_named && self.found.iter().any(|(_, _, kind)| *kind != Kind::Wish) {
            let wishes = std::mem::take(&mut self.found).into_iter().filter(|(_, _, kind)| *kind == Kind::Wish).collect();
            *self = Refusals::new(wishes, self.said.len());
        }
    }

    /// Whether these tokens are refused.
    pub(super) fn holds(&self, start: usize, end: usize) -> bool {
        self.found.iter().any(|(_, what, _)| what.start <= start && end <= what.end)
    }

    /// The tokens without those that are refused.
    pub(super) fn blanked<'a>(&self, line: &'a [String]) -> std::borrow::Cow<'a, [String]> {
        if self.found.is_empty() {
            return line.into();
        }
        line.iter().zip(&self.said).map(|(word, said)| if *said { String::new() } else { word.clone() }).collect()
    }
}

/// Where each token begins.
fn places(normal: &str, raw: &[&str]) -> Vec<usize> {
    raw.iter().map(|word| (word.as_ptr() as usize).saturating_sub(normal.as_ptr() as usize)).collect()
}

impl Graph {
    /// Reads the items that are refused: those that are named, or those of a kind, a use or a word of their data sheets; of a kind and a use, those of both.
    pub(super) fn read_refused(&self, reading: &mut Reading, refusals: &Refusals, line: &[String], lang: Lang) {
        let lexicon = &self.lexicons[lang as usize];
        for (_, what, _) in &refusals.found {
            let words = &line[what.clone()];
            let spans = lexicon.groups.spans(words);
            let groups: Vec<u32> = spans.iter().flat_map(|span| span.groups).copied().collect();
            let (kinds, uses): (Vec<u32>, Vec<u32>) = groups.iter().partition(|group| self.groups[**group as usize].is_a_kind());
            let of = |groups: &[u32]| groups.iter().flat_map(|group| self.groups[*group as usize].items.iter().copied()).collect::<Vec<Item>>();
            let mut sets = vec![self.names.items_in(words, lang), of(&uses)];
            if sets.iter().all(Vec::is_empty) {
                let known = |at: usize| spans.iter().any(|span| (span.start..span.end).contains(&at)) || lexicon.fillers.knows(&words[at]);
                let told: Vec<bool> = (0..words.len()).map(known).collect();
                let pieces = super::pieces(words, &told, lang);
                let is_word = |piece: &String| !piece.bytes().any(|byte| byte.is_ascii_digit());
                let said_of = |item: &Item| pieces.iter().all(|piece| is_word(piece) && self.mentions(*item, piece, lang));
                sets.push(if pieces.is_empty() { Vec::new() } else { (0..self.nodes.len() as Item).filter(said_of).collect() });
            }
            let is_plain = sets.iter().all(Vec::is_empty);
            // of "not the folding phones", the phones are what is looked for
            if !is_plain {
                kinds.iter().for_each(|kind| {
                    if !reading.groups.contains(kind) {
                        reading.groups.push(*kind)
                    }
                });
            }
            sets.push(of(&kinds));
            sets.retain(|set| !set.is_empty());
            let Some((first, others)) = sets.split_first() else { continue };
            reading.refused.extend(first.iter().filter(|item| others.iter().all(|set| set.contains(item))));
        }
        reading.refused.sort_unstable();
        reading.refused.dedup();
    }
}
