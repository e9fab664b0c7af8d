//! Alerts: what a member of the staff has to know soon, until somebody says that it was seen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::{ConversationId, QueueId},
    stream::{StreamKind, StreamName},
    text_enum::text_enum,
    time::Ts,
};

/// The kind of an alert. Kinds are added: whoever reads one that is unknown goes by its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A message says that somebody may be in danger.
    Danger,
}

text_enum!(AlertKind { Danger = "danger" });

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
}
