//! Hands over events in transactions. Each also holds the cursor up to which the journal was read, so a crash at any moment leaves both or neither.

use std::sync::Arc;

use db::Result;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};
use uuid::Uuid;
use warehouse::{
    Cursor, Event,
    outside::{self, Layer},
};

use crate::topics::{Address, Mark, PARTITIONS, PATIENCE, Quiet, away};

/// The most events that wait for a broker at a time.
const TOGETHER: usize = 10_000;

/// A producer that alone may hand over the events of a history.
pub struct Relay {
    address: Address,
    generation: Uuid,
    producer: Arc<FutureProducer<Quiet>>,
    mark: Mark,
}

impl Relay {
    /// Shuts out every earlier producer of this history, whose unfinished transaction is undone, and reads how far it has come.
    pub async fn open(address: &Address, generation: Uuid) -> Result<Self> {
        address.make_topics(generation).await?;
        let mut config = address.client();
        config.set("transactional.id", format!("{}.relay.{}", address.prefix, generation.as_simple()));
        config.set("compression.type", "lz4").set("linger.ms", "5").set("transaction.timeout.ms", "60000").set("message.timeout.ms", "30000");
        let producer: Arc<FutureProducer<Quiet>> = Arc::new(config.create_with_context(Quiet).map_err(away)?);
        let (of, opened) = (address.clone(), producer.clone());
        let mark = blocking(move || {
            opened.init_transactions(PATIENCE).map_err(away)?;
            of.last_mark(generation)
        });
        Ok(Self { address: address.clone(), generation, mark: mark.await?, producer })
    }

    /// The history.
    pub const fn generation(&self) -> Uuid {
        self.generation
    }

    /// How far the journal was handed over.
    pub const fn cursor(&self) -> Cursor {
        self.mark.cursor()
    }

    /// Hands over events and the cursor behind them. After an error it is not known whether that succeeded: another relay has to be opened, which reads it.
    pub async fn hand_over(&mut self, events: &[Event], to: Cursor) -> Result<()> {
        self.producer.begin_transaction().map_err(away)?;
        let mut mark = Mark { xid: to.xid, pos: to.pos, ..self.mark.clone() };
        mark.next.resize(PARTITIONS as usize, 0);
        let topic = self.address.topic(self.generation, Layer::Events);
        for events in events.chunks(TOGETHER) {
            let mut sent = Vec::with_capacity(events.len());
            for event in events {
                let text = serde_json::Value::Object(outside::json(event)).to_string();
                // Everything of a conversation stays in one partition.
                let key = format!("{}:{}", event.tenant_id, event.conversation_id);
                sent.push(self.producer.send_result(FutureRecord::to(&topic).key(&key).payload(&text)).map_err(|(error, _)| away(error))?);
            }
            for delivered in sent {
                let at = delivered.await.map_err(away)?.map_err(|(error, _)| away(error))?;
                if let Some(next) = usize::try_from(at.partition).ok().and_then(|partition| mark.next.get_mut(partition)) {
                    *next = (*next).max(at.offset + 1);
                }
            }
        }
        let text = serde_json::to_string(&mark).map_err(away)?;
        let cursors = self.address.cursors(self.generation);
        let sent = self.producer.send_result(FutureRecord::to(&cursors).key("cursor").payload(&text)).map_err(|(error, _)| away(error))?;
        sent.await.map_err(away)?.map_err(|(error, _)| away(error))?;
        let producer = self.producer.clone();
        blocking(move || producer.commit_transaction(PATIENCE).map_err(away)).await?;
        self.mark = mark;
        Ok(())
    }
}

/// Waits for something that blocks a thread.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(away)?
}
