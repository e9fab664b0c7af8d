//! The kinds of streams, and the public name of each.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use uuid::Uuid;

use crate::{
    id::BadId,
    text_enum::text_enum,
    time::{DAY, Ts},
};

/// The kinds of streams. Each stream has a UUID of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StreamKind {
    /// One conversation.
    Conversation,
    /// Everything that concerns one visitor outside a single conversation.
    Visitor,
    /// The conversations given to one agent.
    Inbox,
    /// The state changes of one agent.
    Agent,
    /// The conversations that enter and leave one queue.
    Queue,
    /// Changes to the settings, catalogue and canned replies of one company.
    Tenant,
    /// Revocations in one company.
    Access,
    /// The changes that members of staff of one company made by means of their permissions.
    Audit,
    /// What one agent did on one day.
    Work,
}

text_enum!(StreamKind {
    Conversation = "conversation", Visitor = "visitor", Inbox = "inbox", Agent = "agent", Queue = "queue", Tenant = "tenant", Access = "access",
    Audit = "audit", Work = "work",
});

impl StreamKind {
    /// The prefix of the public names of such streams.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Conversation => "cnv",
            Self::Visitor => "vst",
            Self::Inbox => "ibx",
            Self::Agent => "agt",
            Self::Queue => "que",
            Self::Tenant => "tnt",
            Self::Access => "acc",
            Self::Audit => "aud",
            Self::Work => "wrk",
        }
    }
    /// The kind whose names start with `prefix`; `None` if there is no such kind.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::EACH.iter().copied().find(|kind| kind.prefix() == prefix)
    }
}

/// The public name of a stream: the prefix of its kind, and its UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamName {
    /// The kind of stream.
    pub kind: StreamKind,
    /// The UUID of the stream.
    pub id: Uuid,
}

impl StreamName {
    /// The stream that holds a company's audit log. Its id is derived from that of the company's access stream, which nobody outside the record knows, so no
    /// customer can begin a conversation under it.
    pub fn audit(access: Uuid) -> Self {
        Self { kind: StreamKind::Audit, id: Uuid::new_v5(&access, b"audit") }
    }
    /// The stream of an agent's work on the day of this time, in UTC: a stream for each day, so that nobody has to read those before it. Its id is derived from
    /// that of the agent's inbox, which no customer knows.
    pub fn work(inbox: Uuid, at: Ts) -> Self {
        Self { kind: StreamKind::Work, id: Uuid::new_v5(&inbox, &at.0.div_euclid(DAY).to_be_bytes()) }
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.kind.prefix(), self.id.as_simple())
    }
}
impl FromStr for StreamName {
    type Err = BadId;
    fn from_str(raw: &str) -> Result<Self, BadId> {
        let bad = BadId { prefix: "stream" };
        let (prefix, hex) = raw.split_once('_').ok_or(bad.clone())?;
        let kind = StreamKind::from_prefix(prefix).ok_or(bad.clone())?;
        if hex.len() != 32 {
            return Err(bad);
        }
        Uuid::try_parse(hex).map(|id| Self { kind, id }).map_err(|_| bad)
    }
}
impl Serialize for StreamName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for StreamName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Cow::<'de, str>::deserialize(deserializer)?;
        raw.parse().map_err(de::Error::custom)
    }
}
impl utoipa::PartialSchema for StreamName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z]{3}_[0-9a-f]{32}$")).into()
    }
}
impl utoipa::ToSchema for StreamName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("StreamName")
    }
}
