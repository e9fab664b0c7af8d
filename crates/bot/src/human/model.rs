//! A linear model over hashed features of a line, small enough to come with the program.

use super::classes::{Finder, Found, line_of};
use crate::grams::{hash, pieces};
use crate::text::Lang;

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
        // A feature counts once: the places that were met, in a table of at least twice as many.
        const FREE: u32 = u32::MAX;
        let mut met = vec![FREE; (features.len() * 2).next_power_of_two()];
        let (inside, within) = (self.weights.len() as u64 - 1, met.len() - 1);
        let mut sum = 0i32;
        for feature in features {
            let place = (feature & inside) as u32;
            let mut slot = place as usize & within;
            while met[slot] != FREE && met[slot] != place {
                slot = (slot + 1) & within;
            }
            if met[slot] == FREE {
                met[slot] = place;
                sum += i32::from(self.weights[place as usize] as i8);
            }
        }
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

/// The features of a line: single tokens, neighbours, pairs close to each other, pieces of words, and of what kinds its words are.
pub fn features(tokens: &[&str], lang: Lang) -> Vec<u64> {
    let line = line_of(tokens, lang);
    let mut found: Vec<u64> = Vec::with_capacity(4 * tokens.len() + line.len());
    let mut note = |kind: u8, pieces: &[&str]| found.push(hash(kind, pieces));
    let edge = |at: usize| if at == 0 { Some("^") } else { tokens.get(at - 1).copied().or((at == tokens.len() + 1).then_some("$")) };
    // In an English line, a token stands behind the space that ends the one before it.
    let mut at_in_line = 0;
    for at in 0..tokens.len() + 2 {
        let Some(token) = edge(at) else { break };
        note(b'1', &[token]);
        if let Some(second) = edge(at + 1) {
            note(b'2', &[token, second]);
            if let Some(third) = edge(at + 2) {
                note(b'3', &[token, second, third]);
                if lang == Lang::En {
                    note(b's', &[token, third]);
                }
            }
        }
        if lang == Lang::En && (1..=tokens.len()).contains(&at) {
            let spaced = &line[at_in_line..at_in_line + token.len() + 2];
            at_in_line += token.len() + 1;
            if token.chars().count() > 3 {
                pieces(spaced, 3..=4, |piece| note(b'c', &[piece]));
            }
        }
    }
    let mut kinds: Vec<Found> = Finder::of(lang).map(|finder| finder.find(&line)).unwrap_or_default();
    // Of the words of one kind that overlap, the longest counts.
    kinds.sort_unstable_by_key(|&(at, length, kind)| (kind, at, std::cmp::Reverse(length)));
    let mut last: Option<Found> = None;
    kinds.retain(|&one| {
        let counts = last.is_none_or(|last| last.2 != one.2 || last.0 + last.1 <= one.0 + usize::from(lang == Lang::En));
        last = if counts { Some(one) } else { last };
        counts
    });
    kinds.sort_unstable();
    for (place, (at, length, kind)) in kinds.iter().enumerate() {
        let mut letter = [0; 4];
        let kind: &str = kind.encode_utf8(&mut letter);
        note(b'K', &[kind]);
        for (other_at, _, other) in kinds.iter().skip(place + 1).take(3) {
            let far = if *other_at > at + length + 12 { "far" } else { "near" };
            note(b'P', &[kind, other.encode_utf8(&mut [0; 4]), far]);
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
