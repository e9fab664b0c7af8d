//! How often somebody may try: a sliding window per key, in memory.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use domain::time::{SECOND, Ts};

/// Keys remembered at most; beyond it the idle ones go first, and then new ones are refused.
const MAX_KEYS: usize = 50_000;

/// So many tries within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub tries: usize,
    /// Within how many milliseconds.
    pub within_ms: i64,
}

/// Tries so far, by key.
#[derive(Debug, Default)]
pub struct Attempts {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    tries: HashMap<String, VecDeque<Ts>>,
    swept_at: Ts,
}

impl Attempts {
    /// Counts a try in, or says in how many seconds the next one may be made. A try counts when it begins, so that parallel ones do not slip through.
    pub fn take(&self, key: &str, limit: Limit, now: Ts) -> Result<(), u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Known { tries: all, swept_at } = &mut *known;
        let wait = |oldest: Ts| u64::try_from((oldest.plus(limit.within_ms).since(now) + SECOND - 1) / SECOND).unwrap_or(1).max(1);
        if all.len() >= MAX_KEYS && !all.contains_key(key) {
            // At most once a second: whoever fills the memory shall not make everybody search through it.
            if now.since(*swept_at) >= SECOND {
                *swept_at = now;
                all.retain(|_, tries| tries.back().is_some_and(|last| now.since(*last) < limit.within_ms));
            }
            if all.len() >= MAX_KEYS {
                return Err(wait(now));
            }
        }
        let tries = all.entry(key.to_owned()).or_default();
        while tries.front().is_some_and(|oldest| now.since(*oldest) >= limit.within_ms) {
            tries.pop_front();
        }
        if tries.len() >= limit.tries {
            return Err(tries.front().map_or(1, |oldest| wait(*oldest)));
        }
        tries.push_back(now);
        Ok(())
    }

    /// Forgets a key's tries: it got in.
    pub fn forget(&self, key: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).tries.remove(key);
    }

    /// Gives the last try back: it was none.
    pub fn give_back(&self, key: &str) {
        if let Some(tries) = self.known.lock().unwrap_or_else(PoisonError::into_inner).tries.get_mut(key) {
            tries.pop_back();
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
    fn strangers_cannot_fill_the_memory() {
        let attempts = Attempts::default();
        for n in 0..MAX_KEYS {
            assert_eq!(attempts.take(&n.to_string(), LIMIT, Ts(0)), Ok(()));
        }
        assert!(attempts.take("one more", LIMIT, Ts(1)).is_err());
        assert_eq!(attempts.take("7", LIMIT, Ts(1)), Ok(()));
        assert_eq!(attempts.take("later", LIMIT, Ts(60_000)), Ok(()));
    }
}
