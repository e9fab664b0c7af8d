//! A cache of recently read and written rows, so that an ongoing conversation is not read again and again. It has two halves: when the young one is full, the
//! old one is dropped.

use std::collections::{HashMap, HashSet};

use crate::{
    reduce::{Key, key_of_dialogue, key_of_session},
    rows::{DialogueRow, SessionRow},
};

/// The number of rows in one half.
const HALF: usize = 8_192;

/// The cache is valid only for the batch that directly follows the one it was filled after: another node may have written in between.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    batch: i64,
    sessions: Halves<SessionRow>,
    dialogues: Halves<DialogueRow>,
}

#[derive(Debug)]
struct Halves<R> {
    young: HashMap<Key, R>,
    old: HashMap<Key, R>,
}

impl<R> Default for Halves<R> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl Cache {
    /// The cached rows among those asked for; the keys that remain have to be read.
    pub(crate) fn recall(&self, batch: i64, sessions: &mut HashSet<Key>, dialogues: &mut HashSet<Key>) -> (Vec<SessionRow>, Vec<DialogueRow>) {
        if self.batch + 1 != batch {
            return Default::default();
        }
        (self.sessions.recall(sessions), self.dialogues.recall(dialogues))
    }

    /// Stores the rows of a committed batch.
    pub(crate) fn keep(&mut self, batch: i64, sessions: Vec<SessionRow>, dialogues: Vec<DialogueRow>) {
        if self.batch + 1 != batch {
            self.clear();
        }
        self.batch = batch;
        self.sessions.keep(sessions, key_of_session);
        self.dialogues.keep(dialogues, key_of_dialogue);
    }

    /// Clears the cache.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<R: Clone> Halves<R> {
    fn recall(&self, keys: &mut HashSet<Key>) -> Vec<R> {
        let mut found = Vec::with_capacity(keys.len());
        keys.retain(|key| match self.young.get(key).or_else(|| self.old.get(key)) {
            Some(row) => {
                found.push(row.clone());
                false
            }
            None => true,
        });
        found
    }

    fn keep(&mut self, rows: Vec<R>, key_of: fn(&R) -> Key) {
        if self.young.len() + rows.len() > HALF {
            self.old = std::mem::take(&mut self.young);
        }
        for row in rows {
            let key = key_of(&row);
            self.old.remove(&key);
            self.young.insert(key, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn session(n: u128, score: i64) -> SessionRow {
        SessionRow { conversation_id: Uuid::from_u128(n), score: Some(score), ..SessionRow::default() }
    }
    fn recall(cache: &Cache, batch: i64, n: u128) -> Option<i64> {
        let mut keys = HashSet::from([key_of_session(&session(n, 0))]);
        let (rows, _) = cache.recall(batch, &mut keys, &mut HashSet::new());
        assert_eq!(rows.len() + keys.len(), 1);
        rows.first().and_then(|row| row.score)
    }

    #[test]
    fn it_is_forgotten_when_somebody_else_wrote_in_between() {
        let mut cache = Cache::default();
        cache.keep(1, vec![session(1, 5)], vec![]);
        assert_eq!((recall(&cache, 2, 1), recall(&cache, 3, 1), recall(&cache, 2, 2)), (Some(5), None, None));
        cache.keep(3, vec![session(2, 4)], vec![]);
        assert_eq!((recall(&cache, 4, 1), recall(&cache, 4, 2)), (None, Some(4)));
    }

    #[test]
    fn it_stays_small_and_never_gives_an_older_form_of_a_row() {
        let mut cache = Cache::default();
        for n in 0..40_000_u128 {
            cache.keep(n as i64 + 1, vec![session(n % 10_000, n as i64)], vec![]);
        }
        assert!(cache.sessions.young.len() + cache.sessions.old.len() <= 2 * HALF);
        for n in 0..10_000 {
            assert!(recall(&cache, 40_001, n).is_none_or(|score| score == 30_000 + n as i64));
        }
    }
}
