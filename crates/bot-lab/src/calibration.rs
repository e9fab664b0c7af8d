//! Says how probable it is that the classifier is right, and whether a line is within the scope of its labels.
//!
//! Both are logistic regressions on a few numbers about the scores of a line, fitted to training lines that were scored by what the others teach. What is out
//! of scope is learned from lines labelled so, if there are any, and from lines whose own label is hidden.

use std::sync::Arc;

use bot::embed::Vectors;
use bot::features::Vector;
use bot::sheet::{Labelled, Sheet, TrainError};

use crate::classify::{Classifier, lines_and_cost};
use crate::logistic::{Logistic, Observation};
use crate::neighbours::Neighbours;

/// The parts in which training lines are scored by what the others teach: with few lines, many parts, as every line that is missing is missed.
const FOLDS: usize = 4;
const FOLDS_OF_FEW: usize = 10;
const FEW: usize = 2000;
/// How many numbers are known of a line.
const NUMBERS: usize = 9;
/// The scale of scores in the shares of labels.
const SHARPNESS: f64 = 4.0;
/// One in so many lines is used with its label hidden.
const HIDDEN: usize = 3;
/// What all lines out of scope together count compared with those within.
const OUTSIDE: f64 = 1.0;
/// What a line with its label hidden counts compared with one that is labelled as out of scope.
const HIDDEN_WEIGHT: f64 = 0.02;
/// How many lines those with their label hidden count for where it is judged whether a label is right.
const DOUBT: f64 = 2.0;
/// With fewer lines that are labelled as out of scope, the limit is chosen on lines with their label hidden.
const ENOUGH_OUTSIDE: usize = 50;

type Numbers = [f64; NUMBERS];

/// The judgement of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement<'a> {
    /// The best label within the scope.
    pub label: &'a str,
    /// The probability that this label is right, for a line within the scope.
    pub probability: f64,
    /// The higher, the more probable it is that the line is within the scope and the label right; only comparable with that of other lines.
    pub scope: f64,
    /// Whether the line counts as within the scope.
    pub within: bool,
}

/// How a line was judged that is known to be within the scope or not.
#[derive(Debug, Clone, Copy)]
struct Trial {
    scope: f64,
    within: bool,
    right: bool,
}

/// A classifier that knows how sure it is.
#[derive(Debug)]
pub struct Calibrated {
    classifier: Classifier,
    /// The number of the label that stands for what is out of scope.
    outside: Option<usize>,
    neighbours: Neighbours,
    /// The label of each line of `neighbours`.
    targets: Vec<u32>,
    right: Logistic<NUMBERS>,
    /// The judgement of the scope, and from which value on a line is within it.
    scope: Option<(Logistic<NUMBERS>, f64)>,
}

impl Calibrated {
    /// Trains on `lines`. With `outside`, a label that stands for everything out of scope (which need not occur), lines are also judged by their scope: the
    /// limit is chosen on `dev` if that has lines of both kinds, otherwise on the training lines.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels within the scope.
    pub fn train(lines: &[Labelled<'_>], dev: &[Labelled<'_>], outside: Option<&str>) -> Result<Calibrated, TrainError> {
        Calibrated::with_vectors(lines, dev, outside, None)
    }

