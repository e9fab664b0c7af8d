//! A linear classifier for large sets of labelled lines, Chinese or English.
//!
//! Features are hashed: words and pairs of words (for Chinese, characters and pairs of characters) in one block, character 2- to 5-grams of Latin words in
//! another. Each block is weighted by log frequency and rarity and scaled to unit length. On these features there is one linear support vector machine per
//! label (squared hinge loss), solved by dual coordinate descent (Hsieh et al. 2008). With few wordings per label the FAQ retrieval of this crate is better;
//! with tens of lines per label this classifier is.

use std::collections::HashMap;

use crate::grams::{Gram, character_grams, hash};
use crate::svm::{self, Rows};
use crate::text::{is_han, normalise, tokens};

/// The costs that are tried if none is given.
const COSTS: [f32; 3] = [0.2, 1.0, 4.0];
/// The most lines that take part in choosing the cost.
const CHOOSING_LINES: usize = 6000;
const FOLDS: usize = 3;
/// Labels count as noisy if the smallest cost is chosen and more than this share of lines is misclassified out of fold.
const NOISY: f32 = 0.25;
/// If labels are noisy, lines whose own label is this far behind a different label out of fold are left out; the rest is learned at `CLEAN_COST`.
const SUSPECT: f32 = -0.4;
const CLEAN_COST: f32 = 1.0;

/// A line with its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled<'a> {
    /// The text of the line.
    pub text: &'a str,
    /// The label of the line.
    pub label: &'a str,
}

/// The result of classifying a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction<'a> {
    /// The best label.
    pub label: &'a str,
    /// The score of that label; 0 is the boundary between the label and all others.
    pub score: f32,
    /// The difference between its score and that of the second label.
    pub margin: f32,
}

/// Why training failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// There are fewer than two labels.
    #[error("the training lines need at least two labels")]
    TooFewLabels,
}

/// A trained classifier.
#[derive(Debug)]
pub struct Classifier {
    labels: Vec<String>,
    features: Features,
    /// One row per feature with a weight for each label; the last row is the constant.
    weights: Vec<f32>,
    cost: f32,
}

#[derive(Debug)]
struct Features {
    ids: HashMap<Gram, u32>,
    idf: Vec<f32>,
}

impl Classifier {
    /// Trains on `lines`. `cost` is the weight of errors against simplicity; noisy labels need a lower one. If it is `None`, it is chosen among three by
    /// out-of-fold accuracy, and if labels turn out to be noisy, the lines that look mislabelled are left out. The result does not depend on the number of
    /// processors.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels.
    pub fn train(lines: &[Labelled<'_>], cost: Option<f32>) -> Result<Classifier, TrainError> {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut labels: Vec<String> = Vec::new();
        let targets: Vec<u32> = lines
            .iter()
            .map(|line| {
                *numbers.entry(line.label).or_insert_with(|| {
                    labels.push(line.label.to_owned());
                    labels.len() as u32 - 1
                })
            })
            .collect();
        if labels.len() < 2 {
            return Err(TrainError::TooFewLabels);
        }
        let blocks: Vec<Blocks> = lines.iter().map(|line| Blocks::of(line.text)).collect();
        let features = Features::learn(&blocks);
        let mut rows = Rows::default();
        blocks.iter().for_each(|blocks| rows.push(&features.vector(blocks)));
        drop(blocks);
        let width = features.idf.len();
        let set = Set { rows: &rows, targets: &targets, labels: labels.len(), width };
        let mut members = svm::shuffled_numbers(targets.len());
        let cost = match cost {
            Some(cost) => cost,
            None => {
                let chosen = set.choose_cost(&members);
                set.clean(&mut members, chosen)
            }
        };
        members.sort_unstable();
        let weights = set.solve(&members, cost);
        Ok(Classifier { labels, features, weights, cost })
    }

    /// The cost that was used in training.
    pub fn cost(&self) -> f32 {
        self.cost
    }

    /// The labels, in the order in which they first occurred.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The approximate number of bytes held by the weights and the feature table.
    pub fn bytes(&self) -> usize {
        self.weights.len() * 4 + self.features.idf.len() * 4 + self.features.ids.capacity() * 17
    }

    /// The best label of a line.
    pub fn classify(&self, text: &str) -> Prediction<'_> {
        let scores = svm::scores(&self.weights, self.labels.len(), &self.features.vector(&Blocks::of(text)));
        let (mut best, mut second) = ((0, f32::MIN), f32::MIN);
        for (label, &score) in scores.iter().enumerate() {
            if score > best.1 {
                second = best.1;
                best = (label, score);
            } else if score > second {
                second = score;
            }
        }
        Prediction { label: &self.labels[best.0], score: best.1, margin: best.1 - second }
    }
}

/// The counted features of one line, words and characters separately.
struct Blocks([Vec<(Gram, f32)>; 2]);

