//! Percentiles: a histogram for many samples (within 1 %), and exact ones for few.

use std::time::Duration;

/// Values below this are counted one by one; above it, each doubling is divided into half as many parts.
const FINE: u64 = 256;
const HALF: usize = FINE as usize / 2;

/// A histogram of microseconds.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    max: u64,
}

impl Histogram {
    /// Counts one sample.
    pub fn record(&mut self, sample: Duration) {
        let us = u64::try_from(sample.as_micros()).unwrap_or(u64::MAX >> 1);
        let at = bucket(us);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.total += 1;
        self.max = self.max.max(us);
    }
    /// Adds the samples of another histogram.
    pub fn add(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.total += other.total;
        self.max = self.max.max(other.max);
    }
    /// The smallest value that a fraction `part` of all samples do not exceed, in milliseconds; 0 without samples.
    pub fn ms(&self, part: f64) -> f64 {
        let wanted = rank(self.total, part);
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted && *count > 0 {
                return upper(at).min(self.max) as f64 / 1000.0;
            }
        }
        0.0
    }
}

/// The nearest-rank percentile of a few samples, in milliseconds; 0 without samples.
pub fn exact_ms(samples: &[Duration], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let at = rank(sorted.len() as u64, part) as usize;
    sorted.get(at.saturating_sub(1)).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
}

fn rank(total: u64, part: f64) -> u64 {
    // Slightly less, so that 0.99 of 100 is the 99th and not, by rounding, the 100th.
    ((total as f64 * part - 1e-9).ceil().max(1.0)) as u64
}

fn bucket(us: u64) -> usize {
    if us < FINE {
        return us as usize;
    }
    let shift = (63 - us.leading_zeros() - FINE.ilog2() + 1) as usize;
    FINE as usize + (shift - 1) * HALF + ((us >> shift) as usize - HALF)
}

fn upper(at: usize) -> u64 {
    if at < FINE as usize {
        return at as u64;
    }
    let shift = (at - FINE as usize) / HALF + 1;
    let part = (at - FINE as usize) % HALF + HALF;
    ((part as u64 + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn few_samples_are_ranked_exactly() {
        let samples: Vec<Duration> = (1..=100).rev().map(ms).collect();
        assert_eq!(exact_ms(&samples, 0.5), 50.0);
        assert_eq!(exact_ms(&samples, 0.99), 99.0);
        assert_eq!(exact_ms(&samples, 1.0), 100.0);
        assert_eq!(exact_ms(&samples[..30], 0.99), 100.0);
        assert_eq!(exact_ms(&[], 0.99), 0.0);
    }

    #[test]
    fn many_samples_are_ranked_within_one_percent() {
        let mut random = crate::random::Random::seeded(11);
        let samples: Vec<Duration> = (0..20_000).map(|_| Duration::from_micros(1 + random.below(1 << (8 + random.clone().below(18))))).collect();
        let mut histogram = Histogram::default();
        samples.iter().for_each(|s| histogram.record(*s));
        for part in [0.01, 0.5, 0.9, 0.99, 0.999, 1.0] {
            let (exact, near) = (exact_ms(&samples, part), histogram.ms(part));
            assert!(near >= exact && near <= exact * 1.01 + 0.001, "{part}: {exact} {near}");
        }
    }

    #[test]
    fn every_bucket_ends_where_the_next_begins() {
        for us in (0..100_000).chain([u64::from(u32::MAX), 1 << 40]) {
            let at = bucket(us);
            assert!(upper(at) >= us && (at == 0 || upper(at - 1) < us), "{us}");
        }
    }

    #[test]
    fn histograms_add_up() {
        let (mut a, mut b) = (Histogram::default(), Histogram::default());
        (1..=50).for_each(|n| a.record(ms(n)));
        (51..=100).for_each(|n| b.record(ms(n)));
        a.add(&b);
        assert!((a.ms(0.99) - 99.0).abs() < 1.0);
        assert_eq!(a.ms(1.0), 100.0);
        assert_eq!(Histogram::default().ms(0.5), 0.0);
    }
}
