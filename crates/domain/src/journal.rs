//! Journal entries as they are appended and stored, and the numbers they get.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    entry::{Audience, Body, EntryKind, Fact},
    id::{AgentId, TenantId},
    stream::StreamName,
    text_enum::text_enum,
    time::Ts,
};

/// The numbering that a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Public entries under `pseq`.
    Customer,
    /// All entries under `seq`.
    Staff,
}

/// The kind of actor who caused an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ActorKind {
    /// The visitor.
    Customer,
    /// The bot.
    Bot,
    /// A member of staff.
    Agent,
    /// The program itself.
    System,
}

text_enum!(ActorKind { Customer = "customer", Bot = "bot", Agent = "agent", System = "system" });

/// The actor who caused an entry, and the name by which customers know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The id of the visitor or agent; `None` for the bot and the program.
    pub id: Option<Uuid>,
    /// The name shown with the entry; never a customer's name.
    pub name: Option<String>,
}

impl Actor {
    /// The bot, with its name.
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
    /// A member of staff.
    pub fn agent(id: AgentId, name: &str) -> Self {
        Self { kind: ActorKind::Agent, id: Some(id.uuid()), name: Some(name.to_owned()) }
    }
}

/// The side of a conversation whose messages an entry counts among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The customer's.
    Customer,
    /// The staff's and the bot's.
    Staff,
}

/// The text of an entry. Numbers and facts are kept for ever; the text can be withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// A JSON object, as a string.
    Plain(String),
    /// Encrypted under a key that can be destroyed.
    Sealed {
        /// The id of the key.
        key: Uuid,
        /// The ciphertext, base64.
        data: String,
    },
    /// The text was withdrawn; gives the reason (`recalled`, `erased`).
    Gone(String),
}

/// An entry to be appended, in the types of its kind.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The stream to append it to.
    pub stream: StreamName,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The actor who caused the entry.
    pub actor: Actor,
    /// The sender's own id for the entry, permanently unique in the stream.
    pub client_id: Option<Uuid>,
    /// A digest of what was sent, so that a repeated id with different content is noticed.
    pub send_hash: i64,
    /// The side whose messages it counts among; `None` if it is not a message.
    pub side: Option<Side>,
    /// The body of the entry.
    pub body: Body,
    /// What analysis may know of the entry; of the same kind as the body.
    pub fact: Fact,
}

impl NewEntry {
    /// An entry that has no id of a sender's own, and that does not count as a message.
    pub fn new(stream: StreamName, tenant: TenantId, actor: Actor, body: Body, fact: Fact) -> Self {
        debug_assert_eq!(body.kind(), fact.kind(), "what an entry says and what is known of it are of one kind");
        debug_assert!(body.kind().streams().contains(&stream.kind), "{} in {}", body.kind().as_str(), stream.kind.as_str());
        Self { stream, tenant, actor, client_id: None, send_hash: 0, side: None, body, fact }
    }
    /// The kind of the entry.
    pub const fn kind(&self) -> EntryKind {
        self.body.kind()
    }
}

/// An entry as it is stored, with text and facts as JSON; it has no numbers yet.
#[derive(Debug, Clone)]
pub struct Written {
    /// The stream it is appended to.
    pub stream: StreamName,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The kind of the entry.
    pub kind: EntryKind,
    /// The version of the form of its text and facts.
    pub v: i64,
    /// The actor who caused the entry.
    pub actor: Actor,
    /// The sender's own id for the entry, permanently unique in the stream.
    pub client_id: Option<Uuid>,
    /// A digest of what was sent, so that a repeated id with different content is noticed.
    pub send_hash: i64,
    /// The side whose messages it counts among; `None` if it is not a message.
    pub side: Option<Side>,
    /// Whether it is a message in which the bot answers from its knowledge, a product or a plan; of one that was read back it is not known.
    pub is_answer: bool,
    /// The text: a JSON object.
    pub body: Words,
    /// The fields of the body that only staff may read: a JSON object. `None` if there are none.
    pub staff: Option<String>,
    /// What analysis may read: a small JSON object without message text or personal data.
    pub facts: String,
}

