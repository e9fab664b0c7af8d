//! How followers read the feed: what is kept of it in memory, or the record where that does not reach.

use std::{collections::VecDeque, time::Duration};

use uuid::Uuid;

use super::{
    Cursor, after_with_words,
    tail::{Fed, KEPT, Kept},
};
use crate::{Db, Error, Result};

/// How many entries are read at once.
const READ: i64 = 2_000;
/// A read that takes longer has been lost with its database, and all followers would wait for it.
const READ_WITHIN: Duration = Duration::from_secs(20);

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
            return self.entries_after(after, i64::try_from(limit).unwrap_or(i64::MAX)).await;
        }
        if kept.end() < after {
            (kept.after, kept.newest) = (after, VecDeque::new());
        }
        if kept.from(after).len() < limit {
            let more = self.entries_after(kept.end(), READ).await?;
            kept.add(more);
        }
        Ok(kept.from(after).take(limit).cloned().collect())
    }

    /// Whether so much has come after a place that what is kept of it may not be for long: whoever follows from there later reads it by themselves.
    pub async fn is_leaving(&self, generation: Uuid, after: Cursor) -> bool {
        let kept = self.tail().0.lock().await;
        kept.generation == Some(generation) && after >= kept.after && kept.from(after).len() > KEPT / 2
    }

    async fn entries_after(&self, after: Cursor, limit: i64) -> Result<Vec<Fed>> {
        let read = async { after_with_words(&mut self.read().await?, after, limit).await };
        tokio::time::timeout(READ_WITHIN, read).await.map_err(|_| Error::Silent)?
    }
}
