//! The names of the topics, and how they are made.
//!
//! The events of a history, as releases with the same contract of events write them, and the results under one set of definitions have topics of their own. So
//! neither a restored record nor a new release ever reads what belongs to another, and a new release hands over again what an older one did not know.

use std::time::Duration;

use db::{Error, Result};
use rdkafka::{
    ClientConfig, ClientContext, Message as _,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext},
    error::{KafkaError, RDKafkaErrorCode},
    producer::{DeliveryResult, ProducerContext},
    topic_partition_list::{Offset, TopicPartitionList},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use warehouse::{Cursor, DEFINITIONS, outside::Layer, portable::flink, rows::VERSION as CONTRACT};

/// The number of partitions of the topics of events and results.
pub const PARTITIONS: i32 = 4;
/// How much of the fingerprint of the definitions is part of a name.
const RULES: usize = 12;
/// The longest wait for an answer of a broker.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Where Kafka is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The brokers, as `host:port` with commas between them.
    pub brokers: String,
    /// What the names of all topics begin with.
    pub prefix: String,
}

/// Errors are seen where something fails; what the library writes besides is dropped.
pub struct Quiet;
impl ClientContext for Quiet {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: KafkaError, _: &str) {}
}
impl ConsumerContext for Quiet {}
impl ProducerContext for Quiet {
    type DeliveryOpaque = ();
    fn delivery(&self, _: &DeliveryResult<'_>, (): ()) {}
}

/// How far the journal was handed over: the last message of the topic of cursors says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The transaction.
    pub xid: i64,
    /// The position.
    pub pos: i64,
    /// The number of the event that would come next, by partition; 0 where there is none yet.
    pub next: Vec<i64>,
}

impl Mark {
    /// The same as a position of the journal.
    pub const fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, pos: self.pos }
    }
}

impl Address {
    /// The topic of a layer.
    pub fn topic(&self, generation: Uuid, layer: Layer) -> String {
        let (prefix, generation) = (&self.prefix, generation.as_simple());
        match layer {
            Layer::Events => format!("{prefix}.events.{generation}.{CONTRACT}"),
            _ => format!("{prefix}.{}.{generation}.{}", layer.name(), rules()),
        }
    }

    /// The topic that says how far the journal was handed over.
    pub fn cursors(&self, generation: Uuid) -> String {
        format!("{}.cursor.{}.{CONTRACT}", self.prefix, generation.as_simple())
    }

    /// The group under which Flink notes what it has read.
    pub fn group(&self, generation: Uuid) -> String {
        format!("{}.flink.{}.{}", self.prefix, generation.as_simple(), rules())
    }

    /// The job of Flink for a history; `commit_within`: how long the results of a checkpoint may wait to be committed.
    pub fn job(&self, generation: Uuid, commit_within: Duration) -> String {
        let topics = flink::Topics {
            brokers: self.brokers.clone(),
            events: self.topic(generation, Layer::Events),
            group: self.group(generation),
            commit_within,
            results: Layer::RESULTS.map(|layer| (layer, self.topic(generation, layer))).to_vec(),
        };
        flink::job_on_topics(&DEFINITIONS, &topics)
    }

