//! The newest part of the feed, kept in memory: however many follow it, each entry is read once.

use std::{borrow::Borrow, collections::VecDeque, ops::Deref, sync::Arc};

use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Cursor, Fact};

/// How many entries are kept.
pub(super) const KEPT: usize = 8_192;

/// An entry of the feed for a follower: its fact, and, for a customer's message, the message. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fed(Arc<(Fact, Option<String>)>);

impl Fed {
    pub(super) fn new(fact: Fact, words: Option<String>) -> Self {
        Self(Arc::new((fact, words)))
    }
    /// The body of a customer's message, rating or details of what it is about, as JSON; `None` for everything else, and for what was recalled.
    pub fn words(&self) -> Option<&str> {
        self.0.1.as_deref()
    }
    /// Where it stands.
    pub fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, pos: self.pos }
    }
}

impl Deref for Fed {
    type Target = Fact;
    fn deref(&self) -> &Fact {
        &self.0.0
    }
}

impl Borrow<Fact> for Fed {
    fn borrow(&self) -> &Fact {
        self
    }
}

/// What is kept of the feed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail(pub(super) Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) generation: Option<Uuid>,
    /// What is kept begins after this place, and has no gap.
    pub(super) after: Cursor,
    pub(super) newest: VecDeque<Fed>,
}

impl Kept {
    pub(super) fn end(&self) -> Cursor {
        self.newest.back().map_or(self.after, Fed::cursor)
    }
    pub(super) fn from(&self, cursor: Cursor) -> impl ExactSizeIterator<Item = &Fed> {
        self.newest.range(self.newest.partition_point(|fed| fed.cursor() <= cursor)..)
    }
    pub(super) fn add(&mut self, more: Vec<Fed>) {
        self.newest.extend(more);
        while self.newest.len() > KEPT
            && let Some(oldest) = self.newest.pop_front()
        {
            self.after = oldest.cursor();
        }
    }
}
