//! Collects what a connection has to be notified of until it looks. Nothing durable is kept here: of a stream only its head, of a lossy frame only the last
//! value.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use domain::{
    api_token::Credential,
    id::{AgentId, ConversationId, SiteId, TenantId, VisitorId},
    journal::View,
    policy::Staff,
    refusal::Code,
    stream::StreamName,
    time::Ts,
};
use tokio::{sync::Notify, time::Instant};
use uuid::Uuid;

use db::writer::Outcome;
use wire::encode::Reader;

/// Who is connected.
#[derive(Debug, Clone)]
pub enum Principal {
    /// A visitor of a site.
    Visitor {
        /// The company whose site it is.
        tenant: TenantId,
        /// The visitor.
        visitor: VisitorId,
        /// The site the visitor is on.
        site: SiteId,
        /// When the visitor's token expires.
        until: Ts,
        /// Until when the company takes nothing from the visitor; `None` if it has not blocked them.
        blocked_until: Option<Ts>,
    },
    /// A member of the staff with the session they are signed in with, or a program with its token.
    Staff(Staff, Credential),
}

impl Principal {
    /// The company that the connection belongs to.
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor { tenant, .. } => *tenant,
            Self::Staff(staff, _) => staff.tenant,
        }
    }
    /// The numbering of entries that the connection sees.
    pub const fn view(&self) -> View {
        match self {
            Self::Visitor { .. } => View::Customer,
            Self::Staff(..) => View::Staff,
        }
    }
    /// Whether nothing may be sent over the connection: somebody looks at the console as another role would.
    pub const fn only_reads(&self) -> bool {
        matches!(self, Self::Staff(_, Credential::View(_)))
    }
    /// Who the connection's entries are encoded for.
    pub const fn reader(&self) -> Reader {
        match self {
            Self::Visitor { .. } => Reader::Customer,
            Self::Staff(staff, _) => Reader::Staff(staff.grants.hidden_contacts()),
        }
    }
}

/// Everything that was put in since the last look.
#[derive(Debug, Default)]
pub struct Mail {
    /// Streams with a higher head.
    pub raised: Vec<(StreamName, i64)>,
    /// Streams that ended for this reader.
    pub gone: Vec<StreamName>,
    /// Answers to sends, in the order of their commits.
    pub answers: Vec<Answer>,
    /// Lossy frames: each a key and the last value.
    pub lossy: Vec<(LossyKey, Arc<str>)>,
    /// Rows of lists that changed.
    pub rows: Vec<ConversationId>,
    /// Colleagues whose state changed.
    pub colleagues: Vec<AgentId>,
    /// Why the connection must end.
    pub closed: Option<Code>,
}

/// Identifies a lossy frame: a new one replaces the one with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossyKey {
    /// Marks of a conversation.
    Marks(Uuid),
    /// Typing in a conversation.
    Typing(Uuid),
    /// A customer's place in the queue.
    Place(Uuid),
    /// The live panel.
    Panel,
}

/// The outcome of a send.
#[derive(Debug)]
pub struct Answer {
    /// The stream of what it was sent to.
    pub stream: StreamName,
    /// The client's id of the send.
    pub client_id: Uuid,
    /// The result; `None` means that the client should try again later.
    pub outcome: Option<Outcome>,
    /// When the send was received.
    pub received: Instant,
}

/// The shared end of a connection: the hub and the writer put things in, the connection's task takes them out.
#[derive(Debug)]
pub struct Mailbox {
    principal: Principal,
    mail: Mutex<Mail>,
    wake: Notify,
    wants_mine: AtomicBool,
    wants_queue: AtomicBool,
    wants_panel: AtomicBool,
    heard_at: AtomicI64,
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new(principal: Principal) -> Arc<Self> {
        Arc::new(Self {
            principal,
            mail: Mutex::default(),
            wake: Notify::new(),
            wants_mine: AtomicBool::new(false),
            wants_queue: AtomicBool::new(false),
            wants_panel: AtomicBool::new(false),
            heard_at: AtomicI64::new(0),
        })
    }
    /// Who is connected.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }
    /// Notes that the client sent something.
    pub fn note_activity(&self, now: Ts) {
        self.heard_at.store(now.0, Ordering::Relaxed);
    }
    /// When the client last sent something.
    pub fn heard_at(&self) -> Ts {
        Ts(self.heard_at.load(Ordering::Relaxed))
    }
    /// Sets which lists are wanted, and whether the panel is.
    pub fn want(&self, mine: bool, queue: bool, panel: bool) {
        self.wants_mine.store(mine, Ordering::Relaxed);
        self.wants_queue.store(queue, Ordering::Relaxed);
        self.wants_panel.store(panel, Ordering::Relaxed);
    }
    /// Whether the connection wants rows of the conversations that its agent serves.
    pub fn wants_mine(&self) -> bool {
        self.wants_mine.load(Ordering::Relaxed)
    }
    /// Whether the connection wants rows of the conversations that wait.
    pub fn wants_queue(&self) -> bool {
        self.wants_queue.load(Ordering::Relaxed)
    }
    /// Whether the connection wants the panel.
    pub fn wants_panel(&self) -> bool {
        self.wants_panel.load(Ordering::Relaxed)
    }
    /// Changes the contents and wakes the connection.
    pub fn put(&self, put: impl FnOnce(&mut Mail)) {
        put(&mut self.mail.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }
    /// Notes that a stream's head is at least this.
    pub fn raise(&self, stream: StreamName, head: i64) {
        self.put(|mail| match mail.raised.iter_mut().find(|(s, _)| *s == stream) {
            Some((_, known)) => *known = (*known).max(head),
            None => mail.raised.push((stream, head)),
        });
    }
    /// Puts a lossy frame in, replacing the one with the same key.
    pub fn lossy(&self, key: LossyKey, frame: Arc<str>) {
        self.put(|mail| match mail.lossy.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = frame,
            None => mail.lossy.push((key, frame)),
        });
    }
    /// Asks for a row to be sent again.
    pub fn row(&self, conversation: ConversationId) {
        self.put(|mail| {
            if !mail.rows.contains(&conversation) {
                mail.rows.push(conversation);
            }
        });
    }
    /// Takes everything out.
    pub fn take(&self) -> Mail {
        std::mem::take(&mut *self.mail.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// Waits until something is put in.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }
}
