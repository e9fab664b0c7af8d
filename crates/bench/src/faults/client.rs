//! A client after the rules of docs/PROTOCOL.md, without its sockets: what it keeps, and what it does with each frame.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{Answer, ClientLog, Seen, Step, View};
use crate::{hello, http::Identity, random::Random};

/// Sends without an answer that a client lets pile up while the server is away.
const MOST_PENDING: usize = 8;
/// A send without an answer for this long means a dead link.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);
/// Most entries in one answer to `get`.
const PAGE: i64 = 500;

/// What a frame makes necessary.
#[derive(Debug, Clone, PartialEq)]
pub enum Todo {
    /// This frame has to be sent; on a transport that only reads, a new hello does the same.
    Ask(Value),
    /// The connection is over.
    End(String),
}

/// A client in one conversation.
pub struct Client {
    /// What it did.
    pub log: ClientLog,
    /// Who it is.
    pub who: Identity,
    stream: String,
    cursor: Option<i64>,
    highest: i64,
    asked: bool,
    generation: Option<String>,
    outbox: VecDeque<Pending>,
    held_until: Option<Instant>,
}

struct Pending {
    id: Uuid,
    frame: Value,
    since: Instant,
}

impl Client {
    /// A client that has no state yet.
    pub fn new(name: String, conversation: usize, view: View, who: Identity, stream: String) -> Self {
        let log = ClientLog {
            name,
            conversation,
            view,
            sent: Vec::new(),
            answers: Vec::new(),
            steps: Vec::new(),
            must_reach: 0,
            redelivered: 0,
            skipped: 0,
            connections: 0,
        };
        Self { log, who, stream, cursor: None, highest: 0, asked: false, generation: None, outbox: VecDeque::new(), held_until: None }
    }

    /// The first frame of a connection.
    pub fn hello(&self) -> Value {
        let mut hello = hello::hello(self.who.token(), &[(&self.stream, self.cursor)]);
        if let Some(generation) = &self.generation {
            hello["generation"] = json!(generation);
        }
        hello
    }

    /// A connection begins: what was asked on the one before is not answered any more.
    pub fn connected(&mut self, now: Instant) {
        self.log.connections += 1;
        self.asked = false;
        self.held_until = None;
        for pending in &mut self.outbox {
            pending.since = now;
        }
    }

    /// Something new to say, unless too much is waiting already.
    pub fn say(&mut self, random: &mut Random, now: Instant) -> Option<Value> {
        if self.outbox.len() >= MOST_PENDING {
            return None;
        }
        let id = random.uuid();
        let frame = hello::send(&self.stream, id, json!({"type": "text", "text": format!("{id} 请问这个套餐怎么改？")}));
        self.log.sent.push(id);
        self.outbox.push_back(Pending { id, frame: frame.clone(), since: now });
        Some(frame)
    }

    /// Everything without an answer, oldest first.
    pub fn unanswered(&self) -> Vec<Value> {
        self.outbox.iter().map(|pending| pending.frame.clone()).collect()
    }
    /// Whether everything was answered.
    pub fn is_quiet(&self) -> bool {
        self.outbox.is_empty()
    }
    /// The last number applied.
    pub fn cursor(&self) -> i64 {
        self.cursor.unwrap_or(-1)
    }
    /// Whether something waits too long for its answer.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.outbox.front().is_some_and(|oldest| now.duration_since(oldest.since) > ANSWER_WITHIN)
    }
    /// Whether sends may leave now; once after each wait it says that everything has to be repeated.
    pub fn may_send(&mut self, now: Instant) -> Sending {
        match self.held_until {
            Some(until) if until > now => Sending::Held,
            Some(_) => {
                self.held_until = None;
                Sending::Repeat
            }
            None => Sending::Free,
        }
    }

    /// Takes a frame in.
    pub fn take(&mut self, frame: &Value, now: Instant) -> Option<Todo> {
        let id = || frame["client_id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        match frame["t"].as_str()? {
            "welcome" => self.generation = frame["generation"].as_str().map(str::to_owned),
            "ok" => self.answered(id()?, Answer::Ok(frame["seq"].as_i64()?)),
            "no" => match id() {
                Some(id) => self.answered(id, Answer::No(frame["code"].as_str().unwrap_or_default().to_owned())),
                None => return Some(Todo::End(frame["code"].as_str().unwrap_or_default().to_owned())),
            },
            "busy" => {
                let wait = Duration::from_millis(frame["retry_ms"].as_u64().unwrap_or(500));
                self.held_until = Some(self.held_until.map_or(now + wait, |until| until.max(now + wait)));
            }
            "gone" => return Some(Todo::End("gone".to_owned())),
            "reset" => {
                let (seq, entries) = (frame["seq"].as_i64()?, read(&frame["entries"]));
                self.cursor = Some(seq);
                self.highest = seq;
                self.asked = false;
                self.log.steps.push(Step::Reset(seq, entries));
            }
            "entries" | "page" => {
                self.asked &= frame["t"] == "entries";
                return self.apply(read(&frame["entries"]));
            }
            _ => {}
        }
        None
    }

    fn answered(&mut self, id: Uuid, answer: Answer) {
        // A repeat may be answered twice; both answers have to be true.
        self.outbox.retain(|pending| pending.id != id);
        self.log.answers.push((id, answer));
    }

    /// The next number only: smaller ones are dropped, a larger one shows that something is missing.
    fn apply(&mut self, entries: Vec<Seen>) -> Option<Todo> {
        let Some(mut cursor) = self.cursor else { return Some(Todo::End("entries before a reset".to_owned())) };
        for entry in entries {
            self.highest = self.highest.max(entry.seq);
            if entry.seq <= cursor {
                self.log.redelivered += 1;
            } else if entry.seq > cursor + 1 {
                self.log.skipped += 1;
            } else {
                cursor = entry.seq;
                self.log.steps.push(Step::Entry(entry));
            }
        }
        self.cursor = Some(cursor);
        if self.highest > cursor && !self.asked {
            self.asked = true;
            return Some(Todo::Ask(json!({"t": "get", "stream": self.stream, "from": cursor + 1, "to": self.highest.min(cursor + PAGE)})));
        }
        None
    }
}

