//! A stream that somebody follows: its followers, and its last entries, encoded.

use std::{collections::VecDeque, sync::Arc};

use domain::{
    journal::{Mark, StoredEntry, View},
    stream::StreamName,
};

use crate::realtime::{
    encode,
    mailbox::{Mailbox, Principal},
};

/// Entries kept per stream that somebody follows.
const RING: usize = 64;

#[derive(Default)]
pub(super) struct Topic {
    pub(super) followers: Vec<Arc<Mailbox>>,
    pub(super) ring: VecDeque<Ringed>,
    /// The last number the followers were told of.
    pub(super) told: i64,
    /// The last marks they were told of.
    pub(super) marks: Option<(Mark, Mark)>,
}

impl Topic {
    pub(super) fn push(&mut self, entry: Ringed) {
        if self.ring.len() == RING {
            self.ring.pop_front();
        }
        self.ring.push_back(entry);
    }

    /// Raises the marks; `None` if nobody has to be told. What two nodes wrote may be heard of in any order: a mark never falls.
    pub(super) fn mark(&mut self, customer: Mark, staff: Mark) -> Option<(Mark, Mark)> {
        let higher = |a: Mark, b: Mark| Mark { received: a.received.max(b.received), read: a.read.max(b.read) };
        let known = self.marks;
        let now = known.map_or((customer, staff), |(c, s)| (higher(c, customer), higher(s, staff)));
        self.marks = Some(now);
        (known != Some(now)).then_some(now)
    }

    pub(super) fn raise(&mut self, stream: StreamName, seq: i64, pseq: Option<i64>) {
        self.told = self.told.max(seq);
        for follower in &self.followers {
            match (follower.principal().view(), pseq) {
                (View::Staff, _) => follower.raise(stream, seq),
                (View::Customer, Some(pseq)) => follower.raise(stream, pseq),
                (View::Customer, None) => {}
            }
        }
    }
}

/// An entry in a ring, encoded once per audience.
pub struct Ringed {
    /// Its number.
    pub seq: i64,
    /// Its number among public entries, if it is one.
    pub pseq: Option<i64>,
    /// As the staff see it.
    pub staff: Arc<str>,
    /// As customers see it.
    pub public: Option<Arc<str>>,
}

impl Ringed {
    /// Encodes an entry.
    pub fn of(entry: &StoredEntry) -> Self {
        Self {
            seq: entry.seq,
            pseq: entry.pseq,
            staff: encode::entry(entry, View::Staff).unwrap_or_default().into(),
            public: encode::entry(entry, View::Customer).map(Into::into),
        }
    }
}

/// Who gets a lossy frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// Everybody who follows.
    All,
    /// The staff.
    Staff,
    /// The customer.
    Customer,
}

impl To {
    pub(super) const fn includes(self, principal: &Principal) -> bool {
        matches!((self, principal), (Self::All, _) | (Self::Staff, Principal::Staff(..)) | (Self::Customer, Principal::Visitor { .. }))
    }
}
