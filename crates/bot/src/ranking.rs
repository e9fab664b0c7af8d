//! Fuses the scores of the retrieval methods into one ranking, and judges how far its top entry can be trusted.

use crate::text::Lang;

/// The number of scores that are fused.
pub const SCORES: usize = 6;
/// The number of values that the gate uses.
pub const FEATURES: usize = 11;

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
    /// The probability that the first entry is the right one.
    pub confidence: f32,
}

/// If the second entry is closer than this, the first is right half the time, but one of three is right in seven of eight cases: ask back.
const CLOSE: f32 = 0.3;

/// Below this confidence, a name in the line may have decided the ranking.
const BEYOND_DOUBT: f32 = 0.6;

impl Ranking {
    /// Handles a line that names a product or plan, if this ranking may owe its top to the name alone: if the ranking `without` the name puts a different entry
    /// first, both come to the top, and neither is sure.
    pub(crate) fn doubted_by(mut self, without: &Ranking, lang: Lang) -> Ranking {
        let (Some(own), Some(other)) = (self.order.first().copied(), without.order.first().copied()) else { return self };
        if own == other || self.confidence >= BEYOND_DOUBT || !without.is_likely(lang) {
            return self;
        }
        let tops = if without.confidence > self.confidence { [other, own] } else { [own, other] };
        self.order.retain(|at| !tops.contains(at));
        self.order.splice(0..0, tops);
        self.confidence = self.confidence.max(without.confidence);
        self.features[1] = 0.0;
        self
    }

    /// Whether the first entry can be given as the answer.
    pub fn is_sure(&self, lang: Lang) -> bool {
        let margin = self.features[1];
        self.confidence >= sure(lang) && !self.order.is_empty() && (margin >= CLOSE || self.order.len() == 1)
    }

    /// Whether the first entry would be given if the second were not so close.
    pub fn is_close(&self, lang: Lang) -> bool {
        self.confidence >= sure(lang) && !self.is_sure(lang) && !self.order.is_empty()
    }

    /// Whether the first entries are worth offering.
    pub fn is_likely(&self, lang: Lang) -> bool {
        self.confidence >= likely(lang) && !self.order.is_empty()
    }
}

/// The weights of the z-scores. Fitted with a softmax loss over left-out wordings (`examples/tune.rs`).
pub(crate) fn weights(lang: Lang) -> [f32; SCORES] {
    match lang {
        Lang::Zh => [0.43, 0.12, 0.08, 0.60, 0.38, 0.20],
        Lang::En => [0.58, 0.18, 0.05, 0.35, 0.40, 0.16],
    }
}

/// The weights of the gate, with the constant last.
pub(crate) fn gate(lang: Lang) -> [f32; FEATURES + 1] {
    match lang {
        Lang::Zh => [-0.176, 0.014, -0.111, 0.206, -0.197, 0.642, 1.042, 0.329, 5.214, 1.494, -0.040, -4.919],
        Lang::En => [-0.428, 0.205, 0.035, 0.029, -0.100, 0.269, 2.769, 0.637, 6.176, 0.737, 0.359, -7.609],
    }
}

/// From this confidence on, the answer is given.
pub fn sure(lang: Lang) -> f32 {
    match lang {
        Lang::Zh => 0.31,
        Lang::En => 0.38,
    }
}

/// From this confidence on, the best entries are offered.
pub fn likely(lang: Lang) -> f32 {
    match lang {
        Lang::Zh => 0.135,
        Lang::En => 0.11,
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

/// Ranks the entries that are not hidden. If `hidden` is empty, nothing is hidden.
pub fn rank(lang: Lang, raw: &RawScores, hidden: &[bool], reading: Reading) -> Ranking {
    let standard = standard_scores(raw, hidden);
    let weights = weights(lang);
    let fused: Vec<f32> = standard.iter().map(|z| z.iter().zip(&weights).map(|(z, w)| z * w).sum::<f32>()).collect();
    let mut order: Vec<usize> = (0..fused.len()).filter(|&i| !hidden.get(i).copied().unwrap_or(false)).collect();
    order.sort_by(|&a, &b| fused[b].total_cmp(&fused[a]).then(a.cmp(&b)));
    let Some(&top) = order.first() else {
        return Ranking { order, shares: Vec::new(), features: [0.0; FEATURES], confidence: 0.0 };
    };
    let best = fused[top];
    let mut shares: Vec<f32> = order.iter().map(|&i| (fused[i] - best).exp()).collect();
    let sum: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);

    let at = |place: usize| order.get(place).map_or(best - 4.0, |&i| fused[i]);
    let agreeing = (0..SCORES).filter(|&s| order.iter().all(|&i| raw[s][i] <= raw[s][top])).count() as f32 / SCORES as f32;
    let share = shares[0].clamp(1e-4, 1.0 - 1e-4);
    let entropy: f32 = shares.iter().filter(|p| **p > 1e-9).map(|p| -p * p.ln()).sum();
    let features = [
        best,
        best - at(1),
        best - at(3),
        (share / (1.0 - share)).ln(),
        entropy,
        agreeing,
        reading.known,
        raw[0][top],
        raw[2][top],
        raw[5][top],
        (1.0 + reading.length as f32).ln(),
    ];
    let coefficients = gate(lang);
    let logit = features.iter().zip(&coefficients).map(|(f, c)| f * c).sum::<f32>() + coefficients[FEATURES];
    let confidence = 1.0 / (1.0 + (-logit).exp());
    Ranking { order, shares, features, confidence }
}
