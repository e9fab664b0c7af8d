//! Kafka between the journal and Flink: events go to a topic, and what Flink computes from them comes back through others. The numbers are then served like those
//! of the reducer.
//!
//! - [`topics`]: which topics there are
//! - [`relay`]: hands over the events, each exactly once
//! - [`results`]: reads what came back, and how far that has counted

pub mod relay;
pub mod results;
pub mod topics;

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;
use warehouse::{
    Cursor, Event,
    outside::{Doing, Outside, Position, Results},
};

use self::{
    relay::{Relay, blocking},
    results::Reader,
    topics::{Address, away},
};

/// How many editions are read at the same time.
const READERS: usize = 2;

/// Kafka with Flink behind it, as the engine that computes the numbers.
pub struct Kafka {
    name: String,
    address: Address,
    relay: tokio::sync::Mutex<Option<Relay>>,
    readers: Arc<Mutex<Vec<Reader>>>,
}

impl Kafka {
    /// Connects when something is handed over or read.
    pub fn new(address: Address) -> Self {
        Self { name: format!("kafka {}", address.prefix), address, relay: tokio::sync::Mutex::default(), readers: Arc::default() }
    }
}

impl Outside for Kafka {
    fn name(&self) -> &str {
        &self.name
    }

    fn handed_over(&self, generation: Uuid) -> Doing<'_, Cursor> {
        Box::pin(async move {
            let mut relay = self.relay.lock().await;
            // An earlier one must not be in the way.
            *relay = None;
            let cursor = relay.insert(Relay::open(&self.address, generation).await?).cursor();
            Ok(cursor)
        })
    }

    fn hand_over(&self, generation: Uuid, events: Vec<Event>, to: Cursor) -> Doing<'_, ()> {
        Box::pin(async move {
            let mut held = self.relay.lock().await;
            let Some(mut relay) = held.take().filter(|relay| relay.generation() == generation) else { return Err(away("the relay has to be opened")) };
            relay.hand_over(&events, to).await?;
            *held = Some(relay);
            Ok(())
        })
    }

    fn results(&self, generation: Uuid, after: Vec<Position>) -> Doing<'_, Results> {
        let (address, readers) = (self.address.clone(), self.readers.clone());
        Box::pin(async move {
            let take = |readers: &mut Vec<Reader>| readers.iter().position(|reader| reader.is_at(generation, &after)).map(|n| readers.remove(n));
            let known = take(&mut readers.lock().unwrap_or_else(PoisonError::into_inner));
            if known.is_none() {
                address.make_topics(generation).await?;
            }
            let read = blocking(move || {
                let mut reader = known.map_or_else(|| Reader::open(&address, generation, &after), Ok)?;
                let results = reader.read()?;
                Ok((reader, results))
            });
            let (reader, results) = read.await?;
            let left: Vec<Reader> = {
                let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
                readers.push(reader);
                let too_many = readers.len().saturating_sub(READERS);
                readers.drain(..too_many).collect()
            };
            if !left.is_empty() {
                // Closing their connections blocks.
                blocking(move || {
                    drop(left);
                    Ok(())
                })
                .await?;
            }
            Ok(results)
        })
    }
}
