//! Follows the journal's feed under a name: the record keeps how far, so that nothing is passed over whichever node follows, and whenever it ends.

use db::{
    Db, Shard,
    feed::{Cursor, Fed},
};
use store::{Error, Result, entry_points};
use uuid::Uuid;

/// Entries handed to a follower at a time.
const BATCH: usize = 2_000;
/// Entries that a follower may have passed over before its place is stored: so many are read again at most when the process ends.
const PASSED: usize = 2_000;

/// Somebody who follows the feed. What they do with an entry has to change nothing if it is done again.
#[derive(Debug)]
pub struct Follower {
    name: &'static str,
    at: Option<Place>,
}

/// A place in the feed, in one generation of the record.
#[derive(Debug, Clone, Copy)]
struct Place {
    generation: Uuid,
    /// Up to where everything was done.
    reached: Cursor,
    /// What the record says, if it says anything.
    stored: Option<Cursor>,
    /// Entries passed over since then.
    passed: usize,
}

impl Follower {
    /// A follower; the name is kept in the record, and belongs to this one.
    pub const fn new(name: &'static str) -> Self {
        Self { name, at: None }
    }

    /// Whether it should go on before its time: what it has to read is still kept in memory, and may soon not be.
    pub async fn is_hurried(&self, db: &Db, generation: Uuid) -> bool {
        match self.at.filter(|place| place.generation == generation) {
            Some(place) => db.is_leaving(generation, place.reached).await,
            None => false,
        }
    }

    /// Continues from where the last call ended, until nothing is new. `take` returns whether it found anything.
    ///
    /// # Errors
    /// If the record cannot be read or written, or `take` fails; then the same entries come again.
    pub async fn step<F>(&mut self, db: &Db, generation: Uuid, take: impl Fn(Vec<Fed>) -> F + Send) -> Result<()>
    where
        F: Future<Output = Result<bool>> + Send,
    {
        loop {
            let place = self.place(db, generation).await?;
            let fed = db.feed(generation, place.reached, BATCH).await?;
            let Some(to) = fed.last().map(Fed::cursor) else { return Ok(()) };
            let taken = fed.len();
            let found = take(fed).await?;
            self.pass(db, place, to, taken, found).await?;
            if taken < BATCH {
                return Ok(());
            }
        }
    }

    async fn place(&mut self, db: &Db, generation: Uuid) -> Result<Place> {
        if let Some(place) = self.at.filter(|place| place.generation == generation) {
            return Ok(place);
        }
        let stored = entry_points::feed_position(&mut db.read().await?, self.name, generation).await?;
        Ok(Place { generation, reached: stored.unwrap_or_default(), stored, passed: 0 })
    }

    /// Everything up to `to` was done.
    async fn pass(&mut self, db: &Db, place: Place, to: Cursor, taken: usize, found: bool) -> Result<()> {
        let mut next = Place { reached: to, passed: place.passed + taken, ..place };
        if found || next.passed >= PASSED {
            let (name, Place { generation, stored, .. }) = (self.name, place);
            let write =
                db.writer().write(Shard::Any, move |tx| Box::pin(async move { entry_points::move_feed_position(tx, name, generation, stored, to).await }));
            match write.await {
                Ok(()) => (next.stored, next.passed) = (Some(to), 0),
                // Another node follows as well: it is asked where to go on.
                Err(Error::Stale) => {
                    self.at = None;
                    return Ok(());
                }
                Err(other) => return Err(other),
            }
        }
        self.at = Some(next);
        Ok(())
    }
}
