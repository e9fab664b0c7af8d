//! Latent semantic index: the cosine between a query and entries, smoothed with the main directions of the collection.
//!
//! With the entry-by-feature matrix A = U S Vᵀ (rows of unit length), folding a query q in and taking the cosine in the space of the first k directions needs
//! only c = A q, the ordinary cosines: the numerator for entry i is (U Uᵀ c)ᵢ. So no feature-by-k table is kept. The texts of an entry in both languages are in
//! one row, which makes the other language a pivot for synonyms. Method: Deerwester et al. 1990, with the weights found for short FAQ texts.

use std::collections::HashMap;
use std::sync::Arc;

use crate::grams::Gram;
use crate::postings::Posting;
use crate::stop::{Stop, Stopped};

/// Above this number of entries, the directions are not computed and the score is the ordinary cosine.
const MOST_ENTRIES: usize = 2048;
/// The directions that are kept.
const DIRECTIONS: usize = 60;
/// The most different features: those that occur after so many others are unknown. Half a million usual entries do not have as many.
const MOST_KINDS: u32 = 3_000_000;
/// A feature that at least one in so many entries have is treated as if all had it.
const DENSE: usize = 6;
/// The postings of a block of features, whose rows and columns are in memory at a time: so many times [`DENSE`] values at most.
const BLOCK: u32 = 1 << 20;
/// The axes that are multiplied with a matrix at a time.
const LANES: usize = 16;

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
    features: Arc<HashMap<Gram, u32>>,
    idf: Vec<f32>,
    starts: Vec<u32>,
    postings: Vec<Posting>,
    entries: usize,
}

impl Cosines {
    /// Indexes the entries.
    pub(crate) fn new(entries: &[Fields<'_>], stop: &Stop) -> Result<Self, Stopped> {
        let mut features: HashMap<Gram, u32> = HashMap::new();
        let mut starts = vec![0u32];
        // The rows are made twice, first to be counted: all of them together would take as much memory again.
        for entry in entries {
            stop.look()?;
            let row = row_of(entry, |gram| number(&mut features, gram));
            starts.resize(features.len() + 1, 0);
            row.iter().for_each(|&(feature, _)| starts[feature as usize + 1] += 1);
        }
        let n = entries.len() as f32;
        let idf: Vec<f32> = starts[1..].iter().map(|&df| ((1.0 + n) / (1.0 + df as f32)).ln() + 1.0).collect();
        for feature in 0..features.len() {
            starts[feature + 1] += starts[feature];
        }
        let mut next = starts.clone();
        let mut postings = vec![Posting::default(); starts[features.len()] as usize];
        for (at, entry) in entries.iter().enumerate() {
            stop.look()?;
            let mut row = row_of(entry, |gram| features.get(&gram).copied());
            row.iter_mut().for_each(|(feature, value)| *value *= idf[*feature as usize]);
            let norm = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-9);
            for (feature, value) in row {
                let place = &mut next[feature as usize];
                postings[*place as usize] = Posting::new(at, value / norm);
                *place += 1;
            }
        }
        Ok(Cosines { features: Arc::new(features), idf, starts, postings, entries: entries.len() })
    }

    /// The numbers of the features, for others that number the same.
    pub(crate) fn features(&self) -> Arc<HashMap<Gram, u32>> {
        self.features.clone()
    }

    /// Whether the entries have a feature.
    pub(crate) fn has(&self, gram: Gram) -> bool {
        self.features.contains_key(&gram)
    }

    fn list(&self, feature: u32) -> &[Posting] {
        let range = self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize;
        &self.postings[range]
    }

