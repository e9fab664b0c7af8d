//! The newest part of the feed, kept in memory: however many follow it, each entry is read once.

use std::{borrow::Borrow, collections::VecDeque, ops::Deref, sync::Arc};

use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Cursor, Fact};
use crate::{Db, Result};

/// How many entries are kept, and how many are read at once.
const KEPT: usize = 8_192;
const READ: i64 = 2_000;

/// An entry of the feed for a follower: its fact, and, for a customer's message, the message. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fed(Arc<(Fact, Option<String>)>);

impl Fed {
    pub(super) fn new(fact: Fact, words: Option<String>) -> Self {
        Self(Arc::new((fact, words)))
    }
    /// The body of a customer's message as JSON; `None` for everything else, and for what was recalled.
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

/// The feed of a record as its followers read it.
#[derive(Debug, Clone, Default)]
pub struct Tail(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    generation: Option<Uuid>,
    /// What is kept begins after this place, and has no gap.
    after: Cursor,
    newest: VecDeque<Fed>,
}

impl Tail {
    /// The entries after a cursor of a generation of the record, at most `limit`, as [`super::after`] reads them.
    pub async fn after(&self, db: &Db, generation: Uuid, cursor: Cursor, limit: usize) -> Result<Vec<Fed>> {
        let mut kept = self.0.lock().await;
        if kept.generation != Some(generation) {
            *kept = Kept { generation: Some(generation), after: cursor, newest: VecDeque::new() };
        }
        if cursor < kept.after {
            // It follows from further back: what is kept is for the others.
            drop(kept);
            return super::after_with_words(&mut db.read().await?, cursor, i64::try_from(limit).unwrap_or(i64::MAX)).await;
        }
        if kept.end() < cursor {
            (kept.after, kept.newest) = (cursor, VecDeque::new());
        }
        if kept.from(cursor).len() < limit {
            let more = super::after_with_words(&mut db.read().await?, kept.end(), READ).await?;
            kept.add(more);
        }
        Ok(kept.from(cursor).take(limit).cloned().collect())
    }
}

impl Kept {
    fn end(&self) -> Cursor {
        self.newest.back().map_or(self.after, Fed::cursor)
    }
    fn from(&self, cursor: Cursor) -> impl ExactSizeIterator<Item = &Fed> {
        self.newest.range(self.newest.partition_point(|fed| fed.cursor() <= cursor)..)
    }
    fn add(&mut self, more: Vec<Fed>) {
        self.newest.extend(more);
        while self.newest.len() > KEPT
            && let Some(oldest) = self.newest.pop_front()
        {
            self.after = oldest.cursor();
        }
    }
}
