//! Measures the classifier on a labelled set: the figures that `yingda bot eval` prints.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use crate::classify::{Classifier, Labelled, TrainError};
use crate::csv::{self, CsvError};

/// The measured figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The share of test lines with the right label, 0 to 1.
    pub accuracy: f64,
    /// The mean, over all labels of either file, of the harmonic mean of precision and recall, 0 to 1; a label that is neither in the test set nor predicted is
    /// left out.
    pub macro_f1: f64,
    /// The 99th percentile of the time to classify one line, in microseconds.
    pub p99_us: f64,
    /// The training time in seconds, including the choice of the cost.
    pub train_seconds: f64,
}

/// Why the measurement failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The training file is invalid.
    #[error("training file: {0}")]
    Train(CsvError),
    /// The test file is invalid.
    #[error("test file: {0}")]
    Test(CsvError),
    /// A classifier cannot be trained on the training lines.
    #[error("training file: {0}")]
    Training(#[from] TrainError),
}

/// The text and label of each row of a CSV text.
///
/// # Errors
/// The first fault, with its line and column.
pub fn rows(csv: &str) -> Result<Vec<(String, String)>, CsvError> {
    csv::labelled_rows(csv)
}

/// Trains on one CSV text and tests on the other; both have the columns `text` and `label` (or `category`).
///
/// # Errors
/// If a text is not such a CSV, with the line and column of the fault; or if the training set has fewer than two labels.
pub fn run(train_csv: &str, test_csv: &str) -> Result<Report, EvalError> {
    let train = rows(train_csv).map_err(EvalError::Train)?;
    let test = rows(test_csv).map_err(EvalError::Test)?;
    let lines: Vec<Labelled<'_>> = train.iter().map(|(text, label)| Labelled { text, label }).collect();
    let begin = Instant::now();
    let classifier = Classifier::train(&lines, None)?;
    let train_seconds = begin.elapsed().as_secs_f64();

    let mut times = Vec::with_capacity(test.len());
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut right = 0usize;
    for (text, label) in &test {
        let begin = Instant::now();
        let predicted = classifier.classify(text).label;
        times.push(begin.elapsed().as_nanos() as f64 / 1000.0);
        counts.entry(label).or_default().actual += 1;
        counts.entry(predicted).or_default().predicted += 1;
        if predicted == label {
            right += 1;
            counts.entry(label).or_default().both += 1;
        }
    }
    times.sort_unstable_by(f64::total_cmp);
    let p99 = times[(times.len() * 99).div_ceil(100).saturating_sub(1)];
    let macro_f1 = counts.values().map(Counts::f1).sum::<f64>() / counts.len() as f64;
    Ok(Report { accuracy: right as f64 / test.len() as f64, macro_f1, p99_us: p99, train_seconds })
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
    fn errors_say_which_file_is_wrong() {
        let good = "text,label\na,x\nb,y\n";
        assert!(run("text\na\n", good).unwrap_err().to_string().starts_with("training file: line 1"));
        assert!(run(good, "text,label\na\n").unwrap_err().to_string().starts_with("test file: line 2"));
        assert!(run("text,label\na,x\n", good).unwrap_err().to_string().contains("two labels"));
    }
}
