//! What clients did and saw, and what the record holds in the end. The checker knows nothing else.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Instant,
};

use serde_json::Value;
use uuid::Uuid;

/// Which numbering a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Public entries only.
    Customer,
    /// All entries.
    Staff,
}

/// What the server said about a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Stored under this number.
    Ok(i64),
    /// Refused for good.
    No(String),
}

/// An entry as somebody saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub seq: i64,
    /// A digest of everything in it.
    pub print: u64,
    /// The send whose words these are, if they are the load's.
    pub said: Option<Uuid>,
}

impl Seen {
    /// An entry from the wire; `None` if it is none.
    pub fn read(entry: &Value) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        entry.to_string().hash(&mut hasher);
        let words = entry["body"]["text"].as_str().unwrap_or_default();
        let said = words.split_once(' ').and_then(|(id, _)| id.parse().ok());
        Some(Self { seq: entry["seq"].as_i64()?, print: hasher.finish(), said })
    }
}

/// An acknowledgement, as it came.
#[derive(Debug, Clone)]
pub struct Ack {
    /// Who got it, for a reader of findings.
    pub name: String,
    /// In which conversation.
    pub conversation: usize,
    /// With which numbering.
    pub view: View,
    /// Of which send.
    pub id: Uuid,
    /// The number it was given.
    pub seq: i64,
    /// When the send left for the first time.
    pub said_at: Instant,
}

/// One step of a client's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It applied an entry.
    Entry(Seen),
    /// It forgot what it had and took this.
    Reset(i64, Vec<Seen>),
}

/// Everything one client did in one conversation.
#[derive(Debug, Clone)]
pub struct ClientLog {
    /// Who, for a reader of findings.
    pub name: String,
    /// In which conversation.
    pub conversation: usize,
    /// With which numbering.
    pub view: View,
    /// What it sent, in that order; repeats are not new.
    pub sent: Vec<Uuid>,
    /// What it was answered.
    pub answers: Vec<(Uuid, Answer)>,
    /// What it applied.
    pub steps: Vec<Step>,
    /// The head when everything was quiet: a client has to get that far.
    pub must_reach: i64,
    /// Entries it got a second time and dropped by their number.
    pub redelivered: u64,
    /// Entries it got too early and asked for again by their number.
    pub skipped: u64,
    /// Connections it made.
    pub connections: u64,
}

impl ClientLog {
    /// Of a client that did nothing yet.
    pub const fn new(name: String, conversation: usize, view: View) -> Self {
        Self { name, conversation, view, sent: Vec::new(), answers: Vec::new(), steps: Vec::new(), must_reach: 0, redelivered: 0, skipped: 0, connections: 0 }
    }
}

/// What the record holds of one conversation, read back by somebody who had no part in it.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// As customers see it.
    pub customer: Vec<Seen>,
    /// As staff see it.
    pub staff: Vec<Seen>,
}

impl Journal {
    /// In this numbering.
    pub fn of(&self, view: View) -> &[Seen] {
        match view {
            View::Customer => &self.customer,
            View::Staff => &self.staff,
        }
    }
}
