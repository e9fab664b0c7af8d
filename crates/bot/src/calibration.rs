//! Says how probable it is that the classifier is right, and whether a line is within the scope of its labels.
//!
//! Both are logistic regressions on a few numbers about the scores of a line, fitted to training lines that were scored by what the others teach. What is out
//! of scope is learned from lines labelled so, if there are any, and from lines whose own label is hidden.

use crate::classify::{Classifier, Labelled, TrainError, lines_and_cost};
use crate::features::Vector;
use crate::logistic::{Logistic, Observation};
use crate::neighbours::Neighbours;
use crate::sheet::Sheet;

/// The parts in which training lines are scored by what the others teach.
const FOLDS: usize = 5;
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

type Numbers = [f64; NUMBERS];

/// The judgement of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement<'a> {
    /// The best label within the scope.
    pub label: &'a str,
    /// The probability that this label is right, for a line within the scope.
    pub probability: f64,
    /// How probable it is that the line is within the scope and the label right, as log odds; only comparable with that of other lines.
    pub within: f64,
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
    within: Option<Logistic<NUMBERS>>,
}

impl Calibrated {
    /// Trains on `lines`. With `outside`, a label that stands for everything out of scope (which need not occur), lines can also be judged by their scope.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels.
    pub fn train(lines: &[Labelled<'_>], outside: Option<&str>) -> Result<Calibrated, TrainError> {
        let sheet = Sheet::new(lines)?;
        let (members, cost) = lines_and_cost(&sheet, None);
        let number = outside.and_then(|name| sheet.labels.iter().position(|label| label == name));
        if sheet.labels.len() - usize::from(number.is_some()) < 2 {
            return Err(TrainError::TooFewLabels);
        }
        let neighbours = Neighbours::new(&sheet, &members);
        let targets: Vec<u32> = members.iter().map(|&row| sheet.targets[row as usize]).collect();
        let (right, within) = fit(&sheet, &members, cost, &neighbours, &targets, number, outside.is_some());
        Ok(Calibrated { classifier: Classifier::of(sheet, members, cost), outside: number, neighbours, targets, right, within })
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
        Judgement {
            label: &self.classifier.labels()[label],
            probability: self.right.probability(&numbers),
            within: self.within.as_ref().map_or(0.0, |within| within.log_odds(&numbers)),
        }
    }
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
fn numbers(
    scores: &[f32],
    hidden: Option<usize>,
    outside: Option<usize>,
    vector: &Vector,
    known: f32,
    near: impl Fn(usize) -> [f32; 2],
) -> (usize, Numbers) {
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

/// The two regressions: whether the label is right for a line within the scope, and, if asked for, whether the line is within the scope and the label right.
fn fit(
    sheet: &Sheet,
    members: &[u32],
    cost: f32,
    neighbours: &Neighbours,
    targets: &[u32],
    outside: Option<usize>,
    scope: bool,
) -> (Logistic<NUMBERS>, Option<Logistic<NUMBERS>>) {
    let known = sheet.known_out_of_fold(members, FOLDS);
    let (mut inside, mut beyond): (Vec<Observation<NUMBERS>>, Vec<Observation<NUMBERS>>) = (Vec::new(), Vec::new());
    sheet.out_of_fold(members, cost, FOLDS, |at, scores| {
        let own = targets[at] as usize;
        let vector = sheet.vector(members[at]);
        let cosines = neighbours.cosines(&vector.values[..vector.words]);
        let is_other_part = |other: usize| other % FOLDS != at % FOLDS;
        let near = |label: usize| nearest(&cosines, targets, label, outside, |other, _| is_other_part(other));
        let (label, measured) = numbers(scores, None, outside, &vector, known[at], near);
        let observation = Observation { numbers: measured, came: label == own, weight: 1.0 };
        if Some(own) == outside { beyond.push(observation) } else { inside.push(observation) }
        if scope && Some(own) != outside && at % HIDDEN == 0 {
            let near = |label: usize| nearest(&cosines, targets, label, outside, |other, target| is_other_part(other) && target as usize != own);
            let (_, measured) = numbers(scores, Some(own), outside, &vector, known[at], near);
            beyond.push(Observation { numbers: measured, came: false, weight: HIDDEN_WEIGHT });
        }
    });
    let right = Logistic::fit(&inside);
    if !scope {
        return (right, None);
    }
    let total: f64 = beyond.iter().map(|o| o.weight).sum::<f64>().max(1e-9);
    let share = OUTSIDE * inside.len() as f64 / total;
    inside.extend(beyond.into_iter().map(|o| Observation { weight: o.weight * share, ..o }));
    (right, Some(Logistic::fit(&inside)))
}
