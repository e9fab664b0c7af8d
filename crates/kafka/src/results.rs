//! Reads what Flink gave back.
//!
//! Flink writes results in transactions, one for each topic, writer and checkpoint, and commits how far it has read the events after each checkpoint. By then,
//! everything that follows from them is in the topics of results, but need not be committed yet. So the reader itself then writes a mark behind the results, in
//! every partition. What is committed is read in order, and nothing behind a transaction that is still open. So a mark that comes back says that everything
//! before it has been read.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use db::Result;
use rdkafka::{
    Message as _,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    producer::{BaseProducer, BaseRecord, Producer as _},
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
/// When the same mark is written again, if it has not come back.
const MARK_AGAIN: Duration = Duration::from_secs(5);
/// The key of marks in the topics of results.
const COUNTED: &[u8] = b"counted";

/// Positions by layer and partition.
type Next = BTreeMap<(String, i64), i64>;

/// A reader that has read up to certain positions.
pub struct Reader {
    address: Address,
    generation: Uuid,
    consumer: BaseConsumer<Quiet>,
    producer: BaseProducer<Quiet>,
    layers: HashMap<String, Layer>,
    next: Next,
    /// What was handed over and is not known to be counted yet.
    marks: VecDeque<Mark>,
    /// The mark that was written last, and when.
    written: Option<(Mark, Instant)>,
    came_back: CameBack,
    asked: Option<Instant>,
}

/// The newest mark that came back from each partition of results.
#[derive(Default)]
struct CameBack(BTreeMap<(String, i64), Mark>);

impl CameBack {
    /// Notes a mark. One that was written by another node, which was behind, may come after a newer one.
    fn note(&mut self, part: (String, i64), mark: Mark) {
        let newest = self.0.entry(part).or_default();
        if mark.cursor() > newest.cursor() {
            *newest = mark;
        }
    }

    /// Up to where everything is counted and read, when the events and results have been read up to `next`.
    fn cursor(&self, next: &Next) -> Option<Cursor> {
        if self.0.len() < Layer::RESULTS.len() * PARTITIONS as usize {
            return None;
        }
        let mark = self.0.values().min_by_key(|mark| mark.cursor())?;
        let is_read = |(part, until): (i64, &i64)| next.get(&(Layer::Events.name().to_owned(), part)).is_some_and(|read| read >= until);
        (0..).zip(&mark.next).all(is_read).then(|| mark.cursor())
    }
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
        Ok(Self {
            producer: address.client().create_with_context(Quiet).map_err(away)?,
            address: address.clone(),
            generation,
            consumer,
            layers,
            next,
            marks: VecDeque::new(),
            written: None,
            came_back: CameBack::default(),
            asked: None,
        })
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
                    let part = (layer.name().to_owned(), i64::from(message.partition()));
                    self.next.insert(part.clone(), message.offset() + 1);
                    if message.key() == Some(COUNTED) {
                        self.came_back.note(part, read_mark(message.payload())?);
                    } else {
                        results.changes.push(layer.read(message.key(), message.payload())?);
                    }
                }
                None => self.marks.push_back(read_mark(message.payload())?),
            }
        }
        results.has_more = results.changes.len() == MOST;
        results.counted = self.counted_until();
        results.positions = self.next.iter().map(|((layer, part), next)| Position { layer: layer.clone(), part: *part, next: *next }).collect();
        Ok(results)
    }

    /// How far everything has been counted and read, if that is known.
    fn counted_until(&mut self) -> Option<Cursor> {
        if !self.marks.is_empty() && self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY) {
            self.asked = Some(Instant::now());
            self.ask();
        }
        let cursor = self.came_back.cursor(&self.next)?;
        self.marks.retain(|mark| mark.cursor() > cursor);
        Some(cursor)
    }

    /// Asks how far Flink has counted, and writes a mark for it; nothing if no broker answers.
    fn ask(&mut self) -> Option<()> {
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
        let mark = self.marks.get(counted.checked_sub(1)?)?.clone();
        if self.written.as_ref().is_some_and(|(before, at)| *before == mark && at.elapsed() < MARK_AGAIN) {
            return None;
        }
        let text = serde_json::to_string(&mark).ok()?;
        for layer in Layer::RESULTS {
            let topic = self.address.topic(self.generation, layer);
            for part in 0..PARTITIONS {
                self.producer.send(BaseRecord::to(&topic).partition(part).key(COUNTED).payload(&text)).ok()?;
            }
        }
        self.producer.flush(ASK_WITHIN).ok()?;
        self.written = Some((mark, Instant::now()));
        Some(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(pos: i64, next: [i64; 4]) -> Mark {
        Mark { xid: 0, pos, next: next.to_vec() }
    }
    fn parts() -> impl Iterator<Item = (String, i64)> {
        Layer::RESULTS.into_iter().flat_map(|layer| (0..i64::from(PARTITIONS)).map(move |part| (layer.name().to_owned(), part)))
    }
    fn read(next: [i64; 4]) -> Next {
        (0..).zip(next).map(|(part, next)| ((Layer::Events.name().to_owned(), part), next)).collect()
    }

    #[test]
    fn everything_is_counted_once_the_mark_has_come_back_from_every_partition_and_the_events_are_read() {
        let (mut came_back, everything) = (CameBack::default(), read([5, 0, 7, 0]));
        for part in parts() {
            assert_eq!(came_back.cursor(&everything), None, "{part:?} is missing");
            came_back.note(part, mark(3, [5, 0, 7, 0]));
        }
        assert_eq!(came_back.cursor(&everything), Some(Cursor { xid: 0, pos: 3 }));
        assert_eq!(came_back.cursor(&read([5, 0, 6, 0])), None, "an event has not been read");
        assert_eq!(came_back.cursor(&Next::new()), None);
    }

    #[test]
    fn the_partition_that_is_furthest_behind_decides_and_an_older_mark_changes_nothing() {
        let (mut came_back, everything) = (CameBack::default(), read([9; 4]));
        parts().for_each(|part| came_back.note(part, mark(3, [1; 4])));
        parts().skip(1).for_each(|part| came_back.note(part, mark(8, [2; 4])));
        assert_eq!(came_back.cursor(&everything), Some(Cursor { xid: 0, pos: 3 }));
        parts().for_each(|part| came_back.note(part, mark(8, [2; 4])));
        parts().for_each(|part| came_back.note(part, mark(4, [1; 4])));
        assert_eq!(came_back.cursor(&everything), Some(Cursor { xid: 0, pos: 8 }));
    }
}
