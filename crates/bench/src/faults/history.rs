//! What clients did and saw, and what the record holds in the end. The checker knows nothing else.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Instant,
};

use serde_json::Value;
use uuid::Uuid;

/// The numbering that a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Public entries only.
    Customer,
    /// All entries.
    Staff,
}

/// The server's answer to a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Stored under this number.
    Ok(i64),
    /// Refused permanently, with this code.
    No(String),
}

/// An entry as somebody saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The entry's number.
    pub seq: i64,
    /// A digest of the whole entry.
    pub print: u64,
    /// The send that this entry stores, if it is the load's.
    pub said: Option<Uuid>,
}

impl Seen {
    /// Reads an entry from the wire; `None` if it has no number.
    pub fn read(entry: &Value) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        entry.to_string().hash(&mut hasher);
        let words = entry["body"]["text"].as_str().unwrap_or_default();
        let said = words.split_once(' ').and_then(|(id, _)| id.parse().ok());
        Some(Self { seq: entry["seq"].as_i64()?, print: hasher.finish(), said })
    }
}

/// An acknowledgement.
#[derive(Debug, Clone)]
pub struct Ack {
    /// The client that got it, for the reader of findings.
    pub name: String,
    /// The number of the conversation.
    pub conversation: usize,
    /// The numbering that the client sees.
    pub view: View,
    /// The acknowledged send.
    pub id: Uuid,
    /// The number that the send was given.
    pub seq: i64,
    /// When the send left for the first time.
    pub said_at: Instant,
}

/// One step of a client's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The client applied an entry.
    Entry(Seen),
    /// The client dropped what it had and took these entries, up to this number.
    Reset(i64, Vec<Seen>),
}

/// Everything one client did in one conversation.
#[derive(Debug, Clone)]
pub struct ClientLog {
    /// The client's name, for the reader of findings.
    pub name: String,
    /// The number of the conversation.
    pub conversation: usize,
    /// The numbering that the client sees.
    pub view: View,
    /// What it sent, in that order; repeats are not counted again.
    pub sent: Vec<Uuid>,
    /// The answers it got.
    pub answers: Vec<(Uuid, Answer)>,
    /// The steps of its state.
    pub steps: Vec<Step>,
    /// The head once everything was quiet: the client has to get that far.
    pub must_reach: i64,
    /// Entries that it got a second time and dropped by their number.
    pub redelivered: u64,
    /// Entries that it got too early and requested again by their number.
    pub skipped: u64,
    /// The number of connections that it made.
    pub connections: u64,
    /// Where later chapters begin in this log.
    pub pages: Vec<Page>,
}

/// Where a chapter begins in a log. A chapter of a history ends when an older copy of the record is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The number of the chapter; the first is 0.
    pub chapter: usize,
    /// The number of answers before it.
    pub answers: usize,
    /// The number of steps before it.
    pub steps: usize,
}

impl ClientLog {
    /// The log of a client that has not done anything yet.
    pub fn new(name: String, conversation: usize, view: View) -> Self {
        let (sent, answers, steps, pages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { name, conversation, view, sent, answers, steps, must_reach: 0, redelivered: 0, skipped: 0, connections: 0, pages }
    }

    /// Assigns what follows to this chapter.
    pub fn turn(&mut self, chapter: usize) {
        if self.pages.last().map_or(0, |page| page.chapter) < chapter {
            self.pages.push(Page { chapter, answers: self.answers.len(), steps: self.steps.len() });
        }
    }

    /// The answers and the steps of a chapter.
    pub fn chapter(&self, chapter: usize) -> (&[(Uuid, Answer)], &[Step]) {
        let (from, to) = (self.beginning(chapter), self.beginning(chapter + 1));
        (&self.answers[from.answers..to.answers], &self.steps[from.steps..to.steps])
    }

    fn beginning(&self, chapter: usize) -> Page {
        match self.pages.iter().find(|page| page.chapter >= chapter) {
            _ if chapter == 0 => Page { chapter, answers: 0, steps: 0 },
            Some(page) => *page,
            None => Page { chapter, answers: self.answers.len(), steps: self.steps.len() },
        }
    }

    /// Appends what the same client did later.
    pub fn append(&mut self, mut later: Self) {
        for page in &later.pages {
            if self.pages.last().map_or(0, |last| last.chapter) < page.chapter {
                self.pages.push(Page { chapter: page.chapter, answers: self.answers.len() + page.answers, steps: self.steps.len() + page.steps });
            }
        }
        self.sent.append(&mut later.sent);
        self.answers.append(&mut later.answers);
        self.steps.append(&mut later.steps);
    }
}

/// What the record holds of one conversation, as read by a client that took no part in it.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// As customers see it.
    pub customer: Vec<Seen>,
    /// As staff see it.
    pub staff: Vec<Seen>,
}

impl Journal {
    /// The entries in this numbering.
    pub fn of(&self, view: View) -> &[Seen] {
        match view {
            View::Customer => &self.customer,
            View::Staff => &self.staff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(answers: usize, chapter: usize) -> ClientLog {
        let mut log = ClientLog::new(String::new(), 0, View::Customer);
        log.turn(chapter);
        log.answers = (0..answers).map(|n| (Uuid::from_u128(n as u128), Answer::Ok(n as i64))).collect();
        log
    }
    fn answers(log: &ClientLog) -> [usize; 4] {
        [0, 1, 2, 3].map(|chapter| log.chapter(chapter).0.len())
    }

    #[test]
    fn a_log_is_divided_where_its_pages_were_turned() {
        let mut turned = log(3, 0);
        turned.turn(2);
        turned.turn(2);
        assert_eq!(answers(&turned), [3, 0, 0, 0]);
        turned.answers.extend(log(2, 0).answers);
        assert_eq!(answers(&turned), [3, 0, 2, 0]);
        assert_eq!(answers(&log(4, 1)), [0, 4, 0, 0], "it began in the second chapter");
        turned.append(log(5, 3));
        assert_eq!(answers(&turned), [3, 0, 2, 5]);
        turned.append(log(1, 3));
        assert_eq!(answers(&turned), [3, 0, 2, 6]);
    }
}
