//! Random numbers that a seed determines.

use domain::time::Ts;
use uuid::Uuid;

/// A mean above which a count is drawn in two halves, so that the product of its draws stays far from zero.
const LARGE_MEAN: f64 = 16.0;

/// A source of random numbers (SplitMix64): enough for a demo, and for nothing else.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The source for one purpose; sources with a different seed or for a different purpose have nothing in common.
    pub fn seeded(seed: u64, purpose: u64) -> Self {
        let mut mixed = Self(seed);
        let first = mixed.draw();
        let mut this = Self(first ^ purpose.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        this.draw();
        this
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`; 0 if there is none.
    pub fn below(&mut self, n: usize) -> usize {
        (self.draw() % n.max(1) as u64) as usize
    }

    /// A number below `n`, a small one more often than a large one.
    pub fn low(&mut self, n: usize) -> usize {
        self.below(n).min(self.below(n))
    }

    /// A number from 0 up to, but not including, 1.
    pub fn fraction(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something with this probability happens.
    pub fn is_likely(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// A time between two, in milliseconds.
    pub fn between(&mut self, from_ms: i64, to_ms: i64) -> i64 {
        from_ms + (self.fraction() * (to_ms - from_ms).max(0) as f64) as i64
    }

    /// A time that is mostly short and sometimes long, in milliseconds, with this mean.
    pub fn long_tailed(&mut self, mean_ms: f64) -> i64 {
        (-mean_ms * (1.0 - self.fraction()).ln()) as i64
    }

    /// How often something happens that happens this often on average.
    pub fn count(&mut self, mean: f64) -> usize {
        if mean > LARGE_MEAN {
            return self.count(mean / 2.0) + self.count(mean / 2.0);
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.fraction(), 0);
        while product > limit {
            product *= self.fraction();
            count += 1;
        }
        count
    }

    /// One of several; there must be one.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// The number of one of several with these weights.
    pub fn choose(&mut self, weights: &[f64]) -> usize {
        let mut left = self.fraction() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// A UUIDv7 with this time.
    pub fn uuid(&mut self, at: Ts) -> Uuid {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.draw().to_be_bytes());
        bytes[2..].copy_from_slice(&self.draw().to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(at.0.max(0) as u64, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_determines_the_numbers_and_another_purpose_gives_others() {
        let numbers = |seed, purpose| {
            let mut chance = Chance::seeded(seed, purpose);
            [chance.draw(), chance.draw(), chance.draw()]
        };
        assert_eq!(numbers(1, 2), numbers(1, 2));
        assert_ne!(numbers(1, 2), numbers(1, 3));
        assert_ne!(numbers(1, 2), numbers(2, 2));
        assert_ne!(numbers(0, 0), numbers(0, 1));
    }

    #[test]
    fn counts_times_and_choices_have_their_means() {
        let mut chance = Chance::seeded(7, 0);
        for mean in [0.0, 0.4, 3.0, 40.0] {
            let drawn = (0..4_000).map(|_| chance.count(mean)).sum::<usize>() as f64 / 4_000.0;
            assert!((drawn - mean).abs() <= 0.1 * mean + 0.001, "{drawn} instead of {mean}");
        }
        let mean = (0..4_000).map(|_| chance.long_tailed(1_000.0)).sum::<i64>() / 4_000;
        assert!((900..1_100).contains(&mean), "{mean}");
        let chosen = (0..4_000).filter(|_| chance.choose(&[1.0, 3.0]) == 1).count();
        assert!((2_850..3_150).contains(&chosen), "{chosen}");
        assert!((0..1_000).all(|_| (5..9).contains(&chance.between(5, 9))));
    }
}
