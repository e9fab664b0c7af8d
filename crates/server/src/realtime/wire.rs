//! The frames of docs/PROTOCOL.md, as types. They stand in the API document, from which the pages' types are made.

mod conversation;

use std::{collections::BTreeMap, time::Duration};

use domain::{
    entry::body::Page,
    id::{AgentId, ConversationId, FileId},
    refusal::{Code, Refusal},
    staff::AgentState,
    stream::StreamName,
    text::Lang,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    codes::{GoneCode, NoCode},
    entries::Entry,
};

pub use conversation::{AccountRef, AgentRef, Author, ConversationState, ConversationView, CustomerRef, Preview, QueueRef, Settled, Wait, WaitReason};

/// The version of the protocol that this server speaks.
pub const VERSION: u32 = 1;
/// The largest message of a client, in bytes. The longest text, each of its bytes written as `\u0001`, and all that stands around it fit in.
pub const MAX_FRAME_BYTES: usize = 256 * 1024;
/// Most streams in one hello.
pub const MAX_STREAMS: usize = 500;
/// Streams in one hello of a visitor, who has a conversation at a time.
pub const MAX_STREAMS_OF_VISITOR: usize = 64;
/// Most entries in one answer to `get`.
pub const MAX_PAGE: i64 = 500;

/// What a client sends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Says who it is and what it wants to follow; may be repeated.
    Hello(Hello),
    /// Something to be stored.
    Send(Send),
    /// An older page of a stream.
    Get {
        /// Which stream.
        stream: StreamName,
        /// The first number wanted.
        from: i64,
        /// The last number wanted.
        to: i64,
    },
    /// How far the reader has got: ordinals of the other side's messages.
    Mark {
        /// Which conversation.
        stream: StreamName,
        /// Received up to.
        received: i64,
        /// Read up to.
        read: i64,
    },
    /// Somebody is writing.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Began or stopped.
        on: bool,
    },
    /// Is anybody there?
    Ping {},
}

/// See [`ClientFrame::Hello`].
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The protocol's version.
    pub version: u32,
    /// A visitor's access token; staff have their cookie.
    #[serde(default)]
    pub token: Option<String>,
    /// The generation the cursors belong to.
    #[serde(default)]
    pub generation: Option<Uuid>,
    /// Every stream wanted, with the last number applied; `null` asks for a reset.
    #[serde(default)]
    pub cursors: BTreeMap<String, Option<i64>>,
    /// The lists staff want rows of.
    #[serde(default)]
    pub lists: Vec<ListName>,
    /// Whether the live panel is wanted.
    #[serde(default)]
    pub panel: bool,
}

/// A list of conversations at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// Those this agent serves.
    Mine,
    /// Those that wait.
    Queue,
}

/// See [`ClientFrame::Send`].
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Where; made by the client for a new conversation.
    pub conversation: ConversationId,
    /// The client's own id of it, never used again.
    pub client_id: Uuid,
    /// What.
    pub body: SendBody,
    /// With the first send of a new conversation.
    #[serde(default)]
    pub open: Option<Open>,
}

/// What a new conversation begins with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The customer's language.
    pub lang: Lang,
    /// The product being looked at.
    #[serde(default)]
    pub product: Option<String>,
    /// The page being looked at.
    #[serde(default)]
    pub page: Option<Page>,
}

/// How a client says that a person is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By the button.
    Button,
}

/// What is sent.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SendBody {
    /// Words.
    Text {
        /// At most 32 KiB.
        text: String,
    },
    /// A file uploaded before.
    File {
        /// Its id.
        file: FileId,
    },
    /// A suggested question was pressed.
    Choice {
        /// Its words.
        text: String,
        /// The knowledge entry it stands for.
        answer: String,
    },
    /// The product being looked at.
    Product {
        /// Its id.
        product: String,
    },
    /// The customer asks for a person.
    RequestHuman {
        /// How.
        via: Via,
    },
    /// The customer stops waiting.
    LeaveQueue {},
    /// The customer leaves a message for later, which ends the episode.
    LeaveMessage {
        /// At most 32 KiB.
        text: String,
        /// Where to answer besides here: one line, at most 200 characters.
        #[serde(default)]
        contact: Option<String>,
    },
    /// The customer ends the service.
    End {},
    /// The customer rates.
    Rate {
        /// 1 to 5.
        score: i64,
        /// At most 8,000 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
        /// Whether the matter is settled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        solved: Option<bool>,
    },
    /// A private note of staff.
    Note {
        /// At most 32 KiB; may be empty where there are files.
        text: String,
        /// Files uploaded before, at most 10; the customer cannot read them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 10)]
        files: Vec<FileId>,
    },
    /// Staff take a waiting conversation.
    Take {},
    /// Staff hand over.
    Transfer {
        /// A colleague `agt_…` or a queue `que_…`.
        to: String,
        /// A private note to go with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Staff settle the matter.
    Resolve {},
}

