//! A client that follows streams and keeps its cursors across connections, by the rules of docs/PROTOCOL.md.

use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{crowd::Person, hello, random::Random};

/// The longest wait before a new attempt.
const BACK_OFF: Duration = Duration::from_secs(30);

/// A client and how far it has come.
#[derive(Debug, Clone)]
pub struct Follower {
    /// The visitor that the client belongs to.
    pub person: Person,
    /// Entries that arrived a second time and were dropped by their number.
    pub redelivered: u64,
    streams: Vec<Stream>,
    generation: Value,
    welcomed: bool,
}

#[derive(Debug, Clone)]
struct Stream {
    name: String,
    cursor: Option<i64>,
    head: i64,
}

impl Follower {
    /// A client that follows a conversation, without state, and the visitor's own stream from its start.
    pub fn new(person: Person) -> Self {
        let stream = |name: &str, cursor| Stream { name: name.to_owned(), cursor, head: 0 };
        let streams = vec![stream(&person.conversation, None), stream(&person.stream, Some(0))];
        Self { person, redelivered: 0, streams, generation: Value::Null, welcomed: false }
    }

    /// The first frame of a connection.
    pub fn hello(&mut self) -> Value {
        self.welcomed = false;
        let cursors: Vec<(&str, Option<i64>)> = self.streams.iter().map(|s| (s.name.as_str(), s.cursor)).collect();
        let mut hello = hello::hello(self.person.who.token(), &cursors);
        if !self.generation.is_null() {
            hello["generation"] = self.generation.clone();
        }
        hello
    }

    /// The last number applied in the conversation; 0 without state.
    pub fn cursor(&self) -> i64 {
        self.streams[0].cursor.unwrap_or(0)
    }

    /// Whether the client was welcomed and has everything that existed then.
    pub fn is_current(&self) -> bool {
        self.welcomed && self.streams.iter().all(|s| s.cursor.is_some_and(|cursor| cursor >= s.head))
    }

    /// Takes in a frame. After an error the connection is useless: the next hello closes a gap.
    pub fn take(&mut self, line: &str) -> anyhow::Result<()> {
        let frame: Value = serde_json::from_str(line).with_context(|| format!("no frame: {line:?}"))?;
        match frame["t"].as_str() {
            Some("welcome") => {
                self.generation = frame["generation"].clone();
                self.welcomed = true;
                for stream in &mut self.streams {
                    stream.head = frame["heads"][&stream.name].as_i64().with_context(|| format!("{} is not in {line}", stream.name))?;
                }
            }
            Some("reset") => {
                let seq = frame["seq"].as_i64().context("a reset without a number")?;
                if let Some(stream) = self.streams.iter_mut().find(|s| frame["stream"] == json!(s.name)) {
                    stream.cursor = Some(seq);
                }
            }
            Some("entries") => {
                let Some(stream) = self.streams.iter_mut().find(|s| frame["stream"] == json!(s.name)) else { return Ok(()) };
                for entry in frame["entries"].as_array().into_iter().flatten() {
                    let seq = entry["seq"].as_i64().context("an entry without a number")?;
                    match stream.cursor {
                        Some(cursor) if seq == cursor + 1 => stream.cursor = Some(seq),
                        Some(cursor) if seq <= cursor => self.redelivered += 1,
                        _ => bail!("a gap before {seq} of {}", stream.name),
                    }
                }
            }
            Some("no" | "gone") => bail!("refused: {line}"),
            _ => {}
        }
        Ok(())
    }
}

/// How long to wait before the `attempt`th attempt, counted from 0.
pub fn back_off(attempt: u32, random: &mut Random) -> Duration {
    random.within(BACK_OFF.min(Duration::from_secs(1 << attempt.min(10))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Identity;

    fn follower() -> Follower {
        Follower::new(Person { who: Identity::Visitor("t".into()), stream: "vst_1".into(), conversation: "cnv_1".into() })
    }
    fn welcome(head: i64) -> String {
        json!({"t": "welcome", "generation": "g", "heads": {"cnv_1": head, "vst_1": 0}}).to_string()
    }
    fn entries(seqs: &[i64]) -> String {
        json!({"t": "entries", "stream": "cnv_1", "entries": seqs.iter().map(|seq| json!({"seq": seq})).collect::<Vec<_>>()}).to_string()
    }

    #[test]
    fn a_follower_is_current_when_it_has_what_the_welcome_named() {
        let mut one = follower();
        one.take(&welcome(2)).unwrap();
        assert!(!one.is_current());
        one.take(r#"{"t":"reset","stream":"cnv_1","seq":2}"#).unwrap();
        assert!(one.is_current());
        assert_eq!(one.hello()["cursors"], json!({"cnv_1": 2, "vst_1": 0}));
        assert!(!one.is_current(), "a new connection has to be welcomed first");
        one.take(&welcome(4)).unwrap();
        one.take(&entries(&[3])).unwrap();
        assert!(!one.is_current());
        one.take(&entries(&[3, 4])).unwrap();
        assert_eq!((one.is_current(), one.cursor(), one.redelivered, &one.hello()["generation"]), (true, 4, 1, &json!("g")));
    }

    #[test]
    fn a_gap_and_a_refusal_end_the_connection() {
        let mut one = follower();
        one.take(r#"{"t":"reset","stream":"cnv_1","seq":2}"#).unwrap();
        assert!(one.take(&entries(&[4])).is_err());
        assert_eq!(one.cursor(), 2);
        assert!(one.take(r#"{"t":"no","code":"busy"}"#).is_err());
        assert!(one.take(r#"{"t":"entries","stream":"cnv_2","entries":[{"seq":9}]}"#).is_ok());
    }

    #[test]
    fn attempts_wait_longer_and_never_longer_than_the_most() {
        let mut random = Random::seeded(5);
        for attempt in 0..40 {
            let longest = Duration::from_secs(1 << attempt.min(10)).min(BACK_OFF);
            assert!((0..100).all(|_| back_off(attempt, &mut random) < longest), "{attempt}");
        }
    }
}
