//! Counts what each key holds of a limited resource: a network's connections, a company's places.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many shares each key holds. Clones share one count.
#[derive(Debug)]
pub struct Shares<K>(Arc<Mutex<Held<K>>>);

#[derive(Debug)]
struct Held<K> {
    by_key: HashMap<K, usize>,
    all: usize,
}

/// One share of a key; returned when dropped.
#[derive(Debug)]
pub struct Share<K: Eq + Hash> {
    key: K,
    of: Shares<K>,
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Held { by_key: HashMap::new(), all: 0 })))
    }
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// Takes one more share for a key if `may` allows it, given the number that the key holds and the number that all keys hold.
    pub fn take(&self, key: K, may: impl FnOnce(usize, usize) -> bool) -> Option<Share<K>> {
        let mut held = self.lock();
        if !may(held.by_key.get(&key).copied().unwrap_or_default(), held.all) {
            return None;
        }
        *held.by_key.entry(key.clone()).or_default() += 1;
        held.all += 1;
        Some(Share { key, of: self.clone() })
    }
}

impl<K> Shares<K> {
    fn lock(&self) -> MutexGuard<'_, Held<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys hold a share; for tests.
    pub fn keys(&self) -> usize {
        self.lock().by_key.len()
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.of.lock();
        held.all -= 1;
        if let Some(count) = held.by_key.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                held.by_key.remove(&self.key);
            }
        }
    }
}
