//! What is computed from judged lines: how honest probabilities are, and what is left if the least certain lines are passed over.

/// The number of bins of equal width in which probabilities are compared with what came true.
const BINS: usize = 15;

/// A judged line: how certain it was, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    /// The probability that the label is right, 0 to 1.
    pub probability: f64,
    /// Whether it was.
    pub right: bool,
}

/// The expected calibration error: by how much the mean probability of a bin differs from the share that was right, weighted by the lines of the bin.
pub(super) fn calibration_error(lines: &[Judged]) -> f64 {
    let mut bins = [0.0; BINS];
    for line in lines {
        let bin = ((line.probability * BINS as f64) as usize).min(BINS - 1);
        bins[bin] += line.probability - f64::from(u8::from(line.right));
    }
    bins.iter().map(|gap| gap.abs()).sum::<f64>() / lines.len() as f64
}

/// For each number of answered lines, most certain first: how many of them were right.
fn right_by_coverage(lines: &[Judged]) -> Vec<usize> {
    let mut lines = lines.to_vec();
    // Of equally certain lines, the wrong ones come first, so that no figure is flattered by chance.
    lines.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.right.cmp(&b.right)));
    let mut right = 0;
    lines
        .iter()
        .map(|line| {
            right += usize::from(line.right);
            right
        })
        .collect()
}

/// The area under the risk-coverage curve: the mean share of wrong answers over all coverages, 0 is best.
pub(super) fn risk_coverage_area(lines: &[Judged]) -> f64 {
    let right = right_by_coverage(lines);
    right.iter().enumerate().map(|(at, &right)| 1.0 - right as f64 / (at + 1) as f64).sum::<f64>() / lines.len() as f64
}

/// The largest share of lines that can be answered, most certain first, with at least this share of them right.
pub(super) fn coverage_at(lines: &[Judged], precision: f64) -> f64 {
    let right = right_by_coverage(lines);
    let most = right.iter().enumerate().filter(|(at, right)| **right as f64 >= precision * (at + 1) as f64).map(|(at, _)| at + 1).next_back();
    most.unwrap_or(0) as f64 / lines.len() as f64
}

/// The probability that a line within the scope has a higher score than one out of it; equal scores count one half. `None` without lines of both kinds.
pub(super) fn separation(within: &[f64], outside: &[f64]) -> Option<f64> {
    let mut all: Vec<(f64, bool)> = within.iter().map(|&score| (score, true)).chain(outside.iter().map(|&score| (score, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins) = (0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let high = group.iter().filter(|(_, within)| *within).count() as f64;
        let low = group.len() as f64 - high;
        wins += high * (below + low / 2.0);
        below += low;
    }
    (!within.is_empty() && !outside.is_empty()).then(|| wins / (within.len() as f64 * outside.len() as f64))
}

/// The value below which this share of the ascending `values` lies; 0 if there are none.
pub(super) fn percentile(values: &[f64], share: usize) -> f64 {
    values.get((values.len() * share).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pairs: &[(f64, bool)]) -> Vec<Judged> {
        pairs.iter().map(|&(probability, right)| Judged { probability, right }).collect()
    }

    #[test]
    fn honest_probabilities_have_no_error_and_boasts_have_theirs() {
        let honest = lines(&[(0.5, true), (0.5, false), (1.0, true)]);
        assert!(calibration_error(&honest) < 1e-12);
        let boasting = lines(&[(0.9, false), (0.9, true), (0.9, false), (0.9, false)]);
        assert!((calibration_error(&boasting) - 0.65).abs() < 1e-12);
    }

    #[test]
    fn risk_and_coverage_are_counted_from_the_most_certain_line() {
        let four = lines(&[(0.2, false), (0.9, true), (0.6, false), (0.8, true)]);
        assert!((risk_coverage_area(&four) - (1.0 / 3.0 + 0.5) / 4.0).abs() < 1e-12);
        assert!((coverage_at(&four, 0.95) - 0.5).abs() < 1e-12);
        assert!((coverage_at(&four, 0.6) - 0.75).abs() < 1e-12);
        assert!(coverage_at(&lines(&[(0.9, false)]), 0.9).abs() < 1e-12);
    }

    #[test]
    fn separation_counts_ties_one_half() {
        assert_eq!(separation(&[2.0, 3.0], &[1.0, 2.0]), Some(0.875));
        assert_eq!(separation(&[2.0], &[]), None);
    }

    #[test]
    fn percentiles_are_values_that_occur() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 99), percentile(&[], 50)), (50.0, 99.0, 0.0));
    }
}
