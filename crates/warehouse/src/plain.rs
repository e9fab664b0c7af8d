//! Events as plain rows, with nothing derived from them: what storing them costs by itself. For measurements only.

use std::sync::Arc;

use db::{Error, Result};
use domain::time::Clock;
use uuid::Uuid;

use crate::{
    event::Event,
    panel::{Panel, Place},
    store::{self, SHARD},
};

/// A store of its own with the tables of an edition, of which only the events are filled.
pub struct Plain(Panel);

impl Plain {
    /// Creates the store beside this place.
    pub async fn open(place: &Place, clock: Arc<dyn Clock>) -> Result<Self> {
        Panel::open(place, 1, Uuid::nil(), clock).await.map(Self)
    }

    /// Stores events that are not stored yet, in one transaction.
    pub async fn insert(&self, events: Vec<Event>) -> Result<()> {
        let events: Arc<[Event]> = events.into();
        let write = self
            .0
            .db
            .writer()
            .write::<_, Error, _>(SHARD, move |tx| Box::pin(async move { store::insert_events(tx, &events.iter().collect::<Vec<_>>()).await }));
        write.await
    }

    /// Finishes pending work and closes every connection.
    pub async fn close(&self) {
        self.0.close().await;
    }
}
