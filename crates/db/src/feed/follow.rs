//! How followers read the feed: what is kept of it in memory, or the record where that does not reach.

use std::collections::VecDeque;

use uuid::Uuid;

use super::{
    Cursor, after_with_words,
    tail::{Fed, Kept},
};
use crate::{Db, Result};

/// How many entries are read at once.
const READ: i64 = 2_000;

impl Db {
    /// The entries after a cursor of a generation of the record, at most `limit`, but never beyond a transaction that may still commit. However many follow, the
    /// newest are read once.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn feed(&self, generation: Uuid, after: Cursor, limit: usize) -> Result<Vec<Fed>> {
        let mut kept = self.tail().0.lock().await;
        if kept.generation != Some(generation) {
            *kept = Kept { generation: Some(generation), after, newest: VecDeque::new() };
        }
        if after < kept.after {
            // It follows from further back: what is kept is for the others.
            drop(kept);
            return after_with_words(&mut self.read().await?, after, i64::try_from(limit).unwrap_or(i64::MAX)).await;
        }
        if kept.end() < after {
            (kept.after, kept.newest) = (after, VecDeque::new());
        }
        if kept.from(after).len() < limit {
            let more = after_with_words(&mut self.read().await?, kept.end(), READ).await?;
            kept.add(more);
        }
        Ok(kept.from(after).take(limit).cloned().collect())
    }
}
