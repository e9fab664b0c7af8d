//! Typed ids: a UUIDv7, written as a prefix, an underscore and 32 lower-case hex digits (`cnv_0192f3c1…`).

use std::{borrow::Cow, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use uuid::Uuid;

/// What an id identifies; provides its prefix.
pub trait Kind {
    /// The letters before the underscore.
    const PREFIX: &'static str;
    /// The schema's name in the API document.
    const NAME: &'static str;
}

/// An id of a `T`.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a UUID.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
    /// The UUID itself, as stored.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T: Kind> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", T::PREFIX, self.0.as_simple())
    }
}
impl<T: Kind> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_<32 hex digits>")]
pub struct BadId {
    /// The expected prefix.
    pub prefix: &'static str,
}

impl<T: Kind> FromStr for Id<T> {
    type Err = BadId;
    fn from_str(raw: &str) -> Result<Self, BadId> {
        let bad = BadId { prefix: T::PREFIX };
        let hex = raw.strip_prefix(T::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or(bad.clone())?;
        if hex.len() != 32 || hex.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(bad);
        }
        Uuid::try_parse(hex).map(Self::new).map_err(|_| bad)
    }
}
impl<T: Kind> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T: Kind> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Cow::<'de, str>::deserialize(deserializer)?;
        raw.parse().map_err(de::Error::custom)
    }
}
impl<T: Kind> utoipa::PartialSchema for Id<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^{}_[0-9a-f]{{32}}$", T::PREFIX)))
            .examples([format!("{}_0192f3c1a2b37d4e8f00112233445566", T::PREFIX)])
            .into()
    }
}
impl<T: Kind> utoipa::ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $alias:ident, $marker:ident, $prefix:literal;)*) => {$(
        #[doc = concat!("Marks ids that start with `", $prefix, "_`.")]
        pub enum $marker {}
        impl Kind for $marker {
            const PREFIX: &'static str = $prefix;
            const NAME: &'static str = stringify!($alias);
        }
        $(#[$doc])*
        pub type $alias = Id<$marker>;
    )*};
}

// Alphabetical by prefix; a prefix is never reused for anything else.
kinds! {
    /// A member of staff, whatever their role.
    AgentId, AgentKind, "agt";
    /// An announcement to the staff.
    AnnouncementId, AnnouncementKind, "ann";
    /// A board of numbers.
    BoardId, BoardKind, "brd";
    /// A conversation.
    ConversationId, ConversationKind, "cnv";
    /// A canned reply.
    CannedReplyId, CannedReplyKind, "crp";
    /// A signed-in session of a customer.
    CustomerSessionId, CustomerSessionKind, "css";
    /// A customer with an account.
    CustomerId, CustomerKind, "cst";
    /// A department of the staff.
    DepartmentId, DepartmentKind, "dep";
    /// The delivery of an event to a webhook endpoint.
    DeliveryId, DeliveryKind, "dlv";
    /// The erasure of what somebody said, or of who they are.
    ErasureId, ErasureIdKind, "ers";
    /// An event as it is sent to other systems.
    EventId, EventIdKind, "evt";
    /// An uploaded file.
    FileId, FileKind, "fil";
    /// A group of members of staff.
    GroupId, GroupKind, "grp";
    /// The stream of the conversations given to an agent.
    InboxId, InboxKind, "ibx";
    /// A prepared import of goods.
    ImportId, ImportKind, "imp";
    /// Work that outlives the process.
    JobId, JobIdKind, "job";
    /// A label of conversations.
    LabelId, LabelKind, "lbl";
    /// A macro.
    MacroId, MacroKind, "mcr";
    /// A picture of goods.
    PictureId, PictureKind, "pic";
    /// A check of the knowledge against its test set.
    KnowledgeRunId, KnowledgeRunKind, "knr";
    /// A sentence of a test set.
    KnowledgeTestId, KnowledgeTestKind, "knt";
    /// A passkey of a member of staff.
    PasskeyId, PasskeyKind, "psk";
    /// A kind of question that customers choose.
    QuestionKindId, QuestionKindKind, "qkd";
    RatingReasonId, RatingReasonKind, "rsn";
    /// A queue of waiting conversations.
    QueueId, QueueKind, "que";
    /// A role that a company composed.
    RoleId, RoleKind, "rol";
    /// A signed-in session of the staff.
    SessionId, SessionKind, "ses";
    /// A site that embeds the widget.
    SiteId, SiteKind, "sit";
    /// Something that some agents can do.
    SkillId, SkillKind, "skl";
    /// A group of words that mean the same.
    SynonymsId, SynonymsKind, "syn";
    /// A company in this installation.
    TenantId, TenantKind, "tnt";
    /// A token with which a program uses the API.
    ApiTokenId, ApiTokenKind, "tok";
    /// A visitor of a site.
    VisitorId, VisitorKind, "vst";
    /// A link that opens the wall on a screen.
    WallLinkId, WallLinkKind, "wal";
    /// A webhook endpoint of a company.
    WebhookId, WebhookKind, "whk";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire() {
        let id = ConversationId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "cnv_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        for raw in
            ["", "cnv", "cnv_", "agt_00000000000000000000000000000007", "cnv_7", "cnv_0000000000000000000000000000000G", "cnv_0000000000000000000000000000000A"]
        {
            assert!(raw.parse::<ConversationId>().is_err(), "{raw}");
        }
    }
}
