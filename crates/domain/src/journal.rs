//! What a fact is: entries, their streams, audiences and kinds, and what a commit made known.

use std::sync::Arc;

use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    conversation::{Conversation, Place},
    id::{AgentId, SessionId, StreamName, TenantId, VisitorId},
    staff::text_enum,
    time::Ts,
};

/// The sorts of streams. Each stream has a UUID of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StreamKind {
    /// One conversation.
    Conversation,
    /// What concerns one visitor beyond a conversation.
    Visitor,
    /// What was given to one agent.
    Inbox,
    /// The states of one agent.
    Agent,
    /// Who entered and left one queue.
    Queue,
    /// Settings, catalogue, canned replies of one company.
    Tenant,
    /// Revocations in one company.
    Access,
}

text_enum!(StreamKind {
    Conversation = "conversation", Visitor = "visitor", Inbox = "inbox", Agent = "agent", Queue = "queue", Tenant = "tenant", Access = "access",
});

impl StreamKind {
    /// The prefix of such a stream's public name.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Conversation => "cnv",
            Self::Visitor => "vst",
            Self::Inbox => "ibx",
            Self::Agent => "agt",
            Self::Queue => "que",
            Self::Tenant => "tnt",
            Self::Access => "acc",
        }
    }
    /// The kind whose names start with `prefix`.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::EACH.iter().copied().find(|kind| kind.prefix() == prefix)
    }
}

/// Who may read an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Audience {
    /// The customer and the staff.
    Public,
    /// The staff only.
    Staff,
}

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

/// Every kind of entry that was ever released. Kinds are only ever added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A conversation began.
    Opened,
    /// Somebody said something.
    Message,
    /// The customer asked for a person.
    HumanRequested,
    /// The conversation waits in a queue.
    Queued,
    /// An agent has it.
    Assigned,
    /// Why that agent.
    Routing,
    /// Handed over to a colleague or a queue.
    Transferred,
    /// Back in the queue because its agent was lost.
    Returned,
    /// The customer stopped waiting.
    LeftQueue,
    /// A private note.
    Note,
    /// The matter is settled.
    Resolved,
    /// A new episode began.
    Reopened,
    /// The customer rated.
    Rated,
    /// A bot answer came too late and was dropped.
    BotSuperseded,
    /// The conversation is over for good.
    Closed,
    /// The customer signed in: the conversation belongs to an account now.
    Identified,
    /// A visitor's current conversation.
    Current,
    /// A visitor's stream goes on elsewhere.
    Moved,
    /// An agent's inbox lost a conversation.
    Released,
    /// An agent changed state.
    StateChanged,
    /// A conversation entered a queue.
    Enter,
    /// A conversation left a queue.
    Leave,
    /// Canned replies changed.
    CannedRepliesChanged,
    /// Goods or plans changed.
    CatalogueChanged,
    /// A new version of the knowledge is in force.
    KnowledgePublished,
    /// Members of the staff or their groups changed.
    PeopleChanged,
    /// Queues, who serves them or their hours changed.
    QueuesChanged,
    /// The company's settings or its sites changed.
    SettingsChanged,
    /// A message was left, or somebody took care of one.
    LeftMessagesChanged,
    /// Somebody took care of a left message without answering it here.
    LeftMessageHandled,
    /// What editors of the knowledge look at changed: the draft, its test set, a check.
    KnowledgeChanged,
    /// What the bot could not answer changed: another question, or what became of some.
    UnansweredChanged,
    /// A session or role ended.
    AccessRevoked,
}

text_enum!(EntryKind {
    Opened = "opened", Message = "message", HumanRequested = "human_requested", Queued = "queued", Assigned = "assigned", Routing = "routing",
    Transferred = "transferred", Returned = "returned", LeftQueue = "left_queue", Note = "note", Resolved = "resolved", Reopened = "reopened",
    Rated = "rated", BotSuperseded = "bot_superseded", Closed = "closed", Identified = "identified", Current = "current", Moved = "moved", Released = "released",
    StateChanged = "state_changed", Enter = "enter", Leave = "leave", CannedRepliesChanged = "canned_replies_changed",
    CatalogueChanged = "catalogue_changed", KnowledgePublished = "knowledge_published", KnowledgeChanged = "knowledge_changed", UnansweredChanged = "unanswered_changed", PeopleChanged = "people_changed", QueuesChanged = "queues_changed",
    SettingsChanged = "settings_changed", LeftMessagesChanged = "left_messages_changed", LeftMessageHandled = "left_message_handled",
    AccessRevoked = "access_revoked",
});

impl EntryKind {
    /// Who may read entries of this kind.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Routing | Self::Note | Self::BotSuperseded | Self::Identified | Self::LeftMessageHandled => Audience::Staff,
            _ => Audience::Public,
        }
    }
}

/// The words of an entry. Numbers and facts stay for ever; words can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
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

