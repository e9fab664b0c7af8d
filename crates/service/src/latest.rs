//! The latest result that was computed for each key, kept for as long as its source stays as it is.

use std::{
    any::Any,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use domain::time::Ts;

use crate::bounded::Bounded;

/// A result of whatever type: who computes it knows the type, and who holds the cache need not.
pub type Anything = Arc<dyn Any + Send + Sync>;

/// A result, from what it was computed, and when.
type Held<S, T> = Arc<tokio::sync::Mutex<Option<(S, Ts, T)>>>;

/// The latest result for each key. The caller that holds the lock computes it; the others wait. Cheap to clone.
#[derive(Debug)]
pub struct Latest<K, S, T> {
    all: Arc<Mutex<Bounded<K, Held<S, T>>>>,
    /// How long a result is given out after it was computed; for ever if there is no such time.
    for_ms: Option<i64>,
}

impl<K, S, T> Clone for Latest<K, S, T> {
    fn clone(&self) -> Self {
        Self { all: self.all.clone(), for_ms: self.for_ms }
    }
}

impl<K: Eq + Hash + Copy, S: PartialEq, T: Clone> Latest<K, S, T> {
    /// Keeps at most `most` results, each for `idle_ms` milliseconds after its last use; `for_ms` milliseconds after it was computed, it is computed anew.
    pub fn new(most: usize, idle_ms: i64, for_ms: Option<i64>) -> Self {
        Self { all: Arc::new(Mutex::new(Bounded::new(most, idle_ms))), for_ms }
    }
    /// The result for a key: the latest one if it has the same source and is not too old, and otherwise a new one.
    ///
    /// # Errors
    /// Those of `compute`.
    pub async fn get<E>(&self, key: K, source: S, now: Ts, compute: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let cell = self.all.lock().unwrap_or_else(PoisonError::into_inner).get(key, now);
        let mut held = cell.lock().await;
        if let Some((of, at, result)) = held.as_ref()
            && *of == source
            && self.for_ms.is_none_or(|for_ms| now.since(*at) < for_ms)
        {
            return Ok(result.clone());
        }
        let result = compute.await?;
        *held = Some((source, now, result.clone()));
        Ok(result)
    }
    /// Evicts what has not been used for too long.
    pub fn forget_idle(&self, now: Ts) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
    }
    /// Evicts what was computed for a key.
    pub fn forget(&self, key: &K) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
    /// Evicts everything: the record may have another history.
    pub fn forget_all(&self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
