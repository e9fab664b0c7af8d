//! Limits how often somebody may try: a sliding window per key, in memory.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::time::{SECOND, Ts};
use hashlink::LruCache;

/// The most keys remembered; beyond that, the key with the oldest last try is forgotten. Nobody is refused because strangers filled the memory.
const MAX_KEYS: usize = 50_000;

/// A number of tries within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many tries are allowed.
    pub tries: usize,
    /// The length of the period, in milliseconds.
    pub within_ms: i64,
}

impl Limit {
    /// The same limit with this many times as many tries.
    pub const fn times(self, times: usize) -> Self {
        Self { tries: self.tries * times, within_ms: self.within_ms }
    }
}

/// Tries so far, by key. Each limit has its own `Attempts`, so that none crowds out another.
pub struct Attempts {
    known: Mutex<LruCache<String, VecDeque<Ts>>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { known: Mutex::new(LruCache::new(MAX_KEYS)) }
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The keys are addresses.
        f.debug_struct("Attempts").field("keys", &self.lock().len()).finish()
    }
}

impl Attempts {
    fn lock(&self) -> MutexGuard<'_, LruCache<String, VecDeque<Ts>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try, or returns the number of seconds until the next one may be made. A try counts when it begins, so that parallel ones do not slip through.
    pub fn take(&self, key: &str, limit: Limit, now: Ts) -> Result<(), u64> {
        let mut known = self.lock();
        let wait = |oldest: Ts| u64::try_from((oldest.plus(limit.within_ms).since(now) + SECOND - 1) / SECOND).unwrap_or(1).max(1);
        // A key that tries again is the last to be forgotten, whether refused or not.
        let Some(tries) = known.get_mut(key) else {
            known.insert(key.to_owned(), VecDeque::from([now]));
            return Ok(());
        };
        while tries.front().is_some_and(|oldest| now.since(*oldest) >= limit.within_ms) {
            tries.pop_front();
        }
        if tries.len() >= limit.tries {
            return Err(tries.front().map_or(1, |oldest| wait(*oldest)));
        }
        tries.push_back(now);
        Ok(())
    }

    /// When the tries of a key that count were made, the oldest first; `None` if there are none.
    pub fn tries(&self, key: &str) -> Option<Vec<Ts>> {
        self.lock().peek(key).filter(|tries| !tries.is_empty()).map(|tries| tries.iter().copied().collect())
    }

    /// Forgets a key's tries after it succeeded.
    pub fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    /// Takes the last try back because it does not count. A key without tries takes no memory.
    pub fn give_back(&self, key: &str) {
        let mut known = self.lock();
        if let Some(tries) = known.get_mut(key) {
            tries.pop_back();
            if tries.is_empty() {
                known.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { tries: 3, within_ms: 60_000 };

    #[test]
    fn the_window_slides() {
        let attempts = Attempts::default();
        for at in [0, 10_000, 20_000] {
            assert_eq!(attempts.take("a", LIMIT, Ts(at)), Ok(()));
        }
        assert_eq!(attempts.take("a", LIMIT, Ts(30_000)), Err(30));
        assert_eq!(attempts.take("b", LIMIT, Ts(30_000)), Ok(()));
        assert_eq!(attempts.take("a", LIMIT, Ts(59_999)), Err(1));
        assert_eq!(attempts.take("a", LIMIT, Ts(60_000)), Ok(()));
        assert_eq!(attempts.take("a", LIMIT, Ts(60_001)), Err(10));
        assert_eq!(
            (attempts.tries("a"), attempts.tries("b"), attempts.tries("c")),
            (Some([10_000, 20_000, 60_000].map(Ts).to_vec()), Some(vec![Ts(30_000)]), None)
        );
        attempts.forget("a");
        assert_eq!(attempts.take("a", LIMIT, Ts(60_002)), Ok(()));
    }

    #[test]
    fn a_try_given_back_does_not_count() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            assert_eq!(attempts.take("a", LIMIT, Ts(0)), Ok(()));
            attempts.give_back("a");
        }
    }

    #[test]
    fn strangers_who_fill_the_memory_keep_nobody_out() {
        let attempts = Attempts::default();
        for n in 0..MAX_KEYS {
            assert_eq!(attempts.take(&n.to_string(), LIMIT, Ts(0)), Ok(()));
        }
        assert_eq!(attempts.take("one more", LIMIT, Ts(1)), Ok(()));
        assert_eq!(attempts.lock().len(), MAX_KEYS);
        assert!(attempts.lock().peek("0").is_none() && attempts.lock().peek("1").is_some());
    }

    #[test]
    fn who_is_refused_is_not_forgotten_for_strangers() {
        let attempts = Attempts::default();
        for _ in 0..LIMIT.tries {
            assert_eq!(attempts.take("under attack", LIMIT, Ts(0)), Ok(()));
        }
        for n in 0..2 * MAX_KEYS {
            assert_eq!(attempts.take(&n.to_string(), LIMIT, Ts(1)), Ok(()));
            if n % 1_000 == 0 {
                assert!(attempts.take("under attack", LIMIT, Ts(1)).is_err());
            }
        }
    }

    #[test]
    fn a_key_that_has_no_tries_takes_no_room() {
        let attempts = Attempts::default();
        for n in 0..100 {
            assert_eq!(attempts.take(&n.to_string(), LIMIT, Ts(0)), Ok(()));
            attempts.give_back(&n.to_string());
        }
        assert!(attempts.lock().is_empty());
    }
}