    /// What every client is configured with.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", "yingda").set("socket.timeout.ms", "5000").set("reconnect.backoff.max.ms", "2000");
        config
    }

    /// Makes the topics that are missing. Events are kept for good, of everything else the last message of every key.
    pub async fn make_topics(&self, generation: Uuid) -> Result<()> {
        let admin: AdminClient<Quiet> = self.client().create_with_context(Quiet).map_err(away)?;
        let names: Vec<(String, i32, bool)> = Layer::EACH
            .map(|layer| (self.topic(generation, layer), PARTITIONS, layer != Layer::Events))
            .into_iter()
            .chain([(self.cursors(generation), 1, true)])
            .collect();
        let topics: Vec<NewTopic<'_>> = names.iter().map(|(name, partitions, is_kept)| topic(name, *partitions, *is_kept)).collect();
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE)).request_timeout(Some(PATIENCE));
        for made in admin.create_topics(&topics, &options).await.map_err(away)? {
            match made {
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((name, code)) => return Err(away(format!("the topic {name}: {code}"))),
            }
        }
        Ok(())
    }

    /// The last mark of a history. Blocks.
    pub(crate) fn last_mark(&self, generation: Uuid) -> Result<Mark> {
        let consumer = self.reader(generation)?;
        let topic = self.cursors(generation);
        let mut from = TopicPartitionList::new();
        from.add_partition_offset(&topic, 0, Offset::Beginning).map_err(away)?;
        consumer.assign(&from).map_err(away)?;
        let mut last = Mark::default();
        loop {
            match consumer.poll(PATIENCE) {
                Some(Ok(message)) => last = read_mark(message.payload())?,
                Some(Err(KafkaError::PartitionEOF(_))) => return Ok(last),
                Some(Err(error)) => return Err(away(error)),
                None => return Err(away("no broker answers")),
            }
        }
    }

    /// A consumer of what is committed, which is told where to read.
    pub(crate) fn reader(&self, generation: Uuid) -> Result<BaseConsumer<Quiet>> {
        let mut config = self.client();
        // It only asks what the group has read, and is no member of it.
        config.set("group.id", self.group(generation)).set("enable.auto.commit", "false").set("auto.offset.reset", "error");
        config.set("isolation.level", "read_committed").set("enable.partition.eof", "true").set("fetch.wait.max.ms", "100");
        config.set("queued.max.messages.kbytes", "16384").set("fetch.error.backoff.ms", "100");
        config.create_with_context(Quiet).map_err(away)
    }
}

/// Reads a mark.
pub(crate) fn read_mark(payload: Option<&[u8]>) -> Result<Mark> {
    serde_json::from_slice(payload.unwrap_or_default()).map_err(|error| Error::Corrupt(format!("a mark of how far the journal was handed over: {error}")))
}

/// A topic with as many replicas as the brokers' default; `is_kept`: of each key only the last message is kept.
fn topic(name: &str, partitions: i32, is_kept: bool) -> NewTopic<'_> {
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(-1));
    match is_kept {
        // A segment that is still written is not compacted.
        true => topic.set("cleanup.policy", "compact").set("segment.ms", "3600000"),
        false => topic.set("cleanup.policy", "delete").set("retention.ms", "-1").set("retention.bytes", "-1"),
    }
}

fn rules() -> &'static str {
    let fingerprint = DEFINITIONS.fingerprint();
    fingerprint.get(..RULES).unwrap_or(fingerprint)
}

/// Kafka cannot do it at the moment.
pub(crate) fn away(error: impl std::fmt::Display) -> Error {
    Error::Io(std::io::Error::other(format!("Kafka: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address { brokers: "a:1,b:2".to_owned(), prefix: "linkong".to_owned() }
    }

    #[test]
    fn histories_and_definitions_have_topics_of_their_own() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for layer in Layer::EACH {
            assert_ne!(address().topic(one, layer), address().topic(other, layer));
            assert_eq!(address().topic(one, layer).ends_with(rules()), layer != Layer::Events, "events do not depend on definitions");
        }
        assert!(address().topic(one, Layer::Events).ends_with(&format!(".{CONTRACT}")) && address().cursors(one).ends_with(&format!(".{CONTRACT}")));
        assert!(address().cursors(one).starts_with("linkong.cursor.0000") && address().cursors(one) != address().cursors(other));
    }

    #[test]
    fn the_job_reads_and_writes_the_topics_of_its_history() {
        let job = address().job(Uuid::from_u128(1), Duration::from_secs(900));
        for layer in Layer::EACH {
            assert!(job.contains(&format!("'topic' = '{}'", address().topic(Uuid::from_u128(1), layer))), "{layer:?}");
        }
        assert!(job.contains("'a:1,b:2'") && job.contains(&address().group(Uuid::from_u128(1))));
    }

    #[test]
    fn a_mark_that_cannot_be_read_is_named() {
        assert_eq!(read_mark(Some(br#"{"xid":1,"pos":2,"next":[3]}"#)).unwrap(), Mark { xid: 1, pos: 2, next: vec![3] });
        assert!(read_mark(Some(b"?")).unwrap_err().to_string().contains("a mark of how far") && read_mark(None).is_err());
    }
}
