//! Work that is done one after the other for each key, and at the same time for different keys.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Semaphore;

/// What is being worked on, by key, each with what came meanwhile.
pub struct InTurn<K, T> {
    room: Arc<Semaphore>,
    waiting: Arc<Mutex<HashMap<K, VecDeque<T>>>>,
}

impl<K, T> Clone for InTurn<K, T> {
    fn clone(&self) -> Self {
        Self { room: self.room.clone(), waiting: self.waiting.clone() }
    }
}

impl<K: Copy + Eq + Hash + Send + 'static, T: Send + 'static> InTurn<K, T> {
    /// Room for this many keys at the same time.
    pub fn new(at_once: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(at_once)), waiting: Arc::default() }
    }

    /// Works on something as soon as everything of its key that came before is done; waits while there is no room for another key. A key gives its place back
    /// after each piece of work, so that a long row of one does not hold up others. Work that panics does not keep what comes after it from its turn.
    pub async fn take<F: Future<Output = ()> + Send + 'static>(&self, key: K, what: T, work: impl Fn(T) -> F + Send + 'static) {
        let what = {
            let mut waiting = self.waiting();
            match waiting.get_mut(&key) {
                Some(behind) => {
                    behind.push_back(what);
                    return;
                }
                None => {
                    waiting.insert(key, VecDeque::new());
                    what
                }
            }
        };
        let Ok(mut place) = self.room.clone().acquire_owned().await else { return };
        let this = self.clone();
        tokio::spawn(async move {
            let mut what = what;
            loop {
                if let Err(error) = tokio::spawn(work(what)).await {
                    tracing::error!(error = %error, "work was broken off");
                }
                drop(place);
                let Some(next) = this.next_of(key) else { return };
                what = next;
                // Whoever has waited longer for a place gets one first.
                let Ok(again) = this.room.clone().acquire_owned().await else { return };
                place = again;
            }
        });
    }

    /// Whether there is work of this key, begun or waiting.
    pub fn has(&self, key: K) -> bool {
        self.waiting().contains_key(&key)
    }

    /// What is next for a key, which is removed if there is nothing.
    fn next_of(&self, key: K) -> Option<T> {
        let mut waiting = self.waiting();
        let next = waiting.get_mut(&key).and_then(VecDeque::pop_front);
        if next.is_none() {
            waiting.remove(&key);
        }
        next
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<K, VecDeque<T>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    #[tokio::test]
    async fn what_has_one_key_is_done_in_order_and_other_keys_do_not_wait_for_it() {
        let (in_turn, (told, mut hears)) = (InTurn::new(2), mpsc::unbounded_channel());
        let (go, wait) = oneshot::channel::<()>();
        let wait = Arc::new(Mutex::new(Some(wait)));
        let work = |told: &mpsc::UnboundedSender<&'static str>| {
            let (told, wait) = (told.clone(), wait.clone());
            move |what: &'static str| {
                let (told, wait) = (told.clone(), if what == "first" { wait.lock().unwrap().take() } else { None });
                async move {
                    if let Some(wait) = wait {
                        wait.await.unwrap();
                    }
                    assert_ne!(what, "broken");
                    told.send(what).unwrap();
                }
            }
        };
        for (key, what) in [(1, "first"), (1, "broken"), (1, "last"), (2, "other")] {
            in_turn.take(key, what, work(&told)).await;
        }
        assert_eq!(hears.recv().await, Some("other"));
        go.send(()).unwrap();
        assert_eq!((hears.recv().await, hears.recv().await), (Some("first"), Some("last")));
    }

    #[tokio::test]
    async fn a_long_row_of_one_key_lets_another_key_between() {
        let (in_turn, (told, mut hears)) = (InTurn::new(1), mpsc::unbounded_channel());
        let (go, wait) = oneshot::channel::<()>();
        let wait = Arc::new(Mutex::new(Some(wait)));
        let work = move |what: &'static str| {
            let (told, wait) = (told.clone(), wait.lock().unwrap().take());
            async move {
                if let Some(wait) = wait {
                    wait.await.unwrap();
                }
                told.send(what).unwrap();
            }
        };
        for what in ["first", "second", "third"] {
            in_turn.take(1, what, work.clone()).await;
        }
        let other = tokio::spawn({
            let in_turn = in_turn.clone();
            async move { in_turn.take(2, "other", work).await }
        });
        while !in_turn.waiting().contains_key(&2) {
            tokio::task::yield_now().await;
        }
        go.send(()).unwrap();
        let mut order = Vec::new();
        for _ in 0..4 {
            order.extend(hears.recv().await);
        }
        other.await.unwrap();
        assert_eq!(order, ["first", "other", "second", "third"]);
    }
}
