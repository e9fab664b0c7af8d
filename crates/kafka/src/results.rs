//! Reads what Flink gave back.
//!
//! Flink commits how far it has read the events after each checkpoint, and by then everything that follows from them is in the topics of results. So once it
//! has committed the events of a mark, and the results have been read up to where they end after that, everything up to the mark is counted.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use db::Result;
use rdkafka::{
    Message as _,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    topic_partition_list::{Offset, TopicPartitionList},
};
use uuid::Uuid;
use warehouse::{
    Cursor,
    outside::{Layer, Position, Results},
};

use crate::topics::{Address, Mark, PARTITIONS, Quiet, away, read_mark};

/// The most changes at a time.
const MOST: usize = 2_000;
/// How long to wait for the first one.
const WAIT: Duration = Duration::from_millis(100);
/// How long to wait for a broker's answer about how far something has come; there is a next time.
const ASK_WITHIN: Duration = Duration::from_secs(2);
/// The time between two questions of that kind.
const ASK_EVERY: Duration = Duration::from_millis(400);

/// Positions by layer and partition.
type Next = BTreeMap<(String, i64), i64>;

/// A reader that has read up to certain positions.
pub struct Reader {
    address: Address,
    generation: Uuid,
    consumer: BaseConsumer<Quiet>,
    layers: HashMap<String, Layer>,
    next: Next,
    /// What was handed over and is not known to be counted yet.
    marks: VecDeque<Mark>,
    /// What will have been counted, and up to where the results have to be read for that.
    awaited: Option<(Cursor, Next)>,
    asked: Instant,
}

impl Reader {
    /// Begins to read behind these positions. Blocks.
    pub fn open(address: &Address, generation: Uuid, after: &[Position]) -> Result<Self> {
        let consumer = address.reader(generation)?;
        let mut next = Next::new();
        let mut from = TopicPartitionList::new();
        for layer in Layer::EACH {
            for part in 0..i64::from(PARTITIONS) {
                let known = after.iter().find(|at| at.layer == layer.name() && at.part == part).map_or(0, |at| at.next);
                next.insert((layer.name().to_owned(), part), known);
                from.add_partition_offset(&address.topic(generation, layer), part as i32, Offset::Offset(known)).map_err(away)?;
            }
        }
        from.add_partition_offset(&address.cursors(generation), 0, Offset::Beginning).map_err(away)?;
        consumer.assign(&from).map_err(away)?;
        let layers = Layer::EACH.into_iter().map(|layer| (address.topic(generation, layer), layer)).collect();
        Ok(Self { address: address.clone(), generation, consumer, layers, next, marks: VecDeque::new(), awaited: None, asked: Instant::now() })
    }

    /// Whether it has read exactly up to these positions.
    pub fn is_at(&self, generation: Uuid, positions: &[Position]) -> bool {
        let read = self.next.iter().filter(|(_, next)| **next > 0).map(|((layer, part), next)| (layer.as_str(), *part, *next));
        self.generation == generation && read.eq(positions.iter().filter(|at| at.next > 0).map(|at| (at.layer.as_str(), at.part, at.next)))
    }

    /// Reads on. Blocks.
    pub fn read(&mut self) -> Result<Results> {
        let mut results = Results::default();
        let mut wait = WAIT;
        while results.changes.len() < MOST {
            let Some(polled) = self.consumer.poll(wait) else { break };
            let message = match polled {
                Ok(message) => message,
                Err(KafkaError::PartitionEOF(_)) => continue,
                // It goes on by itself as soon as a broker answers.
                Err(KafkaError::MessageConsumption(code)) if is_passing(code) => break,
                Err(error) => return Err(away(error)),
            };
            wait = Duration::ZERO;
            match self.layers.get(message.topic()) {
                Some(layer) => {
                    results.changes.push(layer.read(message.key(), message.payload())?);
                    self.next.insert((layer.name().to_owned(), i64::from(message.partition())), message.offset() + 1);
                }
                None => self.marks.push_back(read_mark(message.payload())?),
            }
        }
        results.has_more = results.changes.len() == MOST;
        results.counted = self.newly_counted();
        results.positions = self.next.iter().map(|((layer, part), next)| Position { layer: layer.clone(), part: *part, next: *next }).collect();
        Ok(results)
    }

    /// How far everything has been counted, if that is more than before.
    fn newly_counted(&mut self) -> Option<Cursor> {
        if self.awaited.is_none() && !self.marks.is_empty() && self.asked.elapsed() >= ASK_EVERY {
            self.asked = Instant::now();
            self.awaited = self.ask();
        }
        let is_read = |(_, until): &(Cursor, Next)| until.iter().all(|(key, until)| self.next.get(key).is_some_and(|next| next >= until));
        self.awaited.take_if(|awaited| is_read(awaited)).map(|(cursor, _)| cursor)
    }

    /// What Flink has counted, and where its results end now; nothing if no broker answers.
    fn ask(&mut self) -> Option<(Cursor, Next)> {
        let events = self.address.topic(self.generation, Layer::Events);
        let mut asked = TopicPartitionList::new();
        for part in 0..PARTITIONS {
            asked.add_partition(&events, part);
        }
        let answer = self.consumer.committed_offsets(asked, ASK_WITHIN).ok()?;
        let committed = |part: usize| match answer.find_partition(&events, i32::try_from(part).ok()?)?.offset() {
            Offset::Offset(next) => Some(next),
            _ => None,
        };
        let is_counted = |mark: &Mark| mark.next.iter().enumerate().all(|(part, next)| *next == 0 || committed(part).is_some_and(|read| read >= *next));
        let counted = self.marks.iter().take_while(|mark| is_counted(mark)).count();
        let last = self.marks.get(counted.checked_sub(1)?)?.clone();
        let mut until = Next::new();
        for (part, next) in (0..).zip(&last.next) {
            until.insert((Layer::Events.name().to_owned(), part), *next);
        }
        for layer in Layer::RESULTS {
            for part in 0..PARTITIONS {
                let (_, end) = self.consumer.fetch_watermarks(&self.address.topic(self.generation, layer), part, ASK_WITHIN).ok()?;
                until.insert((layer.name().to_owned(), i64::from(part)), end);
            }
        }
        self.marks.drain(..counted);
        Some((last.cursor(), until))
    }
}

/// Whether the client itself tries again after this.
fn is_passing(code: rdkafka::error::RDKafkaErrorCode) -> bool {
    use rdkafka::error::RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::Resolve
            | Code::OperationTimedOut
            | Code::LeaderNotAvailable
            | Code::NotLeaderForPartition
            | Code::UnknownTopicOrPartition
            | Code::UnknownTopic
            | Code::UnknownPartition
    )
}
