//! The features of labelled lines: words, pairs of words and character n-grams, hashed, weighted and scaled.
//!
//! There are two blocks: words and pairs of words (for Chinese, characters and pairs of characters), and character 2- to 5-grams of Latin words. Each is
//! weighted by log frequency and rarity and scaled to unit length. Features that were never learned count in the length: a line full of unknown words scores
//! low everywhere, which is what tells it from lines that the labels cover.
//!
//! If somebody supplies the vectors of sentence embeddings, these are a third block, as long as each of the others.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::embed::Vectors;
use crate::grams::{Gram, character_grams, hash};
use crate::text::{is_han, normalise, tokens};

/// The counted features of one line, words and characters separately.
pub struct Blocks([Vec<(Gram, f32)>; 2]);

impl Blocks {
    /// The features of a line as it is written.
    pub fn of(text: &str) -> Blocks {
        let normal = normalise(text);
        let tokens = tokens(&normal);
        let (mut words, mut characters) = (Vec::new(), Vec::new());
        for (at, word) in tokens.iter().enumerate() {
            words.push(hash(b'w', &[word]));
            if at > 0 {
                words.push(hash(b'p', &[tokens[at - 1], word]));
            }
            if !word.chars().any(is_han) {
                character_grams(word, 2..=5, |piece| characters.push(hash(b'c', &[piece])));
            }
        }
        Blocks([count(words), count(characters)])
    }
}

fn count(mut grams: Vec<Gram>) -> Vec<(Gram, f32)> {
    grams.sort_unstable();
    let mut out: Vec<(Gram, f32)> = Vec::with_capacity(grams.len());
    for gram in grams {
        match out.last_mut() {
            Some((last, count)) if *last == gram => *count += 1.0,
            _ => out.push((gram, 1.0)),
        }
    }
    out
}

/// The features of one line with their weights.
#[derive(Debug, Default, Clone)]
pub struct Vector {
    /// The known features, those of words first.
    pub values: Vec<(u32, f32)>,
    /// How many of `values` are features of words.
    pub words: usize,
    /// The number of distinct features of words, known or not: the length of the line.
    pub length: usize,
}

/// The features that occur in the training lines, with their rarity.
#[derive(Debug)]
pub struct Features {
    ids: HashMap<Gram, u32>,
    idf: Vec<f32>,
    unknown_idf: f32,
    dense: Option<Dense>,
}

/// The vectors of lines, whose numbers are features behind all others.
struct Dense {
    vectors: Arc<dyn Vectors>,
    size: usize,
}

impl fmt::Debug for Dense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dense").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Features {
    /// Numbers the features of lines and counts in how many lines each occurs.
    pub fn learn(lines: &[Blocks]) -> Features {
        let mut ids: HashMap<Gram, u32> = HashMap::new();
        let mut df: Vec<f32> = Vec::new();
        for (gram, _) in lines.iter().flat_map(|blocks| blocks.0.iter().flatten()) {
            let fresh = df.len() as u32;
            let id = *ids.entry(*gram).or_insert(fresh);
            if id == fresh {
                df.push(0.0);
            }
            df[id as usize] += 1.0;
        }
        let n = lines.len() as f32;
        let idf = |df: f32| ((1.0 + n) / (1.0 + df)).ln() + 1.0;
        Features { ids, idf: df.into_iter().map(idf).collect(), unknown_idf: idf(1.0), dense: None }
    }

    /// The same with the vectors of lines as a third block.
    pub(crate) fn with_vectors(self, vectors: &Arc<dyn Vectors>, size: usize) -> Features {
        Features { dense: Some(Dense { vectors: vectors.clone(), size }), ..self }
    }

    /// The number of features.
    pub fn count(&self) -> usize {
        self.idf.len() + self.dense.as_ref().map_or(0, |dense| dense.size)
    }

    /// The approximate number of bytes that the table takes.
    pub fn bytes(&self) -> usize {
        self.idf.len() * 4 + self.ids.capacity() * 17
    }

    /// The features of a line as it is written.
    pub fn of(&self, text: &str, blocks: &Blocks) -> Vector {
        let mut vector = self.vector(blocks);
        if let Some(found) = self.dense.as_ref().and_then(|dense| dense.vectors.of(text).filter(|found| found.len() == dense.size)) {
            vector.values.extend((self.idf.len() as u32..).zip(found.iter().copied()));
        }
        vector
    }

    /// The known features with their weights; each block has unit length if the unknown ones are counted in.
    pub fn vector(&self, blocks: &Blocks) -> Vector {
        let mut out = Vector { values: Vec::with_capacity(blocks.0.iter().map(Vec::len).sum()), words: 0, length: blocks.0[0].len() };
        for (number, block) in blocks.0.iter().enumerate() {
            let from = out.values.len();
            let mut length = 0.0;
            for (gram, count) in block {
                let id = self.ids.get(gram);
                let value = (1.0 + count.ln()) * id.map_or(self.unknown_idf, |id| self.idf[*id as usize]);
                length += value * value;
                if let Some(&id) = id {
                    out.values.push((id, value));
                }
            }
            let length = length.sqrt();
            if length > 0.0 {
                out.values[from..].iter_mut().for_each(|(_, value)| *value /= length);
            }
            if number == 0 {
                out.words = out.values.len();
            }
        }
        out
    }
}
