//! Entries as they are appended and stored, and the numbers they get.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    entry::{Audience, Body, EntryKind, Fact},
    id::{AgentId, TenantId},
    stream::StreamName,
    text_enum::text_enum,
    time::Ts,
};

/// Which numbering a reader is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Public entries under `pseq`.
    Customer,
    /// All entries under `seq`.
    Staff,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ActorKind {
    /// The visitor.
    Customer,
    /// The bot.
    Bot,
    /// A member of the staff.
    Agent,
    /// The program itself.
    System,
}

text_enum!(ActorKind { Customer = "customer", Bot = "bot", Agent = "agent", System = "system" });

/// Who did it, and under which name customers know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Which sort.
    pub kind: ActorKind,
    /// The visitor's or agent's id.
    pub id: Option<Uuid>,
    /// The name shown with the entry; never a customer's.
    pub name: Option<String>,
}

impl Actor {
    /// The bot, under its name.
    pub fn bot(name: &str) -> Self {
        Self { kind: ActorKind::Bot, id: None, name: Some(name.to_owned()) }
    }
    /// The program.
    pub const fn system() -> Self {
        Self { kind: ActorKind::System, id: None, name: None }
    }
    /// A visitor.
    pub const fn customer(id: Uuid) -> Self {
        Self { kind: ActorKind::Customer, id: Some(id), name: None }
    }
    /// A member of the staff.
    pub fn agent(id: AgentId, name: &str) -> Self {
        Self { kind: ActorKind::Agent, id: Some(id.uuid()), name: Some(name.to_owned()) }
    }
}

/// Whose messages an entry counts among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The customer's.
    Customer,
    /// The staff's and the bot's.
    Staff,
}

/// The words of an entry. Numbers and facts stay for ever; words can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// A JSON object, as text.
    Plain(String),
    /// Encrypted under a key that can be destroyed.
    Sealed {
        /// Names the key.
        key: Uuid,
        /// The ciphertext, base64.
        data: String,
    },
    /// Taken back; says why (`recalled`, `erased`).
    Gone(String),
}

/// An entry to be appended: what happened, in the types of its kind.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Which stream.
    pub stream: StreamName,
    /// Whose.
    pub tenant: TenantId,
    /// Who did it.
    pub actor: Actor,
    /// The sender's own id of it, for ever unique in the stream.
    pub client_id: Option<Uuid>,
    /// A digest of what was sent, so that the same id with other words is noticed.
    pub send_hash: i64,
    /// Whose messages it counts among; `None` if it is not a message.
    pub side: Option<Side>,
    /// What it says.
    pub body: Body,
    /// What analysis may know of it; of the same kind.
    pub fact: Fact,
}

impl NewEntry {
    /// An entry that nobody sent under an id of theirs, and that is not counted as a message.
    pub fn new(stream: StreamName, tenant: TenantId, actor: Actor, body: Body, fact: Fact) -> Self {
        debug_assert_eq!(body.kind(), fact.kind(), "what an entry says and what is known of it are of one kind");
        debug_assert!(body.kind().streams().contains(&stream.kind), "{} in {}", body.kind().as_str(), stream.kind.as_str());
        Self { stream, tenant, actor, client_id: None, send_hash: 0, side: None, body, fact }
    }
    /// What happened.
    pub const fn kind(&self) -> EntryKind {
        self.body.kind()
    }
}

/// An entry as it is stored, words and facts as JSON text; it is not numbered yet.
#[derive(Debug, Clone)]
pub struct Written {
    /// Which stream.
    pub stream: StreamName,
    /// Whose.
    pub tenant: TenantId,
    /// What happened.
    pub kind: EntryKind,
    /// Version of the form of its words and facts.
    pub v: i64,
    /// Who did it.
    pub actor: Actor,
    /// The sender's own id of it, for ever unique in the stream.
    pub client_id: Option<Uuid>,
    /// A digest of what was sent, so that the same id with other words is noticed.
    pub send_hash: i64,
    /// Whose messages it counts among; `None` if it is not a message.
    pub side: Option<Side>,
    /// The words: a JSON object.
    pub body: Words,
    /// More fields of the body that only staff may read: a JSON object.
    pub staff: Option<String>,
    /// What analysis may read: a small JSON object without words or personal data.
    pub facts: String,
}

