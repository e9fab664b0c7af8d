//! A cache of recent conversations, so that one that goes on is not read and derived again and again. It has two halves: when the young one is full, the old one
//! is dropped.

use std::collections::{HashMap, HashSet};

use crate::{conversation::Conversation, store::ConversationKey};

/// The number of events and rows in one half, of some 500 bytes each: the ends of a thousand conversations that go on, or two thousand short ones.
const HALF: usize = 32_768;

/// The cache is valid only for the batch that directly follows the one it was filled after: another node may have written in between.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    batch: i64,
    young: Half,
    old: Half,
}

#[derive(Debug, Default)]
struct Half {
    conversations: HashMap<ConversationKey, Conversation>,
    len: usize,
}

impl Cache {
    /// The cached conversations among those asked for, which are taken out; the keys that remain have to be read.
    pub(crate) fn recall(&mut self, batch: i64, keys: &mut HashSet<ConversationKey>) -> HashMap<ConversationKey, Conversation> {
        if self.batch + 1 != batch {
            return HashMap::new();
        }
        let found: HashMap<_, _> = keys.iter().filter_map(|key| Some((*key, self.young.take(key).or_else(|| self.old.take(key))?))).collect();
        keys.retain(|key| !found.contains_key(key));
        found
    }

    /// Stores the conversations of a committed batch.
    pub(crate) fn keep(&mut self, batch: i64, conversations: HashMap<ConversationKey, Conversation>) {
        if self.batch + 1 != batch {
            self.clear();
        }
        self.batch = batch;
        for (key, conversation) in conversations {
            if self.young.len + conversation.len() > HALF {
                self.old = std::mem::take(&mut self.young);
            }
            self.old.take(&key);
            self.young.put(key, conversation);
        }
    }

    /// Clears the cache.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Half {
    fn take(&mut self, key: &ConversationKey) -> Option<Conversation> {
        let conversation = self.conversations.remove(key)?;
        self.len -= conversation.len();
        Some(conversation)
    }
    fn put(&mut self, key: ConversationKey, conversation: Conversation) {
        self.len += conversation.len();
        if let Some(before) = self.conversations.insert(key, conversation) {
            self.len -= before.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::event::Event;

    fn key(n: u128) -> ConversationKey {
        (Uuid::nil(), Uuid::from_u128(n))
    }
    /// A conversation of events that add up to no rows.
    fn conversation(events: usize) -> Conversation {
        Conversation::of(vec![Event::default(); events])
    }
    fn keep(cache: &mut Cache, batch: i64, n: u128, events: usize) {
        cache.keep(batch, HashMap::from([(key(n), conversation(events))]));
    }
    fn recall(cache: &mut Cache, batch: i64, n: u128) -> Option<usize> {
        let mut keys = HashSet::from([key(n)]);
        let found = cache.recall(batch, &mut keys);
        assert_eq!(found.len() + keys.len(), 1);
        found.values().next().map(Conversation::len)
    }

    #[test]
    fn it_is_forgotten_when_somebody_else_wrote_in_between() {
        let mut cache = Cache::default();
        keep(&mut cache, 1, 1, 5);
        assert_eq!((recall(&mut cache, 3, 1), recall(&mut cache, 2, 2), recall(&mut cache, 2, 1)), (None, None, Some(5)));
        keep(&mut cache, 3, 2, 4);
        assert_eq!((recall(&mut cache, 4, 1), recall(&mut cache, 4, 2)), (None, Some(4)));
    }

    #[test]
    fn it_stays_small_and_never_gives_an_older_form_of_a_conversation() {
        let mut cache = Cache::default();
        for n in 0..120_000_u128 {
            keep(&mut cache, n as i64 + 1, n % 40_000, 1 + (n / 40_000) as usize);
        }
        assert!(cache.young.len + cache.old.len <= 2 * HALF);
        assert_eq!(cache.young.len, cache.young.conversations.values().map(Conversation::len).sum::<usize>());
        for n in 0..40_000 {
            assert!(recall(&mut cache, 120_001, n).is_none_or(|len| len == 3));
        }
    }
}
