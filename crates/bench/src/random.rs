//! Random numbers for the load: fast, and seeded from the system once per run.

use std::time::Duration;

use domain::id::ConversationId;
use uuid::Uuid;

/// A xorshift generator; good enough for shaking things up, not for keeping secrets.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator seeded by the system.
    pub fn new() -> anyhow::Result<Self> {
        let mut seed = [0_u8; 8];
        getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
        Ok(Self::seeded(u64::from_le_bytes(seed)))
    }
    /// A generator that gives the same numbers for the same seed.
    pub const fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    /// A number below `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.bits() % n }
    }
    /// A duration shorter than `max`.
    pub fn within(&mut self, max: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(max.as_micros()).unwrap_or(u64::MAX)))
    }
    /// A random UUID, such as clients give their sends.
    pub fn uuid(&mut self) -> Uuid {
        let (high, low) = (self.bits(), self.bits());
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes()).into_uuid()
    }
}

/// The name of a new conversation: clients create it, with the time at the front.
#[expect(clippy::disallowed_methods, reason = "a client of the product, with ids of its own")]
pub fn new_conversation() -> String {
    ConversationId::new(Uuid::now_v7()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_and_ids_differ() {
        let mut random = Random::seeded(7);
        assert!((0..1000).all(|_| random.below(10) < 10));
        assert_eq!(random.below(0), 0);
        assert_ne!(random.uuid(), random.uuid());
        assert!(random.within(Duration::from_millis(5)) < Duration::from_millis(5));
    }
}