/// An entry that is not numbered yet.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Which stream.
    pub stream: StreamName,
    /// Whose.
    pub tenant: TenantId,
    /// What happened.
    pub kind: EntryKind,
    /// Version of the body's form.
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
    pub body: Body,
    /// More fields of the body that only staff may read: a JSON object.
    pub staff: Option<String>,
    /// What analysis may read: a small JSON object without words or personal data.
    pub facts: String,
}

/// An entry with its numbers, as stored.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// What was stored.
    pub entry: NewEntry,
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
    pub fn count(&mut self, entry: &NewEntry, now: Ts) -> (i64, Option<i64>, Option<i64>, Ts) {
        let at = self.last_at.max(now);
        self.last_at = at;
        self.seq += 1;
        let pseq = match entry.kind.audience() {
            Audience::Public => {
                self.pseq += 1;
                Some(self.pseq)
            }
            Audience::Staff => None,
        };
        let ord = match entry.side {
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

/// What an `access_revoked` entry ends: connections that were opened with it are closed, on every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// A session of the staff.
    Session(SessionId),
    /// Every device and token of a visitor.
    Visitor(VisitorId),
    /// Some of a visitor's devices: its connections are to show again what they were opened with.
    SomeOf(VisitorId),
}

impl Revoked {
    /// The entry's body.
    pub fn to_json(self) -> String {
        match self {
            Self::Session(session) => format!(r#"{{"session":"{session}"}}"#),
            Self::Visitor(visitor) => format!(r#"{{"visitor":"{visitor}"}}"#),
            Self::SomeOf(visitor) => format!(r#"{{"some_of":"{visitor}"}}"#),
        }
    }
    /// Reads a body; `None` for what this version does not know.
    pub fn parse(json: &str) -> Option<Self> {
        let inner = json.trim().strip_prefix('{')?.strip_suffix('}')?;
        let (name, id) = inner.split_once(':')?;
        let id = id.trim().trim_matches('"');
        match name.trim().trim_matches('"') {
            "session" => Some(Self::Session(id.parse().ok()?)),
            "visitor" => Some(Self::Visitor(id.parse().ok()?)),
            "some_of" => Some(Self::SomeOf(id.parse().ok()?)),
            _ => None,
        }
    }
}

/// What a commit made known to the rest of the program; handed over only after it is durable.
#[derive(Debug, Clone)]
pub enum Effect {
    /// An entry was stored.
    Entry(Arc<StoredEntry>),
    /// A conversation's row was changed, or loaded for a decision that left it as it is.
    Conversation {
        /// Its new form.
        now: Arc<Conversation>,
        /// Where it stood before, if it existed.
        was: Option<Place>,
    },
    /// Marks of a conversation rose: of the customer, and of the staff together.
    Marks {
        /// Whose.
        tenant: TenantId,
        /// Which conversation.
        stream: StreamName,
        /// The customer's.
        customer: Mark,
        /// The staff's, the furthest of them.
        staff: Mark,
    },
    /// An agent's state, name or capacity changed.
    AgentChanged(TenantId, AgentId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: EntryKind, side: Option<Side>) -> NewEntry {
        NewEntry {
            stream: StreamName { kind: StreamKind::Conversation, id: Uuid::nil() },
            tenant: TenantId::new(Uuid::nil()),
            kind,
            v: 1,
            actor: Actor::system(),
            client_id: None,
            send_hash: 0,
            side,
            body: Body::Plain("{}".into()),
            staff: None,
            facts: "{}".into(),
        }
    }

    #[test]
    fn a_note_leaves_no_gap_in_the_customers_numbers() {
        let mut head = Head::default();
        let said = entry(EntryKind::Message, Some(Side::Customer));
        assert_eq!(head.count(&said, Ts(10)), (1, Some(1), Some(1), Ts(10)));
        assert_eq!(head.count(&entry(EntryKind::Note, None), Ts(11)), (2, None, None, Ts(11)));
        assert_eq!(head.count(&said, Ts(12)), (3, Some(2), Some(2), Ts(12)));
        assert_eq!(head.waiting_since, Some(Ts(10)));
    }

    #[test]
    fn what_was_revoked_is_read_as_it_was_written() {
        for revoked in [
            Revoked::Session(SessionId::new(Uuid::from_u128(7))),
            Revoked::Visitor(VisitorId::new(Uuid::from_u128(8))),
            Revoked::SomeOf(VisitorId::new(Uuid::from_u128(9))),
        ] {
            assert_eq!(Revoked::parse(&revoked.to_json()), Some(revoked));
        }
        assert_eq!(Revoked::parse(r#"{"role":"agent"}"#), None);
        assert_eq!(Revoked::parse(""), None);
    }

    #[test]
    fn time_never_runs_backwards_in_a_stream() {
        let mut head = Head { last_at: Ts(100), ..Head::default() };
        assert_eq!(head.count(&entry(EntryKind::Queued, None), Ts(90)).3, Ts(100));
    }
}
