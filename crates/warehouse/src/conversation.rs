//! A conversation as far as the journal has been read: its events, and the rows that they add up to.

use crate::{derive::Rows, event::Event};

/// The events and rows of a conversation.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// Sorted by their number; each occurs once.
    events: Vec<Event>,
    rows: Rows,
}

impl Conversation {
    /// The conversation of these events, each of which occurs once.
    pub(crate) fn of(events: Vec<Event>) -> Self {
        let mut this = Self { events, rows: Rows::default() };
        this.derive();
        this
    }

    /// Whether the event with this number has been read.
    pub(crate) fn has(&self, seq: i64) -> bool {
        self.events.binary_search_by_key(&seq, |event| event.seq).is_ok()
    }

    /// Adds events that it does not have yet, each of which occurs once. Returns the rows as they were, and as they are now.
    pub(crate) fn add(&mut self, news: impl IntoIterator<Item = Event>) -> (Rows, &Rows) {
        self.events.extend(news);
        (self.derive(), &self.rows)
    }

    /// The number of its events and rows.
    pub(crate) fn len(&self) -> usize {
        self.events.len() + self.rows.len()
    }

    /// Derives the rows anew, and returns those before.
    fn derive(&mut self) -> Rows {
        self.events.sort_by_key(|event| event.seq);
        std::mem::replace(&mut self.rows, Rows::of(&self.events))
    }
}
