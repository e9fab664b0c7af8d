//! A stream with followers: its followers, and its last entries, encoded.

use std::{collections::VecDeque, sync::Arc};

use domain::{
    entry::EntryKind,
    erasure::changes_earlier_words,
    journal::{Mark, StoredEntry, View},
    policy::HiddenContacts,
    stream::StreamName,
};
use wire::encode::{self, Reader};

use crate::mailbox::{Mailbox, Principal};

/// How many entries are kept per followed stream.
const RING: usize = 64;

#[derive(Default)]
pub(super) struct Topic {
    pub(super) followers: Vec<Arc<Mailbox>>,
    pub(super) ring: VecDeque<Ringed>,
    /// The last number that the followers were notified of.
    pub(super) told: i64,
    /// The last marks that the followers were notified of.
    pub(super) marks: Option<(Mark, Mark)>,
}

impl Topic {
    pub(super) fn push(&mut self, entry: Ringed) {
        if self.ring.len() == RING {
            self.ring.pop_front();
        }
        self.ring.push_back(entry);
    }

    /// Raises the marks; `None` if nobody has to be notified. Marks written by two nodes may arrive in any order: a mark never falls.
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
    /// Its number in the stream.
    pub seq: i64,
    /// Its number among the public entries; `None` if it is not public.
    pub pseq: Option<i64>,
    /// The JSON for the staff from whom no contact is hidden.
    pub staff: Arc<str>,
    /// The JSON for customers; `None` if it is not for them.
    pub public: Option<Arc<str>>,
}

impl Ringed {
    /// Whether entries before it may have to be forgotten. Other nodes send what they encoded, which begins with number and kind.
    pub(super) fn changes_earlier_words(&self) -> bool {
        let kind = self.staff.split_once(r#","kind":""#).filter(|(number, _)| !number.contains(',')).and_then(|(_, rest)| rest.split('"').next());
        kind.and_then(EntryKind::parse).is_some_and(changes_earlier_words)
    }

    /// Encodes an entry.
    pub fn of(entry: &StoredEntry) -> Self {
        Self {
            seq: entry.seq,
            pseq: entry.pseq,
            staff: encode::entry(entry, Reader::Staff(HiddenContacts::NONE)).unwrap_or_default().into(),
            public: encode::entry(entry, Reader::Customer).map(Into::into),
        }
    }
}

/// Which followers get a lossy frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// All followers.
    All,
    /// Followers who are staff.
    Staff,
    /// Followers who are the customer.
    Customer,
}

impl To {
    pub(super) const fn includes(self, principal: &Principal) -> bool {
        matches!((self, principal), (Self::All, _) | (Self::Staff, Principal::Staff(..)) | (Self::Customer, Principal::Visitor { .. }))
    }
}
