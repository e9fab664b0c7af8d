//! What everybody writes down while they run: the conversations there are, and what was acknowledged.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use super::history::Ack;
use crate::http::Identity;

/// A stream with somebody who may read it, and for a conversation its customer.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Who reads all of it.
    pub staff: Identity,
    /// The customer; an agent's inbox has none.
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
    /// Adds a place; its number.
    pub fn place(&self, place: Place) -> usize {
        let mut places = locked(&self.places);
        places.push(place);
        places.len() - 1
    }
    /// All places, by their numbers.
    pub fn places(&self) -> Vec<Place> {
        locked(&self.places).clone()
    }
    /// The number of the place with this name.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        locked(&self.places).iter().rposition(|place| place.name == name)
    }
    /// Writes an acknowledgement down.
    pub fn acked(&self, ack: Ack) {
        locked(&self.acks).push(ack);
    }
    /// The chapter of the history that is being written; the first is 0.
    pub fn chapter(&self) -> usize {
        self.chapter.load(SeqCst)
    }
    /// The record was put back: what follows is another chapter.
    pub fn next_chapter(&self) {
        self.chapter.fetch_add(1, SeqCst);
    }
    /// Takes what was acknowledged since the last time.
    pub fn take(&self) -> Vec<Ack> {
        std::mem::take(&mut locked(&self.acks))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
