//! What a connection has been told since it last looked. Nothing durable is kept here: of a stream only its head, of what is lossy only the last.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use domain::{
    id::{AgentId, ConversationId, SessionId, SiteId, TenantId, VisitorId},
    journal::View,
    policy::Staff,
    refusal::Code,
    stream::StreamName,
    time::Ts,
};
use tokio::sync::Notify;
use uuid::Uuid;

use db::writer::Outcome;

/// Who is at the other end.
#[derive(Debug, Clone)]
pub enum Principal {
    /// A visitor of a site.
    Visitor {
        /// Of which company's.
        tenant: TenantId,
        /// Who.
        visitor: VisitorId,
        /// On which site.
        site: SiteId,
        /// Until when its token is good.
        until: Ts,
    },
    /// A member of the staff, in a session.
    Staff(Staff, SessionId),
}

impl Principal {
    /// Of which company.
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Visitor { tenant, .. } => *tenant,
            Self::Staff(staff, _) => staff.tenant,
        }
    }
    /// Which numbering it sees.
    pub const fn view(&self) -> View {
        match self {
            Self::Visitor { .. } => View::Customer,
            Self::Staff(..) => View::Staff,
        }
    }
}

/// Everything that was told since the last look.
#[derive(Debug, Default)]
pub struct Mail {
    /// Streams with a higher head.
    pub raised: Vec<(StreamName, i64)>,
    /// Streams that ended for this reader.
    pub gone: Vec<StreamName>,
    /// Answers to sends, in the order of their commits.
    pub answers: Vec<Answer>,
    /// Lossy frames: a key and the last value.
    pub lossy: Vec<(LossyKey, Arc<str>)>,
    /// Rows of lists that changed.
    pub rows: Vec<ConversationId>,
    /// Colleagues whose state changed.
    pub colleagues: Vec<AgentId>,
    /// Why the connection must end.
    pub closed: Option<Code>,
}

/// What a lossy frame replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossyKey {
    /// Marks of a conversation.
    Marks(Uuid),
    /// Somebody writing in a conversation.
    Typing(Uuid),
    /// The place in the queue.
    Place(Uuid),
    /// The live panel.
    Panel,
}

/// The outcome of a send.
#[derive(Debug)]
pub struct Answer {
    /// Where.
    pub conversation: Uuid,
    /// Which.
    pub client_id: Uuid,
    /// What became of it; `None`: come back later.
    pub outcome: Option<Outcome>,
}

/// The shared end of a connection: the hub and the writer put in, the connection's task takes out.
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
    /// An empty one.
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
    /// Who is at the other end.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }
    /// Something came from the other end.
    pub fn heard(&self, now: Ts) {
        self.heard_at.store(now.0, Ordering::Relaxed);
    }
    /// When something came from the other end last.
    pub fn heard_at(&self) -> Ts {
        Ts(self.heard_at.load(Ordering::Relaxed))
    }
    /// Which lists and whether the panel is wanted.
    pub fn want(&self, mine: bool, queue: bool, panel: bool) {
        self.wants_mine.store(mine, Ordering::Relaxed);
        self.wants_queue.store(queue, Ordering::Relaxed);
        self.wants_panel.store(panel, Ordering::Relaxed);
    }
    /// Whether it wants rows of what it serves.
    pub fn wants_mine(&self) -> bool {
        self.wants_mine.load(Ordering::Relaxed)
    }
    /// Whether it wants rows of what waits.
    pub fn wants_queue(&self) -> bool {
        self.wants_queue.load(Ordering::Relaxed)
    }
    /// Whether it wants the panel.
    pub fn wants_panel(&self) -> bool {
        self.wants_panel.load(Ordering::Relaxed)
    }
    /// Puts something in and wakes the connection.
    pub fn put(&self, put: impl FnOnce(&mut Mail)) {
        put(&mut self.mail.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }
    /// Tells that a stream's head is at least this.
    pub fn raise(&self, stream: StreamName, head: i64) {
        self.put(|mail| match mail.raised.iter_mut().find(|(s, _)| *s == stream) {
            Some((_, known)) => *known = (*known).max(head),
            None => mail.raised.push((stream, head)),
        });
    }
    /// Replaces a lossy frame.
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
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}