    /// The cosine of a query with every entry.
    pub(crate) fn score(&self, query: &[Gram]) -> Vec<f32> {
        let mut scores = vec![0.0; self.entries];
        let mut norm = 0.0;
        for (gram, count) in counts(query.to_vec()) {
            let Some(&feature) = self.features.get(&gram) else { continue };
            let value = (1.0 + count).ln() * self.idf[feature as usize];
            norm += value * value;
            for posting in self.list(feature) {
                scores[posting.of()] += value * posting.value;
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
        for (gram, _) in counts(query.to_vec()) {
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

    /// Adds the products of the rows of all pairs of entries to the upper half of a matrix, the diagonal included. Each sum is made up in the order of the
    /// features.
    fn add_similarities(&self, weight: f32, into: &mut [f32], stop: &Stop) -> Result<(), Stopped> {
        let n = self.entries;
        for block in self.blocks() {
            // The features of a block that most entries have, as columns of values for all entries: adding zeros changes nothing, and takes less time.
            let mut columns: Vec<f32> = Vec::new();
            let mut column_of: Vec<u32> = Vec::with_capacity(block.len());
            let mut rows: Vec<Vec<(u32, f32)>> = vec![Vec::new(); n];
            for feature in block.clone() {
                let list = self.list(feature);
                list.iter().for_each(|posting| rows[posting.of()].push((feature, posting.value)));
                if list.len() * DENSE < n {
                    column_of.push(u32::MAX);
                    continue;
                }
                column_of.push((columns.len() / n) as u32);
                columns.resize(columns.len() + n, 0.0);
                let from = columns.len() - n;
                list.iter().for_each(|posting| columns[from + posting.of()] = posting.value);
            }
            // How many entries of each list were passed.
            let mut passed = vec![0u32; block.len()];
            for (i, row) in rows.iter().enumerate() {
                stop.look()?;
                let sums = &mut into[i * n..(i + 1) * n];
                for &(feature, a) in row {
                    let (at, factor) = ((feature - block.start) as usize, weight * a);
                    match column_of[at] {
                        u32::MAX => {
                            self.list(feature)[passed[at] as usize..].iter().for_each(|other| sums[other.of()] += factor * other.value);
                            passed[at] += 1;
                        }
                        column => {
                            let values = &columns[column as usize * n..(column as usize + 1) * n];
                            sums[i..].iter_mut().zip(&values[i..]).for_each(|(sum, b)| *sum += factor * b);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The features in blocks of so many postings, or one with more.
    fn blocks(&self) -> Vec<std::ops::Range<u32>> {
        let (mut blocks, mut from) = (Vec::new(), 0);
        for feature in 0..self.idf.len() {
            if self.starts[feature + 1] - self.starts[from] > BLOCK && feature > from {
                blocks.push(from as u32..feature as u32);
                from = feature;
            }
        }
        blocks.push(from as u32..self.idf.len() as u32);
        blocks
    }
}

/// The features of an entry that have a number, with their weights, sorted by feature.
fn row_of(entry: &Fields<'_>, mut number: impl FnMut(Gram) -> Option<u32>) -> Vec<(u32, f32)> {
    let mut row: Vec<(u32, f32)> = Vec::new();
    let fields = [(1.0, entry.wordings.concat()), (ANSWER_WEIGHT, entry.answer.to_vec()), (TOPIC_WEIGHT, entry.topic.to_vec())];
    for (weight, grams) in fields {
        row.extend(counts(grams).into_iter().filter_map(|(gram, count)| Some((number(gram)?, weight * (1.0 + count).ln()))));
    }
    merge(&mut row);
    row
}

/// The number of a feature; a new one gets the next, unless there are too many.
pub(crate) fn number(features: &mut HashMap<Gram, u32>, gram: Gram) -> Option<u32> {
    let fresh = features.len() as u32;
    if fresh < MOST_KINDS { Some(*features.entry(gram).or_insert(fresh)) } else { features.get(&gram).copied() }
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

fn counts(mut grams: Vec<Gram>) -> Vec<(Gram, f32)> {
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
    pub(crate) fn new(own: &Cosines, other: &Cosines, other_weight: f32, stop: &Stop) -> Result<Self, Stopped> {
        let n = own.entries;
        let kept = DIRECTIONS.min(n.div_ceil(3));
        if n > MOST_ENTRIES || kept == 0 {
            return Ok(Directions { axes: Vec::new(), strength: Vec::new(), shares: Vec::new(), lengths: Vec::new() });
        }
        let mut matrix = vec![0.0; n * n];
        own.add_similarities(1.0, &mut matrix, stop)?;
        if other.entries == n {
            other.add_similarities(other_weight, &mut matrix, stop)?;
        }
        for i in 0..n {
            for j in 0..i {
                matrix[i * n + j] = matrix[j * n + i];
            }
        }
        let mut axes = first_axes(n, (kept + 10).min(n));
        orthonormalise(&mut axes);
        for _ in 0..rounds(n) {
            axes = multiply_all(&matrix, &axes, stop)?;
            orthonormalise(&mut axes);
        }
        let products = multiply_all(&matrix, &axes, stop)?;
        let mut measured: Vec<(f32, Vec<f32>)> = axes.into_iter().zip(products).map(|(axis, product)| (dot(&axis, &product).max(0.0), axis)).collect();
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
        Ok(Directions { axes, strength, shares, lengths })
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

/// The products of a matrix with axes. Several axes are multiplied at a time, each as it would be alone: the sums are made up in the order of the entries.
fn multiply_all(matrix: &[f32], axes: &[Vec<f32>], stop: &Stop) -> Result<Vec<Vec<f32>>, Stopped> {
    let n = axes.first().map_or(0, Vec::len);
    let mut products: Vec<Vec<f32>> = Vec::with_capacity(axes.len());
    for some in axes.chunks(LANES) {
        stop.look()?;
        let mut lanes = vec![[0.0f32; LANES]; n];
        for (lane, axis) in some.iter().enumerate() {
            lanes.iter_mut().zip(axis).for_each(|(values, value)| values[lane] = *value);
        }
        let mut found: Vec<Vec<f32>> = vec![Vec::with_capacity(n); some.len()];
        for row in matrix.chunks_exact(n) {
            let mut sums = [0.0f32; LANES];
            for (value, values) in row.iter().zip(&lanes) {
                sums.iter_mut().zip(values).for_each(|(sum, other)| *sum += value * other);
            }
            found.iter_mut().zip(sums).for_each(|(product, sum)| product.push(sum));
        }
        products.append(&mut found);
    }
    Ok(products)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries in which some features are everywhere and others are rare.
    fn entries(n: usize) -> Vec<Vec<Gram>> {
        (0..n as u64).map(|entry| (0..40).filter(|feature| entry % (feature + 1) == 0 || feature % 7 == entry % 7).collect()).collect()
    }

    fn cosines(grams: &[Vec<Gram>]) -> Cosines {
        let fields: Vec<Fields<'_>> = grams.iter().map(|grams| Fields { wordings: vec![grams], answer: &[], topic: &[] }).collect();
        Cosines::new(&fields, &Stop::default()).unwrap()
    }

    #[test]
    fn the_similarity_of_two_entries_is_the_sum_over_their_features_in_order() {
        let n = 50;
        let cosines = cosines(&entries(n));
        let mut plain = vec![0.0f32; n * n];
        for feature in 0..cosines.idf.len() as u32 {
            for one in cosines.list(feature) {
                cosines.list(feature).iter().for_each(|other| plain[one.of() * n + other.of()] += 0.7 * one.value * other.value);
            }
        }
        let mut found = vec![0.0f32; n * n];
        cosines.add_similarities(0.7, &mut found, &Stop::default()).unwrap();
        for i in 0..n {
            assert_eq!(found[i * n + i..(i + 1) * n], plain[i * n + i..(i + 1) * n], "{i}");
        }
    }

    #[test]
    fn axes_multiplied_together_are_multiplied_as_alone() {
        let n = 37;
        let matrix = first_axes(n, n).concat();
        let axes = first_axes(n, 2 * LANES + 3);
        let found = multiply_all(&matrix, &axes, &Stop::default()).unwrap();
        let alone: Vec<Vec<f32>> = axes.iter().map(|axis| matrix.chunks_exact(n).map(|row| dot(row, axis)).collect()).collect();
        assert_eq!(found, alone);
    }
}
