//! Latent semantic index: the cosine between a query and entries, smoothed with the main directions of the collection.
//!
//! With the entry-by-feature matrix A = U S Vᵀ (rows of unit length), folding a query q in and taking the cosine in the space of the first k directions needs
//! only c = A q, the ordinary cosines: the numerator for entry i is (U Uᵀ c)ᵢ. So no feature-by-k table is kept. The texts of an entry in both languages are in
//! one row, which makes the other language a pivot for synonyms. Method: Deerwester et al. 1990, with the weights found for short FAQ texts.

use std::collections::HashMap;

use crate::grams::Gram;

/// Above this number of entries, the directions are not computed and the score is the ordinary cosine.
const MOST_ENTRIES: usize = 2048;
/// The directions that are kept.
const DIRECTIONS: usize = 60;

/// The weighted texts of one entry: features of the wordings, of the answer, and of the topic's name.
pub(crate) struct Fields<'a> {
    /// One list per wording.
    pub wordings: Vec<&'a [Gram]>,
    /// The features of the answer.
    pub answer: &'a [Gram],
    /// The features of the topic's name.
    pub topic: &'a [Gram],
}

const ANSWER_WEIGHT: f32 = 0.8;
const TOPIC_WEIGHT: f32 = 0.6;

/// An inverted index of unit-length entry vectors.
#[derive(Debug)]
pub(crate) struct Cosines {
    features: HashMap<Gram, u32>,
    idf: Vec<f32>,
    starts: Vec<u32>,
    postings: Vec<(u32, f32)>,
    entries: usize,
}

impl Cosines {
    /// Indexes the entries.
    pub(crate) fn new(entries: &[Fields<'_>]) -> Self {
        let mut features: HashMap<Gram, u32> = HashMap::new();
        let mut rows: Vec<Vec<(u32, f32)>> = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut row: Vec<(u32, f32)> = Vec::new();
            let fields = [(1.0, entry.wordings.concat()), (ANSWER_WEIGHT, entry.answer.to_vec()), (TOPIC_WEIGHT, entry.topic.to_vec())];
            for (weight, grams) in fields {
                for (gram, count) in counts(&grams) {
                    let fresh = features.len() as u32;
                    let feature = *features.entry(gram).or_insert(fresh);
                    row.push((feature, weight * (1.0 + count).ln()));
                }
            }
            merge(&mut row);
            rows.push(row);
        }
        let mut df = vec![0u32; features.len()];
        for row in &rows {
            row.iter().for_each(|&(feature, _)| df[feature as usize] += 1);
        }
        let n = entries.len() as f32;
        let idf: Vec<f32> = df.iter().map(|&df| ((1.0 + n) / (1.0 + df as f32)).ln() + 1.0).collect();
        let mut lists: Vec<Vec<(u32, f32)>> = vec![Vec::new(); features.len()];
        for (entry, row) in rows.iter_mut().enumerate() {
            row.iter_mut().for_each(|(feature, value)| *value *= idf[*feature as usize]);
            let norm = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-9);
            for &(feature, value) in row.iter() {
                lists[feature as usize].push((entry as u32, value / norm));
            }
        }
        let mut starts = vec![0u32];
        let mut postings = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        for list in lists {
            postings.extend(list);
            starts.push(postings.len() as u32);
        }
        Cosines { features, idf, starts, postings, entries: entries.len() }
    }

    fn list(&self, feature: u32) -> &[(u32, f32)] {
        let range = self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize;
        &self.postings[range]
    }

    /// The cosine of a query with every entry.
    pub(crate) fn score(&self, query: &[Gram]) -> Vec<f32> {
        let mut scores = vec![0.0; self.entries];
        let mut norm = 0.0;
        for (gram, count) in counts(query) {
            let Some(&feature) = self.features.get(&gram) else { continue };
            let value = (1.0 + count).ln() * self.idf[feature as usize];
            norm += value * value;
            for &(entry, weight) in self.list(feature) {
                scores[entry as usize] += value * weight;
            }
        }
        let norm = norm.sqrt().max(1e-9);
        scores.iter_mut().for_each(|score| *score /= norm);
        scores
    }

    /// The share of the query that the index knows, weighted by the rarity of its features: 0 nothing, 1 everything.
    pub(crate) fn known_share(&self, query: &[Gram]) -> f32 {
        let unknown_idf = (1.0 + self.entries as f32).ln() + 1.0;
        let (mut known, mut all) = (0.0, 0.0);
        for (gram, _) in counts(query) {
            match self.features.get(&gram) {
                Some(&feature) => {
                    known += self.idf[feature as usize];
                    all += self.idf[feature as usize];
                }
                None => all += unknown_idf,
            }
        }
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// The weight of a feature by its rarity; an unknown feature has the highest weight.
    pub(crate) fn rarity(&self, gram: Gram) -> f32 {
        self.features.get(&gram).map_or((1.0 + self.entries as f32).ln() + 1.0, |&feature| self.idf[feature as usize])
    }

    fn add_similarities(&self, weight: f32, into: &mut [f32]) {
        let n = self.entries;
        for feature in 0..self.idf.len() as u32 {
            let list = self.list(feature);
            for (at, &(i, a)) in list.iter().enumerate() {
                for &(j, b) in &list[at..] {
                    into[i as usize * n + j as usize] += weight * a * b;
                    if i != j {
                        into[j as usize * n + i as usize] += weight * a * b;
                    }
                }
            }
        }
    }
}

