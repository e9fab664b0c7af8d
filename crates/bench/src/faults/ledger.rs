//! The notes of everybody during a run: the conversations that exist, and what was acknowledged.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use super::history::Ack;
use crate::http::Identity;

/// A stream with somebody who may read it and, for a conversation, its customer.
#[derive(Debug, Clone)]
pub struct Place {
    /// The stream's name.
    pub name: String,
    /// Somebody who may read all of it.
    pub staff: Identity,
    /// The customer; `None` for an agent's inbox.
    pub customer: Option<Identity>,
}

/// The conversations and acknowledgements of a run.
#[derive(Debug, Default)]
pub struct Ledger {
    places: Mutex<Vec<Place>>,
    acks: Mutex<Vec<Ack>>,
    chapter: AtomicUsize,
}

impl Ledger {
    /// Adds a place and returns its number.
    pub fn place(&self, place: Place) -> usize {
        let mut places = lock(&self.places);
        places.push(place);
        places.len() - 1
    }
    /// All places, by their numbers.
    pub fn places(&self) -> Vec<Place> {
        lock(&self.places).clone()
    }
    /// The number of the place with this name.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        lock(&self.places).iter().rposition(|place| place.name == name)
    }
    /// Notes an acknowledgement.
    pub fn note_ack(&self, ack: Ack) {
        lock(&self.acks).push(ack);
    }
    /// How much was acknowledged since the last call of [`Ledger::take`].
    pub fn count(&self) -> usize {
        lock(&self.acks).len()
    }
    /// The current chapter of the history; the first is 0.
    pub fn chapter(&self) -> usize {
        self.chapter.load(SeqCst)
    }
    /// Begins the next chapter, after the record was restored.
    pub fn next_chapter(&self) {
        self.chapter.fetch_add(1, SeqCst);
    }
    /// Takes what was acknowledged since the last call.
    pub fn take(&self) -> Vec<Ack> {
        std::mem::take(&mut lock(&self.acks))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
