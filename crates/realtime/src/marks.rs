//! Buffers marks, which rise often and are written at most once a second; only the last value counts.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use db::{Db, Shard, journal};
use domain::{
    effect::Effect,
    id::TenantId,
    journal::{Mark, Side},
    stream::StreamName,
};
use uuid::Uuid;

/// Identifies a mark: the stream, and the member or customer whose mark it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    tenant: TenantId,
    stream: StreamName,
    customer: bool,
    member: Uuid,
}

/// Marks waiting to be written.
#[derive(Debug, Default)]
pub struct MarkBuffer(Mutex<HashMap<Key, Mark>>);

impl MarkBuffer {
    /// The key of a mark.
    pub fn key(tenant: TenantId, stream: StreamName, side: Side, member: Uuid) -> Key {
        Key { tenant, stream, customer: side == Side::Customer, member }
    }
    /// Raises a mark; it never falls.
    pub fn raise(&self, key: Key, mark: Mark) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = waiting.entry(key).or_default();
        known.received = known.received.max(mark.received).max(mark.read);
        known.read = known.read.max(mark.read);
    }
    /// Writes the waiting marks and notifies the readers.
    pub async fn flush(&self, db: &Db) {
        let waiting: Vec<(Key, Mark)> = self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        for chunk in waiting.chunks(25) {
            let (chunk, again) = (chunk.to_vec(), chunk);
            let written: Result<(), db::Error> = db
                .writer()
                .write(Shard::Any, move |tx| {
                    Box::pin(async move {
                        for (key, mark) in chunk {
                            let head = journal::head(tx, key.tenant, key.stream.id).await?;
                            // Nobody can have read more than was said.
                            let most = if key.customer { head.from_staff } else { head.from_customer };
                            let mark = Mark { received: mark.received.clamp(0, most), read: mark.read.clamp(0, most) };
                            let side = if key.customer { Side::Customer } else { Side::Staff };
                            journal::raise_mark(tx, key.tenant, key.stream, side, key.member, mark).await?;
                            let (customer, staff) = journal::marks(tx, key.tenant, key.stream.id).await?;
                            tx.effect(Effect::Marks { tenant: key.tenant, stream: key.stream, customer, staff });
                        }
                        Ok(())
                    })
                })
                .await;
            if let Err(error) = written {
                tracing::warn!(error = %error, "marks could not be written and wait for the next time");
                for (key, mark) in again {
                    self.raise(*key, *mark);
                }
            }
        }
    }
}
