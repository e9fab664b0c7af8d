//! Fuses the scores of the retrieval methods into one ranking, and judges how far its top entry can be trusted.

use crate::gate::{FEATURES, Gate, Limits, OF_SCORE, SCORES, WHOLE};
use crate::text::Lang;

/// The names of the scores, in their order.
pub const SCORE_NAMES: [&str; SCORES] = ["translation", "fine_likelihood", "semantic", "fine_semantic", "related", "concepts"];

/// The raw scores of one question: `SCORES` lists with a value for each entry.
pub type RawScores = [Vec<f32>; SCORES];

/// What the gate receives besides the scores.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The share of the question's features that the knowledge contains, weighted by rarity, 0 to 1.
    pub known: f32,
    /// The number of tokens.
    pub length: usize,
}

/// Entries in order, best first.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// The positions of the entries.
    pub order: Vec<usize>,
    /// The share of belief in each entry of `order`; the shares sum to 1.
    pub shares: Vec<f32>,
    /// The values that the gate uses.
    pub features: [f32; FEATURES],
    /// The same of the score of sentence embeddings; zeros if it took no part.
    pub(crate) embedding: [f32; OF_SCORE],
    /// The probability that the first entry is the right one.
    pub confidence: f32,
    /// The probability that any entry is: that the knowledge covers what was asked.
    pub covered: f32,
    /// From these probabilities on, an entry is given or offered.
    pub limits: Limits,
}

/// Below this confidence, an entry is not offered beside others.
const LEAST_BESIDE: f32 = 0.01;

/// The feature that says how far the second entry is behind.
const MARGIN: usize = 1;
/// The entries from the fourth to this place are the field.
const FIELD: usize = 12;

/// If the second entry is closer than this, the first is right half the time, but one of three is right in seven of eight cases: ask back.
const CLOSE: f32 = 0.3;

/// Below this confidence, a name in the line may have decided the ranking.
const BEYOND_DOUBT: f32 = 0.6;

impl Ranking {
    /// Handles a line that names a product or plan, if this ranking may owe its top to the name alone: if the ranking `without` the name puts a different entry
    /// first, both come to the top, and neither is sure.
    pub(crate) fn doubted_by(mut self, without: &Ranking) -> Ranking {
        let (Some(own), Some(other)) = (self.order.first().copied(), without.order.first().copied()) else { return self };
        if own == other || self.confidence >= BEYOND_DOUBT || !without.is_likely() {
            return self;
        }
        let tops = if without.confidence > self.confidence { [other, own] } else { [own, other] };
        self.order.retain(|at| !tops.contains(at));
        self.order.splice(0..0, tops);
        self.confidence = self.confidence.max(without.confidence);
        self.covered = self.covered.max(without.covered);
        self.features[MARGIN] = 0.0;
        self
    }

    /// Whether the first entry can be given as the answer.
    pub fn is_sure(&self) -> bool {
        self.could_be_sure() && (self.margin() >= CLOSE || self.order.len() == 1)
    }

    /// Whether the first entry would be given if the second were not so close.
    pub fn is_close(&self) -> bool {
        self.could_be_sure() && !self.is_sure()
    }

    /// Whether the first entries are worth offering.
    pub fn is_likely(&self) -> bool {
        !self.order.is_empty() && (self.covered >= self.limits.likely || self.could_be_sure())
    }

    /// The first entries, at most so many; if the first could not be given, as far as each is likely enough to be offered beside it.
    pub(crate) fn worth_offering(&self, most: usize) -> Vec<usize> {
        let first = self.shares.first().copied().unwrap_or(1.0);
        let is_likely = |share: f32| self.could_be_sure() || self.confidence * share >= LEAST_BESIDE * first;
        let places = self.order.iter().zip(&self.shares).take(most).enumerate();
        places.filter(|(place, (_, share))| *place == 0 || is_likely(**share)).map(|(_, (at, _))| *at).collect()
    }

    /// How much lower the fused score of the second is.
    pub(crate) fn margin(&self) -> f32 {
        self.features[MARGIN]
    }

    fn could_be_sure(&self) -> bool {
        !self.order.is_empty() && self.confidence >= self.limits.sure && self.covered >= self.limits.surely_covered
    }
}

/// The weights of the z-scores. Fitted with a softmax loss over left-out wordings.
pub(crate) fn weights(lang: Lang) -> [f32; SCORES] {
    match lang {
        Lang::Zh => [0.43, 0.12, 0.08, 0.60, 0.38, 0.20],
        Lang::En => [0.58, 0.18, 0.05, 0.35, 0.40, 0.16],
    }
}

