//! The ways in which an indicator is computed from others.

/// Computes a ratio, which is done only here; `None` if the whole is zero.
pub fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The value that the part `at` of a distribution does not exceed, which is computed only here: linear within the interval in which it lies. What is above the
/// last edge counts as if it were equal to it. `None` if nothing is distributed.
pub fn percentile(counts: &[i64], edges: &[i64], at: f64) -> Option<f64> {
    let all: i64 = counts.iter().sum();
    if all <= 0 {
        return None;
    }
    let wanted = at * all as f64;
    let mut below = 0.0;
    for (n, count) in counts.iter().enumerate() {
        let count = *count as f64;
        if count > 0.0 && below + count >= wanted {
            let from = n.checked_sub(1).and_then(|n| edges.get(n)).map_or(0.0, |edge| *edge as f64);
            let to = edges.get(n).map_or(from, |edge| *edge as f64);
            return Some(from + (to - from) * (wanted - below) / count);
        }
        below += count;
    }
    edges.last().map(|edge| *edge as f64)
}

/// How many answers there were of each confidence, and how many of these were judged and right.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// All answers, by interval.
    pub given: &'a [i64],
    /// Those that were judged.
    pub judged: &'a [i64],
    /// Those that were judged to be right.
    pub right: &'a [i64],
}

impl Sample<'_> {
    /// The intervals from the lowest confidence: how many answers, and which share of those that were judged is right, if any were.
    fn intervals(&self) -> impl DoubleEndedIterator<Item = (i64, Option<f64>)> {
        self.given
            .iter()
            .zip(self.judged.iter().zip(self.right))
            .map(|(given, (judged, right))| (*given, ratio(*right, *judged)))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// The share of `whole` that could be answered at a precision of `at`, which is computed only here: answers are taken from the highest confidence down, each
/// interval with the precision of the sample from it, as far as the precision of all of them is sufficient. An interval of which nothing was judged ends it,
/// because nothing is known of it. `None` as long as nothing was judged.
pub fn coverage(sample: Sample<'_>, whole: i64, at: f64) -> Option<f64> {
    if whole <= 0 || sample.judged.iter().sum::<i64>() <= 0 {
        return None;
    }
    let (mut taken, mut right, mut covered) = (0.0, 0.0, 0.0);
    for (given, precision) in sample.intervals().rev().filter(|(given, _)| *given > 0) {
        let Some(precision) = precision else { break };
        taken += given as f64;
        right += given as f64 * precision;
        if right >= at * taken {
            covered = taken;
        }
    }
    Some(covered / whole as f64)
}

/// How far confidence and precision are apart on average, which is computed only here: by interval, the distance of its middle from the share of right answers
/// in the sample, weighted by how many answers there were. `edges` are in thousandths. `None` as long as nothing was judged.
pub fn calibration(sample: Sample<'_>, edges: &[i64]) -> Option<f64> {
    let (mut all, mut apart) = (0.0, 0.0);
    for (n, (given, precision)) in sample.intervals().enumerate() {
        let Some(precision) = precision else { continue };
        let from = n.checked_sub(1).and_then(|n| edges.get(n)).map_or(0.0, |edge| *edge as f64);
        let to = edges.get(n).map_or(1_000.0, |edge| *edge as f64);
        all += given as f64;
        apart += given as f64 * ((from + to) / 2_000.0 - precision).abs();
    }
    (all > 0.0).then(|| apart / all)
}
