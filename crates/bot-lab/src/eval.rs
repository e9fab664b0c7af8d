//! Measures the classifier on labelled sets: the figures that `yingda bot eval` prints.
//!
//! No line of the test set influences a choice: costs and probabilities come from the training set, and the one limit between lines within the scope and lines
//! out of it from the development set.

mod measures;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use bot::embed::Vectors;
use bot::sheet::{Labelled, TrainError};
use bot::suspects::Row;
use serde::Serialize;

use self::measures::{Judged, calibration_error, coverage_at, percentile, risk_coverage_area, separation};
use crate::calibration::Calibrated;
use crate::timing::time_of;

/// The sets to measure with.
#[derive(Clone, Copy)]
pub struct Sets<'a> {
    /// What is learned from.
    pub train: &'a [Row],
    /// What the limit of the scope is chosen on; may be empty.
    pub dev: &'a [Row],
    /// What is measured on.
    pub test: &'a [Row],
    /// The label of lines that are out of scope.
    pub oos: Option<&'a str>,
    /// The vectors of all lines by a model of sentence embeddings, if it takes part.
    pub vectors: Option<&'a Arc<dyn Vectors>>,
}

/// The measured figures. Shares are 0 to 1. With a label for lines out of scope, the figures up to `coverage_at_p95` are about the test lines within the scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The share of test lines with the right label.
    pub accuracy: f64,
    /// The mean, over all labels of either file, of the harmonic mean of precision and recall; a label that is neither in the test set nor predicted is left
    /// out.
    pub macro_f1: f64,
    /// The 99th percentile of the time to judge one line, in microseconds, each the best of three.
    pub p99_us: f64,
    /// The training time in seconds, including the choice of the cost and the calibration.
    pub train_seconds: f64,
    /// The expected calibration error of the probability of the best label, over 15 bins of equal width.
    pub ece: f64,
    /// The area under the risk-coverage curve: the mean share of wrong answers over all shares of lines that are answered, most certain first.
    pub aurc: f64,
    /// The largest share of lines that can be answered, most certain first, with at least 90 % of the answers right.
    pub coverage_at_p90: f64,
    /// The same for 95 %.
    pub coverage_at_p95: f64,
    /// The probability that a line within the scope is judged to be more so than one out of it; `None` without lines out of scope in the test set.
    pub oos_auroc: Option<f64>,
    /// The share of lines out of scope that are rejected at the chosen limit.
    pub oos_recall: Option<f64>,
    /// The share of lines within the scope that are accepted at the same limit and given the right label.
    pub in_scope_accuracy_at_threshold: Option<f64>,
    /// The median time to judge one line, in microseconds, each the best of three.
    pub p50_us: f64,
    /// The approximate number of bytes that the trained model takes in memory.
    pub model_bytes: usize,
}

/// Why the measurement failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A classifier cannot be trained on the training lines.
    #[error("training file: {0}")]
    Training(#[from] TrainError),
    /// No test line is within the scope.
    #[error("test file: there is no line within the scope, so there is nothing to measure")]
    NothingWithin,
    /// The label for lines out of scope occurs nowhere.
    #[error("no line of any file has the label {0:?}; --oos must name the label of the lines that are out of scope")]
    NoSuchLabel(String),
}

/// Trains on one set and measures on the other.
///
/// # Errors
/// If the training set has fewer than two labels, the test set has no line within the scope, or the label for lines out of scope occurs nowhere.
pub fn run(sets: &Sets<'_>) -> Result<Report, EvalError> {
    if let Some(oos) = sets.oos
        && !sets.train.iter().chain(sets.dev).chain(sets.test).any(|(_, label)| label == oos)
    {
        return Err(EvalError::NoSuchLabel(oos.to_owned()));
    }
    if sets.test.iter().all(|(_, label)| Some(label.as_str()) == sets.oos) {
        return Err(EvalError::NothingWithin);
    }
    let begin = Instant::now();
    let model = Calibrated::with_vectors(&lines_of(sets.train), &lines_of(sets.dev), sets.oos, sets.vectors)?;
    let train_seconds = begin.elapsed().as_secs_f64();

    let mut times = Vec::with_capacity(sets.test.len());
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut judged: Vec<Judged> = Vec::new();
    let (mut within, mut outside) = (Vec::new(), Vec::new());
    let (mut accepted, mut rejected) = (0usize, 0usize);
    for (text, label) in sets.test {
        let (judgement, took) = time_of(|| model.judge(text));
        times.push(took);
        if Some(label.as_str()) == sets.oos {
            outside.push(judgement.scope);
            rejected += usize::from(!judgement.within);
            continue;
        }
        let right = judgement.label == label;
        within.push(judgement.scope);
        accepted += usize::from(judgement.within && right);
        judged.push(Judged { probability: judgement.probability, right });
        counts.entry(label).or_default().actual += 1;
        counts.entry(judgement.label).or_default().predicted += 1;
        counts.entry(label).or_default().both += usize::from(right);
    }
    times.sort_unstable_by(f64::total_cmp);
    let share = |count: usize, all: usize| count as f64 / all as f64;
    Ok(Report {
        accuracy: share(judged.iter().filter(|line| line.right).count(), judged.len()),
        macro_f1: counts.values().map(Counts::f1).sum::<f64>() / counts.len() as f64,
        p99_us: percentile(&times, 99),
        train_seconds,
        ece: calibration_error(&judged),
        aurc: risk_coverage_area(&judged),
        coverage_at_p90: coverage_at(&judged, 0.90),
        coverage_at_p95: coverage_at(&judged, 0.95),
        oos_auroc: sets.oos.and_then(|_| separation(&within, &outside)),
        oos_recall: sets.oos.filter(|_| !outside.is_empty()).map(|_| share(rejected, outside.len())),
        in_scope_accuracy_at_threshold: sets.oos.map(|_| share(accepted, within.len())),
        p50_us: percentile(&times, 50),
        model_bytes: model.bytes(),
    })
}

fn lines_of(rows: &[Row]) -> Vec<Labelled<'_>> {
    rows.iter().map(|(text, label)| Labelled { text, label }).collect()
}

#[derive(Debug, Default)]
struct Counts {
    actual: usize,
    predicted: usize,
    both: usize,
}

impl Counts {
    fn f1(&self) -> f64 {
        2.0 * self.both as f64 / (self.actual + self.predicted) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_is_the_mean_over_labels() {
        let counts = Counts { actual: 4, predicted: 2, both: 2 };
        assert!((counts.f1() - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn errors_say_which_file_is_wrong_and_what_to_do() {
        let row = |text: &str, label: &str| (text.to_owned(), label.to_owned());
        let (one, two) = ([row("a", "x")], [row("a", "x"), row("b", "y")]);
        let message = |train: &[Row], oos| run(&Sets { train, dev: &[], test: &two, oos, vectors: None }).unwrap_err().to_string();
        assert!(message(&one, None).starts_with("training file: the training lines need at least two labels"));
        assert!(message(&two, Some("z")).contains("--oos"));
        assert!(message(&two, Some("y")).contains("two labels"));
        let error = run(&Sets { train: &two, dev: &[], test: &one, oos: Some("x"), vectors: None }).unwrap_err();
        assert_eq!(error, EvalError::NothingWithin);
    }
}