/// What the server sends. The server writes most of these as text it has made once for many readers; this type is their shape.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a shape on the wire, not kept in numbers")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome {
        /// This installation's generation.
        generation: Uuid,
        /// The heads of the streams followed.
        heads: BTreeMap<String, i64>,
        /// The marks of the conversations followed.
        marks: BTreeMap<String, Marks>,
        /// The server's time.
        now: Ts,
        /// The mean time between beats, in milliseconds.
        beat_ms: i64,
    },
    /// Stored, and on disk.
    Ok {
        /// Which send.
        client_id: Uuid,
        /// Its number, in the reader's view.
        seq: i64,
        /// When.
        at: Ts,
    },
    /// Refused for good; with `stream` it is about a `get`, without that and `client_id` about the connection.
    No {
        /// Which send.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        client_id: Option<Uuid>,
        /// Of which stream no page can be given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        stream: Option<StreamName>,
        /// Why.
        #[schema(value_type = NoCode)]
        code: Code,
        /// For `use`: the conversation to use instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        conversation: Option<ConversationId>,
        /// For `closed`: when it opens next, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens_at: Option<Ts>,
        /// For `closed`: by when a message left now is answered, if it ever opens.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        promised_by: Option<Ts>,
        /// For `busy`: in how many milliseconds to connect again, where that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        retry_ms: Option<i64>,
    },
    /// Not now.
    Busy {
        /// Which send.
        client_id: Uuid,
        /// In how many milliseconds to repeat it.
        retry_ms: i64,
    },
    /// Entries in order.
    Entries {
        /// Which stream.
        stream: StreamName,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// The answer to `get`.
    Page {
        /// Which stream.
        stream: StreamName,
        /// The first number asked for.
        from: i64,
        /// The last number asked for.
        to: i64,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// Forget what you had of this stream.
    Reset {
        /// Which stream.
        stream: StreamName,
        /// This installation's generation.
        generation: Uuid,
        /// The head.
        seq: i64,
        /// The conversation's state, where the stream is one.
        #[schema(required)]
        state: Option<ConversationState>,
        /// Its marks.
        #[schema(required)]
        marks: Option<Marks>,
        /// The last entries.
        entries: Vec<Entry>,
    },
    /// This stream ends here for you.
    Gone {
        /// Which stream.
        stream: StreamName,
        /// Why.
        #[schema(value_type = GoneCode)]
        code: Code,
    },
    /// How far both sides have got.
    Marks {
        /// Which conversation.
        stream: StreamName,
        /// The marks.
        #[serde(flatten)]
        marks: Marks,
    },
    /// One row of a list.
    Summary {
        /// The row.
        conversation: ConversationView,
    },
    /// The whole lists asked for.
    Lists {
        /// Those this agent serves.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mine: Option<Vec<ConversationView>>,
        /// Those that wait.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        queue: Option<Vec<ConversationView>>,
    },
    /// The customer's place in the queue.
    Place {
        /// Which conversation.
        conversation: ConversationId,
        /// How many are before it.
        ahead: i64,
        /// The wait at least, in milliseconds, where it can be told.
        #[schema(required)]
        eta_low_ms: Option<i64>,
        /// The wait at most.
        #[schema(required)]
        eta_high_ms: Option<i64>,
        /// Whether anybody is at work.
        staffed: bool,
    },
    /// Somebody is writing.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        #[schema(value_type = Author)]
        by: String,
        /// The name, where customers may know it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        name: Option<String>,
        /// Began or stopped.
        on: bool,
    },
    /// A colleague's state.
    Presence {
        /// Who.
        agent: AgentId,
        /// Which.
        #[schema(value_type = AgentState)]
        state: String,
        /// Since when.
        since: Ts,
    },
    /// The live panel.
    Panel {
        /// The numbers.
        #[serde(flatten)]
        panel: crate::features::insight::panel::PanelView,
    },
    /// The answer to `ping`, and the beat.
    Pong {
        /// Heads that changed.
        heads: BTreeMap<String, i64>,
    },
}

impl ServerFrame {
    /// A send was refused for good.
    pub fn refused(client_id: Uuid, refusal: Refusal) -> Self {
        let Refusal { code, conversation, service } = refusal;
        let (opens_at, promised_by) = service.map_or((None, None), |service| (service.opens_at, service.promised_by));
        Self::No { client_id: Some(client_id), stream: None, code, conversation, opens_at, promised_by, retry_ms: None }
    }
    /// A `get` is not answered by a page; everything goes on.
    pub const fn unread(stream: StreamName, code: Code) -> Self {
        Self::without_client_id(Some(stream), code, None)
    }
    /// A connection ends.
    pub const fn ends(code: Code) -> Self {
        Self::without_client_id(None, code, None)
    }
    /// A connection ends before it has begun: there is too much to do, come again after this.
    pub fn later(after: Duration) -> Self {
        Self::without_client_id(None, Code::Busy, Some(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)))
    }
    const fn without_client_id(stream: Option<StreamName>, code: Code, retry_ms: Option<i64>) -> Self {
        Self::No { client_id: None, stream, code, conversation: None, opens_at: None, promised_by: None, retry_ms }
    }
}

/// How far both sides of a conversation have got: ordinals of the other side's messages.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Marks {
    /// The customer.
    pub customer: Mark,
    /// The staff, the furthest of them.
    pub staff: Mark,
}

/// How far one side has got.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Mark {
    /// Received.
    pub received: i64,
    /// Read.
    pub read: i64,
}

impl From<domain::journal::Mark> for Mark {
    fn from(mark: domain::journal::Mark) -> Self {
        Self { received: mark.received, read: mark.read }
    }
}
