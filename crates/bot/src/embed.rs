//! The vectors of sentences, and the score that comes of them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gate::Weighted;
use crate::knowledge::{Entry, Knowledge};
use crate::text::{Lang, normalise};

/// Of longer texts, only so many characters are embedded.
const MOST_CHARS: usize = 400;
/// What the answer counts beside the wording that is nearest.
const ANSWER: f32 = 0.25;

/// The vector of a text, of length 1.
pub type Vector = Arc<[f32]>;

/// A vector with length 1; `None` of one with something that is not a number, or with nothing but zeros.
pub fn unit(vector: Vec<f32>) -> Option<Vector> {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    let usable = length.is_finite() && length > 1e-12;
    usable.then(|| vector.into_iter().map(|value| (f64::from(value) / length) as f32).collect())
}

/// Where the bot finds the vectors of lines. It is asked within a turn, so it must answer from memory.
pub trait Vectors: Send + Sync {
    /// The vector of a text in the form in which [`crate::Bot::to_embed`] and [`crate::embedded::texts`] name it.
    fn of(&self, text: &str) -> Option<Vector>;
}

impl Vectors for HashMap<String, Vector> {
    fn of(&self, text: &str) -> Option<Vector> {
        self.get(text).cloned()
    }
}

/// The vectors of the entries in one language.
pub(crate) struct EntryVectors {
    wordings: Vec<Vec<Vector>>,
    answers: Vec<Option<Vector>>,
}

impl EntryVectors {
    pub(crate) fn new(knowledge: &Knowledge, lang: Lang, vectors: &dyn Vectors) -> EntryVectors {
        let of = |text: &str| vectors.of(&key(text));
        let wordings = |entry: &Entry| wordings(entry, lang).filter_map(of).collect();
        EntryVectors {
            wordings: knowledge.entries.iter().map(wordings).collect(),
            answers: knowledge.entries.iter().map(|entry| of(entry.answer.side(lang))).collect(),
        }
    }

    /// How near each entry is to a line: its nearest wording, and its answer. An entry without vectors is as near as the others are on average. `None` if no
    /// entry can be compared.
    pub(crate) fn scores(&self, line: &[f32]) -> Option<Vec<f32>> {
        let cosine = |other: &Vector| (other.len() == line.len()).then(|| line.iter().zip(other.iter()).map(|(a, b)| a * b).sum::<f32>());
        let near = |(wordings, answer): (&Vec<Vector>, &Option<Vector>)| {
            let nearest = wordings.iter().filter_map(cosine).max_by(f32::total_cmp)?;
            Some(nearest + ANSWER * answer.as_ref().and_then(cosine).unwrap_or(nearest))
        };
        let scores: Vec<Option<f32>> = self.wordings.iter().zip(&self.answers).map(near).collect();
        let known = scores.iter().flatten().count();
        let mean = scores.iter().flatten().sum::<f32>() / known.max(1) as f32;
        (known > 0).then(|| scores.into_iter().map(|score| score.unwrap_or(mean)).collect())
    }
}

/// The score in one language.
pub(crate) struct Embedding {
    pub(crate) weighted: Weighted,
    entries: EntryVectors,
    lines: Arc<dyn Vectors>,
}

impl Embedding {
    pub(crate) fn new(weighted: Weighted, entries: EntryVectors, lines: Arc<dyn Vectors>) -> Embedding {
        Embedding { weighted, entries, lines }
    }

    /// The score of each entry for a line; `None` if nobody has its vector.
    pub(crate) fn scores(&self, line: &str) -> Option<Vec<f32>> {
        self.lines.of(line).and_then(|line| self.entries.scores(&line))
    }
}

/// The form of a text whose vector is used.
pub(crate) fn key(text: &str) -> String {
    normalise(text).chars().take(MOST_CHARS).collect()
}

pub(crate) fn wordings(entry: &Entry, lang: Lang) -> impl Iterator<Item = &str> {
    std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)).filter(|line| !line.is_empty())
}
