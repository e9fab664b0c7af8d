//! A linear model over hashed features of a line, small enough to come with the program.

use super::classes::{in_line, line_of};
use crate::grams::{character_grams, hash};
use crate::text::{Lang, list};

/// Weights as they come with the program: the constant and the unit of the weights as `f32` (little endian), then a signed byte for each weight. Features share
/// weights: the more there are, the fewer share one.
pub struct Model<'a> {
    constant: f32,
    unit: f32,
    weights: &'a [u8],
}

impl<'a> Model<'a> {
    /// Reads a model; `None` unless the number of its weights is a power of two.
    pub fn read(bytes: &'a [u8]) -> Option<Model<'a>> {
        let (constant, rest) = bytes.split_first_chunk::<4>()?;
        let (unit, weights) = rest.split_first_chunk::<4>()?;
        weights.len().is_power_of_two().then(|| Model { constant: f32::from_le_bytes(*constant), unit: f32::from_le_bytes(*unit), weights })
    }

    /// The probability that a line with these features belongs.
    pub fn probability(&self, features: &[u64]) -> f32 {
        let sum: i32 = places(features, self.weights.len()).into_iter().map(|at| i32::from(self.weights[at] as i8)).sum();
        1.0 / (1.0 + (-(self.constant + self.unit * sum as f32)).exp())
    }
}

/// The weights that features use among so many, each once.
pub fn places(features: &[u64], weights: usize) -> Vec<usize> {
    let mut places: Vec<usize> = features.iter().map(|feature| (feature % weights as u64) as usize).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The features of a line: single tokens, neighbours, pairs close to each other, pieces of words, and of what `classes` its words belong to.
pub fn features(tokens: &[&str], lang: Lang, classes: &[(char, &'static str)]) -> Vec<u64> {
    let mut found: Vec<u64> = Vec::new();
    let mut note = |kind: u8, pieces: &[&str]| found.push(hash(kind, pieces));
    let bounded: Vec<&str> = std::iter::once("^").chain(tokens.iter().copied()).chain(std::iter::once("$")).collect();
    for (at, token) in bounded.iter().enumerate() {
        note(b'1', &[token]);
        if let Some(next) = bounded.get(at + 1) {
            note(b'2', &[token, next]);
        }
        if let [second, third] = bounded.get(at + 1..at + 3).unwrap_or_default() {
            note(b'3', &[token, second, third]);
            if lang == Lang::En {
                note(b's', &[token, third]);
            }
        }
        if lang == Lang::En && token.chars().count() > 3 {
            character_grams(token, 3..=4, |piece| note(b'c', &[piece]));
        }
    }
    let line = line_of(tokens, lang);
    let mut kinds: Vec<(usize, usize, char)> = Vec::new();
    for (kind, words) in classes {
        for word in list(words) {
            let word = in_line(word, lang);
            kinds.extend(line.match_indices(word.as_str()).map(|(at, _)| (at, word.len(), *kind)));
        }
    }
    // Of the words of one kind that overlap, the longest counts.
    kinds.sort_by_key(|&(at, length, kind)| (kind, at, std::cmp::Reverse(length)));
    let mut kept: Vec<(usize, usize, char)> = Vec::new();
    for one in kinds {
        if kept.last().is_none_or(|last| last.2 != one.2 || last.0 + last.1 <= one.0 + usize::from(lang == Lang::En)) {
            kept.push(one);
        }
    }
    kept.sort_unstable();
    for (place, (at, length, kind)) in kept.iter().enumerate() {
        let kind = kind.to_string();
        note(b'K', &[&kind]);
        for (other_at, _, other) in kept.iter().skip(place + 1).take(3) {
            let far = if *other_at > at + length + 12 { "far" } else { "near" };
            note(b'P', &[&kind, &other.to_string(), far]);
        }
    }
    note(
        b'l',
        &[match tokens.len() {
            0..=2 => "2",
            3..=5 => "5",
            6..=10 => "10",
            11..=20 => "20",
            _ => "more",
        }],
    );
    found
}