/// Sorts by feature and sums up the values of each feature.
pub(crate) fn merge(values: &mut Vec<(u32, f32)>) {
    values.sort_by_key(|&(feature, _)| feature);
    values.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

fn counts(grams: &[Gram]) -> Vec<(Gram, f32)> {
    let mut sorted = grams.to_vec();
    sorted.sort_unstable();
    let mut out: Vec<(Gram, f32)> = Vec::with_capacity(sorted.len());
    for gram in sorted {
        match out.last_mut() {
            Some((last, count)) if *last == gram => *count += 1.0,
            _ => out.push((gram, 1.0)),
        }
    }
    out
}

/// The main directions of a collection.
#[derive(Debug)]
pub(crate) struct Directions {
    /// The axes, k rows of n values: orthonormal vectors over the entries.
    axes: Vec<Vec<f32>>,
    /// The squared singular value of each axis.
    strength: Vec<f32>,
    /// How much of each axis counts, 0 to 1.
    shares: Vec<f32>,
    /// The length of each entry within the kept directions.
    lengths: Vec<f32>,
}

impl Directions {
    /// Finds the directions of `own`, combined with the texts of the `other` language.
    pub(crate) fn new(own: &Cosines, other: &Cosines, other_weight: f32) -> Self {
        let n = own.entries;
        let kept = DIRECTIONS.min(n.div_ceil(3));
        if n > MOST_ENTRIES || kept == 0 {
            return Directions { axes: Vec::new(), strength: Vec::new(), shares: Vec::new(), lengths: Vec::new() };
        }
        let mut matrix = vec![0.0; n * n];
        own.add_similarities(1.0, &mut matrix);
        if other.entries == n {
            other.add_similarities(other_weight, &mut matrix);
        }
        let mut axes = first_axes(n, (kept + 10).min(n));
        orthonormalise(&mut axes);
        for _ in 0..rounds(n) {
            axes = axes.iter().map(|axis| multiply(&matrix, axis)).collect();
            orthonormalise(&mut axes);
        }
        let mut measured: Vec<(f32, Vec<f32>)> = axes.into_iter().map(|axis| (dot(&axis, &multiply(&matrix, &axis)).max(0.0), axis)).collect();
        measured.sort_by(|a, b| b.0.total_cmp(&a.0));
        let least = measured.get(kept).map_or(0.0, |(strength, _)| *strength);
        measured.truncate(kept);
        measured.retain(|(strength, _)| *strength > 1e-6);
        let (strength, axes): (Vec<f32>, Vec<Vec<f32>>) = measured.into_iter().unzip();
        // The weaker an axis, the less it counts, down to nothing for the first that is dropped: with a sharp end, one more entry would turn the last axes, and
        // the scores of all lines that resemble no entry much.
        let shares: Vec<f32> = strength.iter().map(|s| (1.0 - least / s).max(0.0)).collect();
        let lengths = (0..n)
            .map(|i| {
                let sum: f32 = axes.iter().zip(strength.iter().zip(&shares)).map(|(axis, (s, share))| share * s * axis[i] * axis[i]).sum();
                sum.sqrt()
            })
            .collect();
        Directions { axes, strength, shares, lengths }
    }

    /// The cosines within the kept directions, computed from the ordinary `cosines` of a query.
    pub(crate) fn smooth(&self, cosines: &[f32]) -> Vec<f32> {
        if self.axes.is_empty() {
            return cosines.to_vec();
        }
        let mut scores = vec![0.0; cosines.len()];
        let mut length = 0.0;
        for (axis, (strength, share)) in self.axes.iter().zip(self.strength.iter().zip(&self.shares)) {
            let whole = dot(axis, cosines);
            let along = whole * share;
            length += along * whole / strength;
            for (score, value) in scores.iter_mut().zip(axis) {
                *score += along * value;
            }
        }
        let length = length.sqrt();
        for (score, own) in scores.iter_mut().zip(&self.lengths) {
            let scale = length * own;
            *score = if scale > 1e-6 { *score / scale } else { 0.0 };
        }
        scores
    }
}

/// How often the axes are turned towards the main directions. A collection of a few hundred entries gets 40 rounds, after which a change of one entry hardly
/// shows in the scores of others; a large one as many as take the same time, and 8 at least.
fn rounds(entries: usize) -> usize {
    (40 * 512 * 512 / (entries * entries).max(1)).clamp(8, 40)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn multiply(matrix: &[f32], vector: &[f32]) -> Vec<f32> {
    matrix.chunks_exact(vector.len()).map(|row| dot(row, vector)).collect()
}

/// Starting vectors with fixed pseudo-random signs, so that training is repeatable.
fn first_axes(n: usize, count: usize) -> Vec<Vec<f32>> {
    let mut state: u64 = 0x1234_5678_9abc_def1;
    (0..count)
        .map(|_| {
            (0..n)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
                })
                .collect()
        })
        .collect()
}

fn orthonormalise(axes: &mut [Vec<f32>]) {
    for i in 0..axes.len() {
        let (done, rest) = axes.split_at_mut(i);
        let Some(axis) = rest.first_mut() else { return };
        for _ in 0..2 {
            for other in done.iter() {
                let along = dot(other, axis);
                axis.iter_mut().zip(other).for_each(|(a, o)| *a -= along * o);
            }
        }
        let length = dot(axis, axis).sqrt();
        if length > 1e-9 {
            axis.iter_mut().for_each(|a| *a /= length);
        } else {
            axis.fill(0.0);
        }
    }
}
