//! A transition while it is being decided.

use super::{Consequence, Conversation, State, Transition};
use crate::{
    entry::{Body, Fact},
    journal::{Actor, NewEntry},
    time::Ts,
};

/// What is decided so far. Each area of the rules adds a function for each of its events.
pub(super) struct Step<'a> {
    /// The conversation before the event.
    pub was: &'a Conversation,
    /// The conversation as it will be.
    pub next: Conversation,
    /// Who causes the event.
    pub actor: &'a Actor,
    /// When it happens.
    pub now: Ts,
    entries: Vec<NewEntry>,
    own: usize,
    consequences: Vec<Consequence>,
}

impl<'a> Step<'a> {
    pub fn begin(was: &'a Conversation, actor: &'a Actor, now: Ts) -> Self {
        Self { was, next: was.clone(), actor, now, entries: Vec::with_capacity(2), own: 0, consequences: Vec::new() }
    }

    /// Adds an entry.
    pub fn add(&mut self, entry: NewEntry) {
        self.entries.push(entry);
    }

    /// Adds the sender's own entry, the one that carries its `client_id`.
    pub fn add_own(&mut self, entry: NewEntry) {
        self.own = self.entries.len();
        self.entries.push(entry);
    }

    /// Adds an entry that the actor causes, and that belongs to the episode before the event.
    pub fn record(&mut self, body: Body, fact: Fact) {
        self.add(self.was.entry(self.actor.clone(), body, fact));
    }

    /// Adds what follows from the event elsewhere.
    pub fn follow_with(&mut self, consequence: Consequence) {
        self.consequences.push(consequence);
    }

    /// The transition, once everything is decided.
    pub fn end(self, is_hot: bool) -> Transition {
        let Self { was, mut next, entries, own, mut consequences, .. } = self;
        next.offer = next.offer.filter(|_| next.state == State::Offered);
        if !is_hot {
            next.version += 1;
        }
        if next.state.owner() != was.state.owner() || next.agent != was.agent {
            next.epoch += 1;
            consequences.push(Consequence::ChangedHands);
        }
        Transition { next, entries, own, consequences }
    }
}