    /// The same with the vectors of all lines, those to be judged included, as further features.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels within the scope.
    pub fn with_vectors(
        lines: &[Labelled<'_>],
        dev: &[Labelled<'_>],
        outside: Option<&str>,
        vectors: Option<&Arc<dyn Vectors>>,
    ) -> Result<Calibrated, TrainError> {
        let sheet = Sheet::with_vectors(lines, vectors)?;
        let number = outside.and_then(|name| sheet.labels.iter().position(|label| label == name));
        if sheet.labels.len() - usize::from(number.is_some()) < 2 {
            return Err(TrainError::TooFewLabels);
        }
        let (members, cost) = lines_and_cost(&sheet, None);
        let neighbours = Neighbours::new(&sheet, &members);
        let targets: Vec<u32> = members.iter().map(|&row| sheet.targets[row as usize]).collect();
        let observed = observe(&sheet, &members, cost, &neighbours, &targets, number);
        let right = observed.right();
        let scope = outside.map(|_| observed.scope());
        let classifier = Classifier::of(sheet, members, cost);
        let mut trained = Calibrated { classifier, outside: number, neighbours, targets, right, scope };
        if let Some(outside) = outside {
            trained.choose_limit(dev, outside);
        }
        Ok(trained)
    }

    fn choose_limit(&mut self, dev: &[Labelled<'_>], outside: &str) {
        let trial = |line: &Labelled<'_>| {
            let judged = self.judge(line.text);
            Trial { scope: judged.scope, within: line.label != outside, right: judged.label == line.label }
        };
        let trials: Vec<Trial> = dev.iter().map(trial).collect();
        let has_both = trials.iter().any(|trial| trial.within) && trials.iter().any(|trial| !trial.within);
        if let Some((_, limit)) = self.scope.as_mut().filter(|_| has_both) {
            *limit = fairest_limit(trials);
        }
    }

    /// The classifier.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// The approximate number of bytes that the whole takes.
    pub fn bytes(&self) -> usize {
        self.classifier.bytes() + self.neighbours.bytes() + self.targets.len() * 4
    }

    /// Judges a line.
    pub fn judge(&self, text: &str) -> Judgement<'_> {
        let vector = self.classifier.vector(text);
        let scores = self.classifier.scores(&vector);
        let known = vector.values.iter().map(|(_, value)| value * value).sum();
        let cosines = self.neighbours.cosines(&vector.values[..vector.words]);
        let near = |label: usize| nearest(&cosines, &self.targets, label, self.outside, |_, _| true);
        let (label, numbers) = numbers(&scores, None, self.outside, &vector, known, near);
        let (scope, limit) = self.scope.as_ref().map_or((0.0, 0.0), |(scope, limit)| (scope.log_odds(&numbers), *limit));
        Judgement { label: &self.classifier.labels()[label], probability: self.right.probability(&numbers), scope, within: scope >= limit }
    }
}

/// The limit at which the smaller of two shares is largest: lines within the scope that are accepted with the right label, and lines out of scope that are
/// rejected.
fn fairest_limit(mut trials: Vec<Trial>) -> f64 {
    trials.sort_by(|a, b| a.scope.total_cmp(&b.scope));
    let count = |is: &dyn Fn(&Trial) -> bool| trials.iter().filter(|trial| is(trial)).count() as f64;
    let (within, outside) = (count(&|t| t.within).max(1.0), count(&|t| !t.within).max(1.0));
    let (mut accepted, mut rejected) = (count(&|t| t.within && t.right), 0.0);
    let mut best = (f64::MIN, f64::MIN);
    let mut before = f64::MIN;
    for trial in &trials {
        // Equal scores are accepted or rejected together.
        let fairness = f64::min(accepted / within, rejected / outside);
        if trial.scope > before && fairness > best.0 {
            best = (fairness, trial.scope);
        }
        before = trial.scope;
        accepted -= f64::from(u8::from(trial.within && trial.right));
        rejected += f64::from(u8::from(!trial.within));
    }
    best.1
}

/// The cosines of the nearest line of a label and of the nearest line of any different label within the scope, among lines that `counts`.
fn nearest(cosines: &[f32], targets: &[u32], label: usize, outside: Option<usize>, counts: impl Fn(usize, u32) -> bool) -> [f32; 2] {
    let (mut own, mut other) = (0.0f32, 0.0f32);
    for (at, (&cosine, &target)) in cosines.iter().zip(targets).enumerate() {
        if cosine > own.min(other) && counts(at, target) {
            if target as usize == label {
                own = own.max(cosine);
            } else if Some(target as usize) != outside {
                other = other.max(cosine);
            }
        }
    }
    [own, other]
}

/// The best label and the numbers of a line. `hidden` is a label that is treated as if it did not exist.
fn numbers(scores: &[f32], hidden: Option<usize>, outside: Option<usize>, vector: &Vector, known: f32, near: impl Fn(usize) -> [f32; 2]) -> (usize, Numbers) {
    let (mut best, mut second, mut third) = ((0, f32::MIN), f32::MIN, f32::MIN);
    for (label, &score) in scores.iter().enumerate() {
        if Some(label) == hidden || Some(label) == outside {
            continue;
        }
        if score > best.1 {
            (third, second, best) = (second, best.1, (label, score));
        } else if score > second {
            (third, second) = (second, score);
        } else if score > third {
            third = score;
        }
    }
    let (label, top) = (best.0, f64::from(best.1));
    let behind = |score: f32| if score == f32::MIN { 2.0 } else { top - f64::from(score) };
    let others = scores.iter().enumerate().filter(|(other, _)| *other != label && Some(*other) != hidden && Some(*other) != outside);
    let mass: f64 = others.map(|(_, score)| (SHARPNESS * (f64::from(*score) - top)).exp()).sum();
    let [own, other] = near(label);
    let numbers = [
        top,
        behind(second),
        behind(third),
        -mass.max(1e-9).ln(),
        f64::from(known),
        f64::from(own),
        f64::from(own - other),
        (vector.length as f64 + 1.0).ln(),
        outside.map_or(0.0, |outside| f64::from(scores[outside])),
    ];
    (label, numbers)
}

/// What was seen of training lines that were scored by what the others teach.
#[derive(Default)]
struct Observed {
    /// Lines within the scope.
    inside: Vec<Observation<NUMBERS>>,
    /// Lines labelled as out of scope.
    outside: Vec<Observation<NUMBERS>>,
    /// Lines whose own label was hidden.
    hidden: Vec<Observation<NUMBERS>>,
}

impl Observed {
    /// The regression of being right, for lines within the scope. If the classifier was never wrong, lines with their label hidden show what being wrong
    /// looks like; together they count as much as `DOUBT` lines.
    fn right(&self) -> Logistic<NUMBERS> {
        let weight = DOUBT / (self.hidden.len() as f64).max(1.0);
        let hidden = self.hidden.iter().map(|o| Observation { weight, ..o.clone() });
        Logistic::fit(&self.inside.iter().cloned().chain(hidden).collect::<Vec<_>>())
    }

