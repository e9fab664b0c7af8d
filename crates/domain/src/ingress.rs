//! What one connection may send: how fast, and in which order after it was told to wait.

use uuid::Uuid;

use crate::time::Ts;

/// A token bucket: `rate` tokens a second, at most `burst` at once.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    rate: f64,
    burst: f64,
    tokens: f64,
    last: Ts,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(rate: f64, burst: f64, now: Ts) -> Self {
        Self { rate, burst, tokens: burst, last: now }
    }
    /// Takes a token, or tells in how many milliseconds there will be one.
    pub fn take(&mut self, now: Ts) -> Result<(), i64> {
        self.tokens = self.burst.min(self.tokens + now.since(self.last) as f64 / 1000.0 * self.rate);
        self.last = self.last.max(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(((1.0 - self.tokens) / self.rate * 1000.0).ceil() as i64)
    }
}

/// Keeps a sender's order: after one send of a conversation was told `busy`, everything newer there is `busy` too until that one is repeated.
#[derive(Debug, Default)]
pub struct BusyLatch {
    refused: Vec<(Uuid, Uuid)>,
}

impl BusyLatch {
    /// Whether this send has to wait for an older one.
    pub fn blocks(&self, conversation: Uuid, client_id: Uuid) -> bool {
        self.refused.iter().any(|(c, first)| *c == conversation && *first != client_id)
    }
    /// Whether this is the send that everything newer waits for.
    pub fn holds(&self, conversation: Uuid, client_id: Uuid) -> bool {
        self.refused.contains(&(conversation, client_id))
    }
    /// Whether anything newer of this conversation waits.
    pub fn holds_any(&self, conversation: Uuid) -> bool {
        self.refused.iter().any(|(c, _)| *c == conversation)
    }
    /// In how many conversations something waits.
    pub fn held(&self) -> usize {
        self.refused.len()
    }
    /// This send was told `busy`.
    pub fn refuse(&mut self, conversation: Uuid, client_id: Uuid) {
        if !self.refused.iter().any(|(c, _)| *c == conversation) {
            self.refused.push((conversation, client_id));
        }
    }
    /// This send was accepted for writing.
    pub fn accept(&mut self, conversation: Uuid, client_id: Uuid) {
        self.refused.retain(|held| *held != (conversation, client_id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_the_rate() {
        let mut bucket = TokenBucket::new(10.0, 3.0, Ts(0));
        assert_eq!((0..3).filter(|_| bucket.take(Ts(0)).is_ok()).count(), 3);
        assert_eq!(bucket.take(Ts(0)), Err(100));
        assert_eq!(bucket.take(Ts(100)), Ok(()));
        assert_eq!(bucket.take(Ts(100)), Err(100));
    }

    #[test]
    fn after_busy_nothing_newer_goes_before_the_refused_one() {
        let id = Uuid::from_u128;
        let mut latch = BusyLatch::default();
        latch.refuse(id(1), id(10));
        latch.refuse(id(1), id(11));
        assert!(latch.blocks(id(1), id(11)));
        assert!(!latch.blocks(id(2), id(12)));
        assert!(!latch.blocks(id(1), id(10)));
        latch.accept(id(1), id(10));
        assert!(!latch.blocks(id(1), id(11)));
    }
}
