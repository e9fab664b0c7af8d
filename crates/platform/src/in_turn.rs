//! Work that is done one after the other for each key, and at the same time for different keys. Where there is more of it than room, those to whom it belongs have
//! their turns one after the other: whoever has much of it holds nobody else up.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Work<T> = dyn Fn(T) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// What is being worked on, by key, each with what came meanwhile; and whose turn is next.
pub struct InTurn<O, K, T> {
    work: Arc<Work<T>>,
    state: Arc<Mutex<State<O, K, T>>>,
    most_waiting: usize,
}

impl<O, K, T> Clone for InTurn<O, K, T> {
    fn clone(&self) -> Self {
        Self { work: self.work.clone(), state: self.state.clone(), most_waiting: self.most_waiting }
    }
}

struct State<O, K, T> {
    /// For how many keys there is room.
    room: usize,
    /// What waits behind something of its key that is being worked on, or waits for room.
    behind: HashMap<K, VecDeque<T>>,
    /// The first of each key that waits for room, by owner.
    waiting: HashMap<O, VecDeque<(K, T)>>,
    /// The owners of what waits for room: the one who was served longest ago is the first.
    turns: VecDeque<O>,
}

impl<O: Copy + Eq + Hash, K, T> State<O, K, T> {
    fn wait(&mut self, owner: O, key: K, what: T) {
        let row = self.waiting.entry(owner).or_default();
        if row.is_empty() {
            self.turns.push_back(owner);
        }
        row.push_back((key, what));
    }
    /// Whose turn it is, if there is room.
    fn next(&mut self) -> Option<(O, K, T)> {
        let owner = if self.room > 0 { self.turns.pop_front()? } else { return None };
        let row = self.waiting.get_mut(&owner)?;
        let (key, what) = row.pop_front()?;
        if row.is_empty() {
            self.waiting.remove(&owner);
        } else {
            self.turns.push_back(owner);
        }
        self.room -= 1;
        Some((owner, key, what))
    }
}

impl<O: Copy + Eq + Hash + Send + 'static, K: Copy + Eq + Hash + Send + 'static, T: Send + 'static> InTurn<O, K, T> {
    /// Does this work, for so many keys at the same time; of one owner, so many keys may wait for room.
    pub fn new<F: Future<Output = ()> + Send + 'static>(at_once: usize, most_waiting: usize, work: impl Fn(T) -> F + Send + Sync + 'static) -> Self {
        let state = State { room: at_once, behind: HashMap::new(), waiting: HashMap::new(), turns: VecDeque::new() };
        Self { work: Arc::new(move |what| Box::pin(work(what))), state: Arc::new(Mutex::new(state)), most_waiting }
    }

    /// Works on something as soon as everything of its key that came before is done and it is the turn of its owner; returns whether there was room to wait. A key
    /// gives its place back after each piece of work. Work that panics does not keep what comes after it from its turn.
    pub fn take(&self, owner: O, key: K, what: T) -> bool {
        {
            let mut state = self.state();
            if let Some(behind) = state.behind.get_mut(&key) {
                behind.push_back(what);
                return true;
            }
            if state.waiting.get(&owner).is_some_and(|row| row.len() >= self.most_waiting) {
                return false;
            }
            state.behind.insert(key, VecDeque::new());
            state.wait(owner, key, what);
        }
        self.go_on();
        true
    }

    /// Begins what there is room for.
    fn go_on(&self) {
        while let Some((owner, key, what)) = self.next() {
            let this = self.clone();
            tokio::spawn(async move {
                if let Err(error) = tokio::spawn((this.work)(what)).await {
                    tracing::error!(error = %error, "work was broken off");
                }
                this.give_back(owner, key);
                this.go_on();
            });
        }
    }

    fn next(&self) -> Option<(O, K, T)> {
        self.state().next()
    }

    /// Gives back the place of a key; what came after it waits for its owner's next turn.
    fn give_back(&self, owner: O, key: K) {
        let mut state = self.state();
        state.room += 1;
        match state.behind.get_mut(&key).and_then(VecDeque::pop_front) {
            Some(next) => state.wait(owner, key, next),
            None => drop(state.behind.remove(&key)),
        }
    }

    /// Whether there is work of this key, begun or waiting.
    pub fn has(&self, key: K) -> bool {
        self.state().behind.contains_key(&key)
    }

    fn state(&self) -> MutexGuard<'_, State<O, K, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    /// Work that says its name when it is done; the first piece waits until it may go.
    fn told(at_once: usize) -> (InTurn<u8, u8, &'static str>, mpsc::UnboundedReceiver<&'static str>, oneshot::Sender<()>) {
        let (told, hears) = mpsc::unbounded_channel();
        let (go, wait) = oneshot::channel::<()>();
        let wait = Arc::new(Mutex::new(Some(wait)));
        let work = move |what: &'static str| {
            let (told, wait) = (told.clone(), if what == "first" { wait.lock().unwrap().take() } else { None });
            async move {
                if let Some(wait) = wait {
                    wait.await.unwrap();
                }
                assert_ne!(what, "broken");
                told.send(what).unwrap();
            }
        };
        (InTurn::new(at_once, 2, work), hears, go)
    }

    async fn heard(hears: &mut mpsc::UnboundedReceiver<&'static str>, n: usize) -> Vec<&'static str> {
        let mut order = Vec::new();
        for _ in 0..n {
            order.extend(hears.recv().await);
        }
        order
    }

    #[tokio::test]
    async fn what_has_one_key_is_done_in_order_and_other_keys_do_not_wait_for_it() {
        let (in_turn, mut hears, go) = told(2);
        for (key, what) in [(1, "first"), (1, "broken"), (1, "last"), (2, "other")] {
            assert!(in_turn.take(1, key, what));
        }
        assert_eq!(hears.recv().await, Some("other"));
        assert!(in_turn.has(1));
        go.send(()).unwrap();
        assert_eq!(heard(&mut hears, 2).await, ["first", "last"]);
    }

    #[tokio::test]
    async fn a_long_row_of_one_key_lets_another_key_between() {
        let (in_turn, mut hears, go) = told(1);
        for (key, what) in [(1, "first"), (1, "second"), (1, "third"), (2, "other")] {
            assert!(in_turn.take(1, key, what));
        }
        go.send(()).unwrap();
        assert_eq!(heard(&mut hears, 4).await, ["first", "other", "second", "third"]);
    }

    #[tokio::test]
    async fn whoever_has_much_waiting_holds_up_nobody_who_has_little() {
        let (in_turn, mut hears, go) = told(1);
        for (owner, key, what) in [(1, 1, "first"), (1, 2, "second"), (1, 3, "third"), (2, 4, "of another"), (3, 5, "of a third")] {
            assert!(in_turn.take(owner, key, what));
        }
        assert!(!in_turn.take(1, 6, "too much"), "of one owner, two keys may wait");
        assert!(!in_turn.has(6) && in_turn.take(1, 2, "behind"));
        go.send(()).unwrap();
        assert_eq!(heard(&mut hears, 6).await, ["first", "second", "of another", "of a third", "third", "behind"]);
    }
}
