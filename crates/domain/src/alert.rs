//! Alerts: what a member of the staff has to know soon, until somebody says that it was seen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    id::{ConversationId, QueueId},
    stream::{StreamKind, StreamName},
    text_enum::text_enum,
    time::{HOUR, Ts},
};

/// The kind of an alert. Kinds are added: whoever reads one that is unknown goes by its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A message says that somebody may be in danger.
    Danger,
    /// Somebody tries to sign in under many names.
    ManyNames,
    /// Somebody asks for many things that do not exist, or with many secrets that are none.
    ManyGuesses,
    /// Somebody asks on and on for what is refused because it was asked for too often.
    Flood,
    /// A customer whom an agent serves has waited too long for a reply.
    SlowReply,
    /// A customer has waited too long in a queue.
    LongWait,
}

text_enum!(AlertKind {
    Danger = "danger", ManyNames = "many_names", ManyGuesses = "many_guesses", Flood = "flood", SlowReply = "slow_reply", LongWait = "long_wait",
});

impl AlertKind {
    /// Whether it is about somebody who waits, and ends by itself once they do not.
    pub const fn is_of_waiting(self) -> bool {
        matches!(self, Self::SlowReply | Self::LongWait)
    }
}

/// A sign that a company is attacked, from one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// What is done: one of the kinds that are signs of attack.
    pub kind: AlertKind,
    /// The address, or the network of an IPv6 address.
    pub network: String,
    /// How often it was done, until this was noticed.
    pub times: i64,
}

/// How urgent an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// It is good to know.
    Notice,
    /// Somebody should look after it soon.
    Warning,
    /// Somebody has to look after it at once.
    Urgent,
}

text_enum!(AlertLevel { Notice = "notice", Warning = "warning", Urgent = "urgent" });

impl AlertLevel {
    /// How loud it is: the higher, the more urgent.
    pub const fn loudness(self) -> i64 {
        self as i64
    }
}

/// An alert as it is raised. At most one of a kind waits about a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// The kind of alert.
    pub kind: AlertKind,
    /// What it is about: a conversation, or anything else that has a stream.
    pub subject: StreamName,
    /// The number of the entry in that stream that raises it. An entry raises only one alert of a kind; that one may wait again after
    /// it was acknowledged.
    pub seq: i64,
    /// How urgent it is.
    pub level: AlertLevel,
    /// The queue whose members see it besides the managers; `None` if only these do.
    pub queue: Option<QueueId>,
    /// When somebody has to have seen to it; `None` if as soon as possible.
    pub due_at: Option<Ts>,
}

impl Alert {
    /// The message `of` says that somebody may be in danger.
    pub const fn danger(conversation: ConversationId, of: i64, queue: QueueId) -> Self {
        let subject = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
        Self { kind: AlertKind::Danger, subject, seq: of, level: AlertLevel::Urgent, queue: Some(queue), due_at: None }
    }

    /// Somebody in a conversation has waited too long since the entry `of`.
    pub const fn waiting(kind: AlertKind, conversation: ConversationId, of: i64, level: AlertLevel, queue: Option<QueueId>) -> Self {
        let subject = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
        Self { kind, subject, seq: of, level, queue, due_at: None }
    }

    /// A sign of attack in the company with this access stream. Its subject is named by the kind and the network, and its number is the hour: each is raised at
    /// most once in an hour, and not while one waits.
    pub fn sign(access: Uuid, sign: &Sign, now: Ts) -> Self {
        let id = Uuid::new_v5(&access, format!("{} {}", sign.kind.as_str(), sign.network).as_bytes());
        let subject = StreamName { kind: StreamKind::Access, id };
        Self { kind: sign.kind, subject, seq: now.0.div_euclid(HOUR), level: AlertLevel::Warning, queue: None, due_at: None }
    }
}