/// The standard scores of one list, over the entries that are not hidden; hidden ones get 0.
fn standardise(scores: &[f32], hidden: &[bool]) -> Vec<f32> {
    let shown = |i: usize| !hidden.get(i).copied().unwrap_or(false);
    let n = (0..scores.len()).filter(|&i| shown(i)).count().max(1) as f32;
    let mean = scores.iter().enumerate().filter(|(i, _)| shown(*i)).map(|(_, s)| s).sum::<f32>() / n;
    let variance = scores.iter().enumerate().filter(|(i, _)| shown(*i)).map(|(_, s)| (s - mean) * (s - mean)).sum::<f32>() / n;
    let deviation = variance.sqrt();
    if deviation < 1e-6 {
        return vec![0.0; scores.len()];
    }
    let scale = |(i, s): (usize, &f32)| if shown(i) { (s - mean) / deviation } else { 0.0 };
    scores.iter().enumerate().map(scale).collect()
}

/// The standard scores, entry by entry: the input for fitting the weights.
pub fn standard_scores(raw: &RawScores, hidden: &[bool]) -> Vec<[f32; SCORES]> {
    let n = raw[0].len();
    let mut out = vec![[0.0; SCORES]; n];
    for (index, scores) in raw.iter().enumerate() {
        for (entry, value) in standardise(scores, hidden).into_iter().enumerate() {
            out[entry][index] = value;
        }
    }
    out
}

/// A score that takes part besides the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extra<'a> {
    /// Its value for each entry.
    pub scores: &'a [f32],
    /// The weight of its z-score.
    pub weight: f32,
}

/// Ranks the entries that are not hidden. If `hidden` is empty, nothing is hidden.
pub fn rank(lang: Lang, gate: &Gate, raw: &RawScores, hidden: &[bool], reading: Reading) -> Ranking {
    rank_with(lang, gate, raw, None, hidden, reading)
}

/// The same with one more score; the gate must be one that was fitted with it.
pub(crate) fn rank_with(lang: Lang, gate: &Gate, raw: &RawScores, extra: Option<Extra<'_>>, hidden: &[bool], reading: Reading) -> Ranking {
    let standard = standard_scores(raw, hidden);
    let weights = weights(lang);
    let mut fused: Vec<f32> = standard.iter().map(|z| z.iter().zip(&weights).map(|(z, w)| z * w).sum::<f32>()).collect();
    let extra = extra.map(|Extra { scores, weight }| (scores, weight, standardise(scores, hidden)));
    if let Some((_, weight, standard)) = &extra {
        fused.iter_mut().zip(standard).for_each(|(sum, z)| *sum += weight * z);
    }
    let mut order: Vec<usize> = (0..fused.len()).filter(|&i| !hidden.get(i).copied().unwrap_or(false)).collect();
    order.sort_by(|&a, &b| fused[b].total_cmp(&fused[a]).then(a.cmp(&b)));
    let limits = gate.limits;
    let Some(&top) = order.first() else {
        return Ranking { order, shares: Vec::new(), features: [0.0; FEATURES], embedding: [0.0; OF_SCORE], confidence: 0.0, covered: 0.0, limits };
    };
    let best = fused[top];
    let mut shares: Vec<f32> = order.iter().map(|&i| (fused[i] - best).exp()).collect();
    let sum: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);

    let at = |place: usize| order.get(place).map_or(best - 4.0, |&i| fused[i]);
    let share = shares[0].clamp(1e-4, 1.0 - 1e-4);
    let mut features = [0.0; FEATURES];
    features[..WHOLE].copy_from_slice(&[
        best,
        best - at(1),
        best - at(3),
        (share / (1.0 - share)).ln(),
        shares.iter().filter(|p| **p > 1e-9).map(|p| -p * p.ln()).sum(),
        (0..SCORES).filter(|&s| order.iter().all(|&i| raw[s][i] <= raw[s][top])).count() as f32 / SCORES as f32,
        reading.known,
    ]);
    let others = order.get(3..order.len().min(FIELD)).unwrap_or_default();
    let of_score = |values: &[f32], standard: f32| {
        let second = order.get(1).map_or(0.0, |&i| values[i]);
        let rest = if others.is_empty() { second } else { others.iter().map(|&i| values[i]).sum::<f32>() / others.len() as f32 };
        [values[top], values[top] - second, values[top] - rest, standard]
    };
    for (score, values) in raw.iter().enumerate() {
        features[WHOLE + score * OF_SCORE..][..OF_SCORE].copy_from_slice(&of_score(values, standard[top][score]));
    }
    let embedding = extra.map_or([0.0; OF_SCORE], |(values, _, standard)| of_score(values, standard[top]));
    let (confidence, covered) = (gate.right(&features, &embedding), gate.coverage(&features, &embedding));
    Ranking { order, shares, features, embedding, confidence, covered, limits }
}