impl Blocks {
    fn of(text: &str) -> Blocks {
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

impl Features {
    fn learn(lines: &[Blocks]) -> Features {
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
        let idf = df.iter().map(|df| ((1.0 + n) / (1.0 + df)).ln() + 1.0).collect();
        Features { ids, idf }
    }

    /// The known features with their weights; each block has unit length.
    fn vector(&self, blocks: &Blocks) -> Vec<(u32, f32)> {
        let mut out = Vec::with_capacity(blocks.0.iter().map(Vec::len).sum());
        for block in &blocks.0 {
            let from = out.len();
            for (gram, count) in block {
                if let Some(&id) = self.ids.get(gram) {
                    out.push((id, (1.0 + count.ln()) * self.idf[id as usize]));
                }
            }
            let length = out[from..].iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
            if length > 0.0 {
                out[from..].iter_mut().for_each(|(_, value)| *value /= length);
            }
        }
        out
    }
}

/// Numbered lines with their target labels.
struct Set<'a> {
    rows: &'a Rows,
    targets: &'a [u32],
    labels: usize,
    width: usize,
}

impl Set<'_> {
    fn solve(&self, members: &[u32], cost: f32) -> Vec<f32> {
        svm::one_against_rest(self.rows, members, self.targets, self.labels, self.width, cost)
    }

    /// For each member, how far its own label is ahead of the best other label, when trained without that member.
    fn margins(&self, members: &[u32], cost: f32) -> Vec<f32> {
        let mut margins = vec![0.0; members.len()];
        for fold in 0..FOLDS {
            let kept: Vec<u32> = members.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, row)| *row).collect();
            let weights = self.solve(&kept, cost);
            for (at, &row) in members.iter().enumerate().filter(|(at, _)| at % FOLDS == fold) {
                let scores = svm::scores(&weights, self.labels, self.rows.row(row as usize));
                let own = self.targets[row as usize] as usize;
                let others = scores.iter().enumerate().filter(|(label, _)| *label != own).map(|(_, score)| *score);
                margins[at] = scores[own] - others.fold(f32::MIN, f32::max);
            }
        }
        margins
    }

    /// The cost with the best out-of-fold accuracy; of equals, the smaller.
    fn choose_cost(&self, members: &[u32]) -> f32 {
        let stride = members.len().div_ceil(CHOOSING_LINES).max(1);
        let sample: Vec<u32> = members.iter().copied().step_by(stride).collect();
        let mut best = (0, COSTS[0]);
        for cost in COSTS {
            let right = self.margins(&sample, cost).iter().filter(|margin| **margin > 0.0).count();
            if right > best.0 {
                best = (right, cost);
            }
        }
        best.1
    }

    /// Leaves out the lines that look mislabelled, if labels are noisy; returns the cost at which to learn the rest.
    fn clean(&self, members: &mut Vec<u32>, cost: f32) -> f32 {
        if cost > COSTS[0] {
            return cost;
        }
        let margins = self.margins(members, cost);
        let mistaken = margins.iter().filter(|margin| **margin <= 0.0).count();
        if (mistaken as f32) < NOISY * members.len() as f32 {
            return cost;
        }
        let mut margins = margins.into_iter();
        members.retain(|_| margins.next().is_none_or(|margin| margin > SUSPECT));
        CLEAN_COST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [(&str, &str); 12] = [
        ("where is my parcel", "delivery"),
        ("when does the parcel arrive", "delivery"),
        ("track my delivery", "delivery"),
        ("快递到哪了", "delivery"),
        ("包裹什么时候送到", "delivery"),
        ("物流怎么查", "delivery"),
        ("I want my money back", "refund"),
        ("refund me please", "refund"),
        ("how do I get a refund", "refund"),
        ("我要退款", "refund"),
        ("钱什么时候退回来", "refund"),
        ("退款到账了吗", "refund"),
    ];

    fn lines() -> Vec<Labelled<'static>> {
        LINES.iter().map(|&(text, label)| Labelled { text, label }).collect()
    }

    #[test]
    fn unseen_lines_in_both_languages_get_their_label() {
        let classifier = Classifier::train(&lines(), Some(1.0)).unwrap();
        assert_eq!(classifier.classify("refunds?").label, "refund");
        assert_eq!(classifier.classify("parcels not arriving").label, "delivery");
        assert_eq!(classifier.classify("退款多久").label, "refund");
        assert_eq!(classifier.classify("包裹呢").label, "delivery");
    }

    #[test]
    fn one_label_cannot_be_trained() {
        let error = Classifier::train(&lines()[..3], None).unwrap_err();
        assert_eq!(error, TrainError::TooFewLabels);
    }

    #[test]
    fn training_twice_gives_the_same_scores() {
        let (a, b) = (Classifier::train(&lines(), None).unwrap(), Classifier::train(&lines(), None).unwrap());
        assert_eq!(a.cost(), b.cost());
        assert_eq!(a.classify("my money"), b.classify("my money"));
    }
}
