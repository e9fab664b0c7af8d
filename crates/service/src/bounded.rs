//! A bounded in-memory cache: when it is full, the least recently used value makes room for a new one.

use std::{collections::HashMap, hash::Hash};

use domain::time::Ts;

/// Values that are created on first use and evicted when they have been idle for a
/// while or when there are too many; the least recently used one is evicted first.
#[derive(Debug)]
pub struct Bounded<K, V> {
    most: usize,
    idle_ms: i64,
    /// The number of uses so far; orders uses that the clock cannot tell apart.
    asked: u64,
    held: HashMap<K, Held<V>>,
}

#[derive(Debug)]
struct Held<V> {
    value: V,
    asked: u64,
    at: Ts,
}

impl<K: Eq + Hash + Copy, V: Default + Clone> Bounded<K, V> {
    /// Keeps at most `most` values, each for `idle_ms` milliseconds after its last use.
    pub fn new(most: usize, idle_ms: i64) -> Self {
        Self { most: most.max(1), idle_ms, asked: 0, held: HashMap::new() }
    }
    /// The value of a key, created if it is not cached.
    pub fn get(&mut self, key: K, now: Ts) -> V {
        self.asked += 1;
        if !self.held.contains_key(&key) {
            self.make_room(now);
        }
        let held = self.held.entry(key).or_insert_with(|| Held { value: V::default(), asked: 0, at: now });
        (held.asked, held.at) = (self.asked, now);
        held.value.clone()
    }
    /// Evicts the values that have been idle for too long.
    pub fn forget_idle(&mut self, now: Ts) {
        let idle_ms = self.idle_ms;
        self.held.retain(|_, held| now.since(held.at) < idle_ms);
    }
    fn make_room(&mut self, now: Ts) {
        self.forget_idle(now);
        while self.held.len() >= self.most {
            let Some(oldest) = self.held.iter().min_by_key(|(_, held)| held.asked).map(|(key, _)| *key) else { return };
            self.held.remove(&oldest);
        }
    }
    /// Removes the value of a key.
    pub fn remove(&mut self, key: &K) {
        self.held.remove(key);
    }
    /// The value of a key, if it is cached. This counts as no use.
    pub fn peek(&self, key: &K) -> Option<&V> {
        self.held.get(key).map(|held| &held.value)
    }
    /// Removes all values.
    pub fn clear(&mut self) {
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::time::Ts;

    use super::Bounded;

    type Things = Bounded<u32, Arc<()>>;

    fn same(things: &mut Things, key: u32, known: &Arc<()>, now: i64) -> bool {
        Arc::ptr_eq(&things.get(key, Ts(now)), known)
    }

    #[test]
    fn what_was_asked_for_the_longest_ago_makes_room() {
        let mut things = Things::new(2, 1_000);
        let (one, two) = (things.get(1, Ts(0)), things.get(2, Ts(0)));
        assert!(same(&mut things, 1, &one, 0));
        things.get(3, Ts(0));
        assert!(same(&mut things, 1, &one, 0) && !same(&mut things, 2, &two, 0));
        assert_eq!(things.held.len(), 2);
    }

    #[test]
    fn what_nobody_asks_for_is_given_up_when_another_comes() {
        let mut things = Things::new(9, 1_000);
        let (one, two) = (things.get(1, Ts(0)), things.get(2, Ts(0)));
        assert!(same(&mut things, 2, &two, 999));
        things.get(3, Ts(1_000));
        assert_eq!(things.held.len(), 2);
        assert!(same(&mut things, 2, &two, 1_000) && !same(&mut things, 1, &one, 1_000));
        things.forget_idle(Ts(2_000));
        assert!(things.held.is_empty(), "also when no other comes");
    }

    #[test]
    fn only_the_thing_that_is_meant_is_forgotten() {
        let mut things = Things::new(9, 1_000);
        let (one, two) = (things.get(1, Ts(0)), things.get(2, Ts(0)));
        assert!(things.peek(&1).is_some_and(|held| Arc::ptr_eq(held, &one)));
        things.remove(&1);
        assert!(things.peek(&1).is_none() && same(&mut things, 2, &two, 0));
        things.clear();
        assert!(!same(&mut things, 2, &two, 0));
    }
}