    /// The regression of the scope and its limit.
    fn scope(&self) -> (Logistic<NUMBERS>, f64) {
        let total = (self.outside.len() as f64 + HIDDEN_WEIGHT * self.hidden.len() as f64).max(1e-9);
        let share = OUTSIDE * self.inside.len() as f64 / total;
        let weigh = |o: &Observation<NUMBERS>, weight: f64| Observation { weight, ..o.clone() };
        let mut all = self.inside.clone();
        all.extend(self.outside.iter().map(|o| weigh(o, share)));
        all.extend(self.hidden.iter().map(|o| weigh(o, share * HIDDEN_WEIGHT)));
        let scope = Logistic::fit(&all);
        let trial = |o: &Observation<NUMBERS>, within| Trial { scope: scope.log_odds(&o.numbers), within, right: o.came };
        let outside = if self.outside.len() < ENOUGH_OUTSIDE { &self.hidden } else { &self.outside };
        let trials = self.inside.iter().map(|o| trial(o, true)).chain(outside.iter().map(|o| trial(o, false)));
        let limit = fairest_limit(trials.collect());
        (scope, limit)
    }
}

/// Scores each line by what the others teach.
fn observe(sheet: &Sheet, members: &[u32], cost: f32, neighbours: &Neighbours, targets: &[u32], outside: Option<usize>) -> Observed {
    let folds = if members.len() < FEW { FOLDS_OF_FEW } else { FOLDS };
    let known = known_out_of_fold(sheet, members, folds);
    let mut observed = Observed::default();
    sheet.out_of_fold(members, cost, folds, |at, scores| {
        let own = targets[at] as usize;
        let vector = sheet.vector(members[at]);
        let cosines = neighbours.cosines(&vector.values[..vector.words]);
        let is_other_part = |other: usize| other % folds != at % folds;
        let near = |label: usize| nearest(&cosines, targets, label, outside, |other, _| is_other_part(other));
        let (label, measured) = numbers(scores, None, outside, &vector, known[at], near);
        let observation = Observation { numbers: measured, came: label == own, weight: 1.0 };
        if Some(own) == outside {
            observed.outside.push(observation);
            return;
        }
        observed.inside.push(observation);
        if at % HIDDEN == 0 {
            let near = |label: usize| nearest(&cosines, targets, label, outside, |other, target| is_other_part(other) && target as usize != own);
            let (_, measured) = numbers(scores, Some(own), outside, &vector, known[at], near);
            observed.hidden.push(Observation { numbers: measured, came: false, weight: 1.0 });
        }
    });
    observed
}

/// For each member, whether each feature of it occurs in a member of a different part; as the share of its squared length, 0 to 1 for each block.
fn known_out_of_fold(sheet: &Sheet, members: &[u32], folds: usize) -> Vec<f32> {
    let mut all = vec![0u32; sheet.features.count()];
    members.iter().for_each(|&row| sheet.rows.row(row as usize).iter().for_each(|(feature, _)| all[*feature as usize] += 1));
    let mut known = vec![0.0; members.len()];
    for fold in 0..folds {
        let mut own = vec![0u32; sheet.features.count()];
        let part = || members.iter().enumerate().filter(move |(at, _)| at % folds == fold);
        part().for_each(|(_, &row)| sheet.rows.row(row as usize).iter().for_each(|(feature, _)| own[*feature as usize] += 1));
        for (at, &row) in part() {
            let is_known = |feature: u32| all[feature as usize] > own[feature as usize];
            known[at] = sheet.rows.row(row as usize).iter().filter(|(feature, _)| is_known(*feature)).map(|(_, value)| value * value).sum();
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_lies_where_both_shares_are_high() {
        let trial = |scope: f64, within: bool, right: bool| Trial { scope, within, right };
        let outside = (0..10).map(|i| trial(f64::from(i) / 10.0, false, false));
        let inside = (0..10).map(|i| trial(0.85 + f64::from(i) / 10.0, true, true));
        let limit = fairest_limit(outside.chain(inside).collect());
        assert!((0.85..=0.95).contains(&limit), "{limit}");
    }
}