impl Written {
    /// Whether it changes what lists say of a conversation without changing the conversation itself: its first or last words, or its labels.
    pub fn changes_row(&self) -> bool {
        self.side.is_some() || matches!(self.kind, EntryKind::Labelled | EntryKind::Recalled | EntryKind::Corrected | EntryKind::Erased)
    }
}

impl From<NewEntry> for Written {
    fn from(entry: NewEntry) -> Self {
        let NewEntry { stream, tenant, actor, client_id, send_hash, side, body, fact } = entry;
        let (words, staff) = body.to_json_parts();
        let is_answer = actor.kind == ActorKind::Bot && matches!(&fact, Fact::Message(said) if matches!(said.entry, Some(Some(_))));
        let (kind, facts) = (body.kind(), fact.to_json());
        Self { stream, tenant, kind, v: kind.version(), actor, client_id, send_hash, side, is_answer, body: Words::Plain(words), staff, facts }
    }
}

/// An entry with its numbers, as stored.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// The entry that was stored.
    pub entry: Written,
    /// The kind as text; set also for kinds that this release does not know.
    pub kind: String,
    /// The number among all entries of the stream.
    pub seq: i64,
    /// The number among public entries; `None` if the entry is not public.
    pub pseq: Option<i64>,
    /// The number among its side's messages; `None` if it is not a message.
    pub ord: Option<i64>,
    /// When it was stored.
    pub at: Ts,
}

impl StoredEntry {
    /// The body, in the types of its kind; `None` if the text cannot be shown, or is of a form that this release does not know.
    pub fn body(&self) -> Option<Body> {
        let Words::Plain(words) = &self.entry.body else { return None };
        Body::read(EntryKind::parse(&self.kind)?, words, self.entry.staff.as_deref()).ok()
    }
    /// What analysis may know of it; `None` if it is of a form that this release does not know.
    pub fn fact(&self) -> Option<Fact> {
        Fact::read(EntryKind::parse(&self.kind)?, &self.entry.facts).ok()
    }
}

/// The contents of a stream's head row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The number of the last entry.
    pub seq: i64,
    /// The number of the last public entry.
    pub pseq: i64,
    /// Raised by each change other than counting; guards the hot lane.
    pub version: i64,
    /// The time of the last entry.
    pub last_at: Ts,
    /// The number of messages of the customer.
    pub from_customer: i64,
    /// The number of messages of the staff and the bot.
    pub from_staff: i64,
    /// Since when the customer has been waiting for an answer; `None` if nobody is waiting.
    pub waiting_since: Option<Ts>,
    /// The number of the last entry that put the conversation in a queue.
    pub wait_seq: Option<i64>,
    /// The number of the last message in which the bot answered from its knowledge, a product or a plan.
    pub answer_seq: Option<i64>,
}

/// Whether an entry of this kind puts a conversation in a queue, and says why.
const fn begins_a_wait(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::HumanRequested | EntryKind::Transferred | EntryKind::Returned | EntryKind::Reopened)
}

impl Head {
    /// Counts one entry and returns its numbers: `(seq, pseq, ord, at)`. Time never runs backwards within a stream.
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
        if begins_a_wait(kind) {
            self.wait_seq = Some(self.seq);
        }
        (self.seq, pseq, ord, at)
    }
    /// Counts an entry and gives it its numbers.
    pub fn number(&mut self, entry: impl Into<Written>, now: Ts) -> StoredEntry {
        let entry = entry.into();
        let (seq, pseq, ord, at) = self.count(entry.kind, entry.side, now);
        if entry.is_answer {
            self.answer_seq = Some(seq);
        }
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

/// The numbers of an acknowledged entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The number among all entries of the stream.
    pub seq: i64,
    /// The number among public entries; `None` if the entry is not public.
    pub pseq: Option<i64>,
    /// When it was stored.
    pub at: Ts,
}

/// How far one side of a conversation has received and read the other side's messages, as ordinals of those messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// The last message received.
    pub received: i64,
    /// The last message read.
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
