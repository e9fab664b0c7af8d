//! A linear classifier for large sets of labelled lines, Chinese or English.
//!
//! On hashed features there is one linear support vector machine per label (squared hinge loss), solved by dual coordinate descent (Hsieh et al. 2008). With
//! few wordings per label the FAQ retrieval of the bot is better; with tens of lines per label this classifier is.

use bot::features::{Blocks, Features, Vector};
use bot::sheet::{Labelled, Sheet, TrainError};
use bot::svm;

/// The costs that are tried if none is given.
const COSTS: [f32; 2] = [0.2, 1.0];
/// The most lines that take part in choosing the cost.
const CHOOSING_LINES: usize = 6000;
const CHOOSING_FOLDS: usize = 2;
const FOLDS: usize = 3;
/// Labels count as noisy if the smallest cost is chosen and more than this share of lines is misclassified out of fold.
const NOISY: f32 = 0.25;
/// If labels are noisy, lines whose own label is this far behind a different label out of fold are left out; the rest is learned at `CLEAN_COST`.
const SUSPECT: f32 = -0.4;
const CLEAN_COST: f32 = 1.0;

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

/// A trained classifier.
#[derive(Debug)]
pub struct Classifier {
    labels: Vec<String>,
    features: Features,
    /// One row per feature with a weight for each label; the last row is the constant.
    weights: Vec<f32>,
    cost: f32,
}

impl Classifier {
    /// Trains on `lines`. `cost` is the weight of errors against simplicity; noisy labels need a lower one. If it is `None`, it is chosen among two by
    /// out-of-fold accuracy, and if labels turn out to be noisy, the lines that look mislabelled are left out. The result does not depend on the number of
    /// processors.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels.
    pub fn train(lines: &[Labelled<'_>], cost: Option<f32>) -> Result<Classifier, TrainError> {
        let sheet = Sheet::new(lines)?;
        let (members, cost) = lines_and_cost(&sheet, cost);
        Ok(Classifier::of(sheet, members, cost))
    }

    /// Learns from some lines of a sheet.
    pub(crate) fn of(sheet: Sheet, mut members: Vec<u32>, cost: f32) -> Classifier {
        members.sort_unstable();
        let weights = sheet.solve(&members, cost);
        Classifier { labels: sheet.labels, features: sheet.features, weights, cost }
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
        self.weights.len() * 4 + self.features.bytes()
    }

    /// The best label of a line.
    pub fn classify(&self, text: &str) -> Prediction<'_> {
        let (label, score, margin) = best(&self.scores(&self.vector(text)));
        Prediction { label: &self.labels[label], score, margin }
    }

    /// The features of a line.
    pub(crate) fn vector(&self, text: &str) -> Vector {
        self.features.of(text, &Blocks::of(text))
    }

    /// The score of each label.
    pub(crate) fn scores(&self, vector: &Vector) -> Vec<f32> {
        svm::scores(&self.weights, self.labels.len(), &vector.values)
    }
}

/// The number of the best label, its score, and how far the second is behind.
pub(crate) fn best(scores: &[f32]) -> (usize, f32, f32) {
    let (mut best, mut second) = ((0, f32::MIN), f32::MIN);
    for (label, &score) in scores.iter().enumerate() {
        if score > best.1 {
            second = best.1;
            best = (label, score);
        } else if score > second {
            second = score;
        }
    }
    (best.0, best.1, best.1 - second)
}

/// The lines to learn from, in a fixed pseudo-random order, and the cost: the given one, or the one of two with the best out-of-fold accuracy. If labels
/// turn out to be noisy, the lines that look mislabelled are missing.
pub(crate) fn lines_and_cost(sheet: &Sheet, cost: Option<f32>) -> (Vec<u32>, f32) {
    let mut members = sheet.members();
    let cost = cost.unwrap_or_else(|| {
        let chosen = choose_cost(sheet, &members);
        clean(sheet, &mut members, chosen)
    });
    (members, cost)
}

/// For each member, how far its own label is ahead of the best other label, when trained without that member.
fn margins(sheet: &Sheet, members: &[u32], cost: f32, folds: usize) -> Vec<f32> {
    let mut margins = vec![0.0; members.len()];
    sheet.out_of_fold(members, cost, folds, |at, scores| {
        let own = sheet.targets[members[at] as usize] as usize;
        let others = scores.iter().enumerate().filter(|(label, _)| *label != own).map(|(_, score)| *score);
        margins[at] = scores[own] - others.fold(f32::MIN, f32::max);
    });
    margins
}

/// The cost with the best out-of-fold accuracy; of equals, the smaller.
fn choose_cost(sheet: &Sheet, members: &[u32]) -> f32 {
    let stride = members.len().div_ceil(CHOOSING_LINES).max(1);
    let sample: Vec<u32> = members.iter().copied().step_by(stride).collect();
    let mut best = (0, COSTS[0]);
    for cost in COSTS {
        let right = margins(sheet, &sample, cost, CHOOSING_FOLDS).iter().filter(|margin| **margin > 0.0).count();
        if right > best.0 {
            best = (right, cost);
        }
    }
    best.1
}

/// Leaves out the lines that look mislabelled, if labels are noisy; returns the cost at which to learn the rest.
fn clean(sheet: &Sheet, members: &mut Vec<u32>, cost: f32) -> f32 {
    if cost > COSTS[0] {
        return cost;
    }
    let margins = margins(sheet, members, cost, FOLDS);
    let mistaken = margins.iter().filter(|margin| **margin <= 0.0).count();
    if (mistaken as f32) < NOISY * members.len() as f32 {
        return cost;
    }
    let mut margins = margins.into_iter();
    members.retain(|_| margins.next().is_none_or(|margin| margin > SUSPECT));
    CLEAN_COST
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