/// What a sender may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// Go on.
    Free,
    /// Everything unanswered again, then go on.
    Repeat,
    /// Nothing yet.
    Held,
}

fn read(entries: &Value) -> Vec<Seen> {
    entries.as_array().into_iter().flatten().filter_map(Seen::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client::new("c".into(), 0, View::Customer, Identity::Visitor("t".into()), "cnv_1".into())
    }
    fn entries(seqs: &[i64]) -> Value {
        json!({"t": "entries", "stream": "cnv_1", "entries": seqs.iter().map(|seq| json!({"seq": seq, "body": {}})).collect::<Vec<_>>()})
    }
    fn reset(seq: i64) -> Value {
        json!({"t": "reset", "seq": seq, "entries": []})
    }

    #[test]
    fn only_the_next_number_is_applied_and_a_hole_is_asked_for_once() {
        let (mut c, now) = (client(), Instant::now());
        c.take(&reset(3), now);
        assert_eq!(c.take(&entries(&[3, 4]), now), None);
        let asked = c.take(&entries(&[6]), now);
        assert_eq!(asked, Some(Todo::Ask(json!({"t": "get", "stream": "cnv_1", "from": 5, "to": 6}))));
        assert_eq!(c.take(&entries(&[7]), now), None);
        let mut page = entries(&[5, 6]);
        page["t"] = json!("page");
        assert_eq!(c.take(&page, now), Some(Todo::Ask(json!({"t": "get", "stream": "cnv_1", "from": 7, "to": 7}))));
        assert_eq!((c.cursor(), c.log.redelivered, c.log.skipped), (6, 1, 2));
    }

    #[test]
    fn an_answer_takes_a_send_out_of_the_outbox_and_moves_no_cursor() {
        let (mut c, now, mut random) = (client(), Instant::now(), Random::seeded(3));
        c.take(&reset(0), now);
        let frames: Vec<Value> = (0..2).filter_map(|_| c.say(&mut random, now)).collect();
        c.take(&json!({"t": "ok", "client_id": frames[0]["client_id"], "seq": 9, "at": 1}), now);
        assert_eq!((c.unanswered(), c.cursor()), (frames[1..].to_vec(), 0));
        c.take(&json!({"t": "no", "client_id": frames[1]["client_id"], "code": "conversation_closed"}), now);
        assert!(c.is_quiet());
    }

    #[test]
    fn after_busy_everything_is_repeated_once_the_time_is_over() {
        let (mut c, now, mut random) = (client(), Instant::now(), Random::seeded(3));
        let frame = c.say(&mut random, now).unwrap();
        c.take(&json!({"t": "busy", "client_id": frame["client_id"], "retry_ms": 100}), now);
        let later = now + Duration::from_millis(101);
        assert_eq!([c.may_send(now), c.may_send(later), c.may_send(later)], [Sending::Held, Sending::Repeat, Sending::Free]);
        assert_eq!(c.unanswered().len(), 1);
    }

    #[test]
    fn the_outbox_is_bounded_and_a_dead_link_is_noticed() {
        let (mut c, now, mut random) = (client(), Instant::now(), Random::seeded(3));
        assert_eq!((0..20).filter_map(|_| c.say(&mut random, now)).count(), MOST_PENDING);
        assert!(!c.is_overdue(now + Duration::from_secs(7)));
        assert!(c.is_overdue(now + Duration::from_secs(9)));
        c.connected(now + Duration::from_secs(9));
        assert!(!c.is_overdue(now + Duration::from_secs(10)));
    }
}