impl From<NewEntry> for Written {
    fn from(entry: NewEntry) -> Self {
        let NewEntry { stream, tenant, actor, client_id, send_hash, side, body, fact } = entry;
        let (words, staff) = body.written();
        let (kind, facts) = (body.kind(), fact.written());
        Self { stream, tenant, kind, v: kind.version(), actor, client_id, send_hash, side, body: Words::Plain(words), staff, facts }
    }
}

/// An entry with its numbers, as stored.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// What was stored.
    pub entry: Written,
    /// The kind as text; also for kinds this version does not know.
    pub kind: String,
    /// Number among all entries.
    pub seq: i64,
    /// Number among public entries, if it is one.
    pub pseq: Option<i64>,
    /// Number among its side's messages, if it is one.
    pub ord: Option<i64>,
    /// When.
    pub at: Ts,
}

impl StoredEntry {
    /// What it says, in the types of its kind; `None` if the words cannot be shown, or are of a form this release does not know.
    pub fn body(&self) -> Option<Body> {
        let Words::Plain(words) = &self.entry.body else { return None };
        Body::read(EntryKind::parse(&self.kind)?, words, self.entry.staff.as_deref()).ok()
    }
    /// What analysis may know of it; `None` if it is of a form this release does not know.
    pub fn fact(&self) -> Option<Fact> {
        Fact::read(EntryKind::parse(&self.kind)?, &self.entry.facts).ok()
    }
}

/// What a stream's head row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Number of the last entry.
    pub seq: i64,
    /// Number of the last public entry.
    pub pseq: i64,
    /// Raised by each change that is more than counting; the hot lane's guard.
    pub version: i64,
    /// Time of the last entry.
    pub last_at: Ts,
    /// Messages of the customer.
    pub from_customer: i64,
    /// Messages of staff and bot.
    pub from_staff: i64,
    /// Since when the customer waits for an answer, if so.
    pub waiting_since: Option<Ts>,
}

impl Head {
    /// Counts one entry in and returns its numbers: `(seq, pseq, ord, at)`. Time never runs backwards within a stream.
    pub fn count(&mut self, kind: EntryKind, side: Option<Side>, now: Ts) -> (i64, Option<i64>, Option<i64>, Ts) {
        let at = self.last_at.max(now);
        self.last_at = at;
        self.seq += 1;
        let pseq = match kind.audience() {
            Audience::Public => {
                self.pseq += 1;
                Some(self.pseq)
            }
            Audience::Staff => None,
        };
        let ord = match side {
            Some(Side::Customer) => {
                self.from_customer += 1;
                self.waiting_since = self.waiting_since.or(Some(at));
                Some(self.from_customer)
            }
            Some(Side::Staff) => {
                self.from_staff += 1;
                self.waiting_since = None;
                Some(self.from_staff)
            }
            None => None,
        };
        (self.seq, pseq, ord, at)
    }
    /// Counts an entry in and gives it its numbers.
    pub fn number(&mut self, entry: impl Into<Written>, now: Ts) -> StoredEntry {
        let entry = entry.into();
        let (seq, pseq, ord, at) = self.count(entry.kind, entry.side, now);
        StoredEntry { kind: entry.kind.as_str().to_owned(), entry, seq, pseq, ord, at }
    }
    /// The last number a reader of this view can see.
    pub const fn of(&self, view: View) -> i64 {
        match view {
            View::Customer => self.pseq,
            View::Staff => self.seq,
        }
    }
}

/// The numbers an acknowledged entry got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Number among all entries.
    pub seq: i64,
    /// Number among public entries, if it is one.
    pub pseq: Option<i64>,
    /// When.
    pub at: Ts,
}

/// How far one side of a conversation has got: ordinals of the other side's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Received.
    pub received: i64,
    /// Read.
    pub read: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_leaves_no_gap_in_the_customers_numbers() {
        let mut head = Head::default();
        assert_eq!(head.count(EntryKind::Message, Some(Side::Customer), Ts(10)), (1, Some(1), Some(1), Ts(10)));
        assert_eq!(head.count(EntryKind::Note, None, Ts(11)), (2, None, None, Ts(11)));
        assert_eq!(head.count(EntryKind::Message, Some(Side::Customer), Ts(12)), (3, Some(2), Some(2), Ts(12)));
        assert_eq!(head.waiting_since, Some(Ts(10)));
    }

    #[test]
    fn time_never_runs_backwards_in_a_stream() {
        let mut head = Head { last_at: Ts(100), ..Head::default() };
        assert_eq!(head.count(EntryKind::Queued, None, Ts(90)).3, Ts(100));
    }
}
