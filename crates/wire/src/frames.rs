//! The frames of docs/PROTOCOL.md as types. They are part of the API document, from which the pages' types are generated.

use std::{collections::BTreeMap, time::Duration};

use domain::{
    conversation::{Asked, TransferTo},
    entry::body::Page,
    id::{AgentId, ConversationId, FileId, LabelId, QuestionKindId, RatingReasonId},
    question_kind::GivenDetail,
    refusal::{Code, Refusal},
    staff::AgentState,
    stream::StreamName,
    text::Lang,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    conversation::{Author, ConversationState, ConversationView},
    entries::Entry,
    panel::PanelView,
};

/// The version of the protocol that this server speaks.
pub const VERSION: u32 = 1;
/// The largest message of a client, in bytes: enough for the longest text with each byte written as `\u0001`, and everything around it.
pub const MAX_FRAME_BYTES: usize = 256 * 1024;
/// The most streams in one hello.
pub const MAX_STREAMS: usize = 500;
/// The most streams in one hello of a visitor, who has one conversation at a time.
pub const MAX_STREAMS_OF_VISITOR: usize = 64;
/// The most entries in one answer to `get`.
pub const MAX_PAGE: i64 = 500;

/// A frame sent by a client.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Says who the client is and what it wants to follow; may be repeated.
    Hello(Hello),
    /// Submits something to be stored.
    Send(Send),
    /// Asks for an older page of a stream.
    Get {
        /// The stream.
        stream: StreamName,
        /// The first number requested.
        from: i64,
        /// The last number requested.
        to: i64,
    },
    /// How far the reader has got, as ordinals of the other side's messages.
    Mark {
        /// The conversation's stream.
        stream: StreamName,
        /// The ordinal of the last message received.
        received: i64,
        /// The ordinal of the last message read.
        read: i64,
    },
    /// Somebody is typing, or stopped.
    Typing {
        /// The conversation.
        conversation: ConversationId,
        /// True when typing began, false when it stopped.
        on: bool,
    },
    /// Asks whether the server is there.
    Ping {},
}

/// The content of a `hello` frame; see [`ClientFrame::Hello`].
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The version of the protocol.
    pub version: u32,
    /// A visitor's access token; staff are identified by their cookie.
    #[serde(default)]
    pub token: Option<String>,
    /// The generation that the cursors belong to.
    #[serde(default)]
    pub generation: Option<Uuid>,
    /// Every stream to follow, with the last number applied; `null` asks for a reset.
    #[serde(default)]
    pub cursors: BTreeMap<String, Option<i64>>,
    /// The lists whose rows a member of staff wants.
    #[serde(default)]
    pub lists: Vec<ListName>,
    /// Whether to send the live panel.
    #[serde(default)]
    pub panel: bool,
}

/// A list of conversations at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// The conversations that this agent serves.
    Mine,
    /// The conversations that wait.
    Queue,
}

/// The content of a `send` frame; see [`ClientFrame::Send`].
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The conversation; for a new one the client creates the id.
    pub conversation: ConversationId,
    /// The client's own id for this send, which is never used again.
    pub client_id: Uuid,
    /// What is sent.
    pub body: SendBody,
    /// Sent with the first send of a new conversation.
    #[serde(default)]
    pub open: Option<Open>,
}

/// The circumstances in which a new conversation begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The customer's language.
    pub lang: Lang,
    /// The product being looked at.
    #[serde(default)]
    pub product: Option<String>,
    /// The page being looked at. Chats of earlier releases send it. It is not stored: the customer may not have agreed to that, and `PUT /widget/page` asks first.
    #[serde(default)]
    pub page: Option<Page>,
}

/// How the customer asked for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// With the button.
    Button,
}

/// A detail that belongs to a kind of question.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentDetail {
    /// The label under which it is asked for, in either language.
    pub label: String,
    /// The customer's words, at most 200 characters.
    pub text: String,
}

/// The content of a send.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum SendBody {
    /// A text message.
    Text {
        /// At most 32 KiB.
        text: String,
        /// The number of an earlier message of the conversation that it quotes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<i64>,
    },
    /// A file that was uploaded before.
    File {
        /// The file's id.
        file: FileId,
    },
    /// A suggested question was pressed.
    Choice {
        /// The text of the question.
        text: String,
        /// The id of the knowledge entry behind it.
        answer: String,
    },
    /// The product that the customer is looking at, or one that an agent shows.
    Product {
        /// The product's id.
        product: String,
    },
    /// The customer asks for a person.
    RequestHuman {
        /// How the customer asked.
        via: Via,
    },
    /// The customer says what it is about before asking for a person, or skips that; once in an episode.
    AskAbout {
        /// The kind of question; omitted to skip.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<QuestionKindId>,
        /// The details that belong to it, at most 3.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 3)]
        details: Vec<SentDetail>,
    },
    /// The customer stops waiting.
    LeaveQueue {},
    /// The customer leaves a message for later, which ends the episode.
    LeaveMessage {
        /// At most 32 KiB.
        text: String,
        /// Where else to reply: one line, at most 200 characters.
        #[serde(default)]
        contact: Option<String>,
    },
    /// The customer ends the service.
    End {},
    /// The customer rates the service.
    Rate {
        /// The score, on the scale that the widget offers; 1 is the worst.
        score: i64,
        /// At most 8,000 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
        /// Whether the matter was resolved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        solved: Option<bool>,
        /// Why, of what the site offers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 16)]
        reasons: Vec<RatingReasonId>,
    },
    /// The customer says whether an answer of the bot helped; this can be changed once.
    JudgeAnswer {
        /// The ordinal of the answer (`ord`) among the messages of the staff's side.
        answer: i64,
        /// Whether it helped.
        helpful: bool,
    },
    /// A private note of the staff.
    Note {
        /// At most 32 KiB; may be empty if there are files.
        text: String,
        /// Files that were uploaded before, at most 10; the customer cannot read them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 10)]
        files: Vec<FileId>,
        /// The colleagues whom it calls, at most 10: they are told, and may read the conversation while it is open.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 10)]
        mentions: Vec<AgentId>,
        /// The number of an earlier message or note of the conversation that it quotes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<i64>,
    },
    /// The sender takes back one of their own messages or notes, within two minutes: nobody reads it any more.
    Recall {
        /// The number of the message.
        of: i64,
    },
    /// The member of staff corrects one of their own messages or notes, within 24 hours.
    Correct {
        /// The number of the message.
        of: i64,
        /// What it says from now on; at most 32 KiB.
        text: String,
    },
    /// The supervisor tells the agent who serves the conversation something that the customer does not see.
    Whisper {
        /// At most 32 KiB.
        text: String,
    },
    /// The member of staff takes a waiting conversation, or one over from the bot, or accepts one that is offered.
    Take {},
    /// The member of staff passes on a conversation that is offered.
    Pass {},
    /// The member of staff transfers the conversation.
    Transfer {
        /// The id of a colleague, `agt_…`, or of a queue, `que_…`.
        to: String,
        /// A private note to go with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The member of staff hands the conversation back to the bot.
    HandBack {},
    /// The member of staff acknowledges that somebody in the conversation may be in danger.
    AcknowledgeAlert {},
    /// The member of staff says what the conversation is about.
    Label {
        /// All labels that it has from now on, at most 10.
        #[schema(max_items = 10)]
        labels: Vec<LabelId>,
    },
    /// The member of staff finds something out, while the customer waits.
    Hold {},
    /// The member of staff postpones the conversation.
    Snooze {
        /// The time at which it comes back by itself: later than now, and at most 90 days away. It comes back at once when the customer writes.
        until: Ts,
    },
    /// The member of staff goes on with a conversation that is on hold or snoozed.
    Wake {},
    /// The member of staff resolves the conversation.
    Resolve {},
    /// The member of staff reopens it: within 30 seconds the episode goes on, later another begins.
    Reopen {},
}

impl From<SendBody> for Asked {
    fn from(body: SendBody) -> Self {
        match body {
            SendBody::Text { text, quote } => quoting(Self::Text(text), quote),
            SendBody::File { file } => Self::File(file),
            SendBody::Choice { text, answer } => Self::Choice { text, answer },
            SendBody::Product { product } => Self::Product(product),
            SendBody::RequestHuman { via: Via::Button } => Self::RequestHuman,
            SendBody::AskAbout { question, details } => {
                Self::AskAbout { question, details: details.into_iter().map(|SentDetail { label, text }| GivenDetail { label, text }).collect() }
            }
            SendBody::LeaveQueue {} => Self::LeaveQueue,
            SendBody::LeaveMessage { text, contact } => Self::LeaveMessage { text, contact },
            SendBody::End {} => Self::End,
            SendBody::Rate { score, comment, solved, reasons } => Self::Rate { score, comment, solved, reasons },
            SendBody::JudgeAnswer { answer, helpful } => Self::JudgeAnswer { answer, helpful },
            SendBody::Note { text, files, mentions, quote } => quoting(Self::Note { text, files, mentions }, quote),
            SendBody::Recall { of } => Self::Recall { of },
            SendBody::Correct { of, text } => Self::Correct { of, text },
            SendBody::Whisper { text } => Self::Whisper(text),
            SendBody::Take {} => Self::Take,
            SendBody::Pass {} => Self::Pass,
            SendBody::Transfer { to, note } => Self::Transfer { to: target(&to), note },
            SendBody::HandBack {} => Self::HandBack,
            SendBody::AcknowledgeAlert {} => Self::AcknowledgeAlert,
            SendBody::Label { labels } => Self::Label { labels },
            SendBody::Hold {} => Self::Hold,
            SendBody::Snooze { until } => Self::Snooze { until },
            SendBody::Wake {} => Self::Wake,
            SendBody::Resolve {} => Self::Resolve,
            SendBody::Reopen {} => Self::Reopen,
        }
    }
}

fn quoting(said: Asked, quote: Option<i64>) -> Asked {
    match quote {
        Some(of) => Asked::Quoting { said: Box::new(said), of },
        None => said,
    }
}

fn target(to: &str) -> TransferTo {
    let queue = to.parse().map(TransferTo::Queue);
    queue.or_else(|_| to.parse().map(TransferTo::Agent)).unwrap_or(TransferTo::Unknown)
}

/// A frame sent by the server. Most of these are written as text that is made once for many readers; this type describes their shape.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a shape on the wire, not kept in numbers")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome {
        /// This installation's generation.
        generation: Uuid,
        /// The heads of the followed streams.
        heads: BTreeMap<String, i64>,
        /// The marks of the followed conversations.
        marks: BTreeMap<String, Marks>,
        /// The server's time.
        now: Ts,
        /// The average time between beats, in milliseconds.
        beat_ms: i64,
    },
    /// The send was stored and is on disk.
    Ok {
        /// The `client_id` of the send.
        client_id: Uuid,
        /// The number of the entry, in the reader's view.
        seq: i64,
        /// When the entry was stored.
        at: Ts,
    },
    /// A final refusal. With `stream` it concerns a `get`; without `stream` and `client_id` it concerns the connection.
    No {
        /// The `client_id` of the refused send.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        client_id: Option<Uuid>,
        /// The stream of which no page can be given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        stream: Option<StreamName>,
        /// Why it was refused.
        code: Code,
        /// For `use`: the conversation to use instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        conversation: Option<ConversationId>,
        /// For `closed`: when the service opens next, if that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens_at: Option<Ts>,
        /// For `closed`: by when a message left now will be answered, if the service ever opens.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        promised_by: Option<Ts>,
        /// For `busy`: after how many milliseconds to connect again, if that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        retry_ms: Option<i64>,
    },
    /// The send was not accepted now and has to be repeated.
    Busy {
        /// The `client_id` of the send.
        client_id: Uuid,
        /// After how many milliseconds to repeat it.
        retry_ms: i64,
    },
    /// Entries of a stream, in order.
    Entries {
        /// The stream.
        stream: StreamName,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// The answer to `get`, or one piece of it.
    Page {
        /// The stream.
        stream: StreamName,
        /// The first number that this page covers.
        from: i64,
        /// The last number that this page covers.
        to: i64,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// The client has to forget what it has of this stream.
    Reset {
        /// The stream.
        stream: StreamName,
        /// This installation's generation.
        generation: Uuid,
        /// The stream's head.
        seq: i64,
        /// The conversation's state, if the stream is a conversation.
        #[schema(required)]
        state: Option<ConversationState>,
        /// The conversation's marks.
        #[schema(required)]
        marks: Option<Marks>,
        /// The last entries of the stream.
        entries: Vec<Entry>,
    },
    /// The stream ends here for this reader.
    Gone {
        /// The stream.
        stream: StreamName,
        /// Why it ends.
        code: Code,
    },
    /// How far both sides of a conversation have got.
    Marks {
        /// The conversation's stream.
        stream: StreamName,
        /// The marks.
        #[serde(flatten)]
        marks: Marks,
    },
    /// A changed row of a list.
    Summary {
        /// The row.
        conversation: ConversationView,
    },
    /// The complete lists that were asked for.
    Lists {
        /// The conversations that this agent serves.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mine: Option<Vec<ConversationView>>,
        /// The conversations that wait.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        queue: Option<Vec<ConversationView>>,
    },
    /// A customer's place in the queue.
    Place {
        /// The conversation.
        conversation: ConversationId,
        /// How many conversations are ahead of it.
        ahead: i64,
        /// The shortest expected wait, in milliseconds, if it can be estimated.
        #[schema(required)]
        eta_low_ms: Option<i64>,
        /// The longest expected wait, in milliseconds, if it can be estimated.
        #[schema(required)]
        eta_high_ms: Option<i64>,
        /// Whether anybody is at work.
        staffed: bool,
    },
    /// Somebody is typing, or stopped.
    Typing {
        /// The conversation.
        conversation: ConversationId,
        /// Who is typing.
        #[schema(value_type = Author)]
        by: String,
        /// The name, if customers may know it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        name: Option<String>,
        /// True when typing began, false when it stopped.
        on: bool,
    },
    /// A colleague's state.
    Presence {
        /// The colleague.
        agent: AgentId,
        /// The colleague's state.
        #[schema(value_type = AgentState)]
        state: String,
        /// Since when the colleague has been in this state.
        since: Ts,
    },
    /// The live panel.
    Panel {
        /// The numbers.
        #[serde(flatten)]
        panel: PanelView,
    },
    /// The answer to `ping`, and the regular beat.
    Pong {
        /// The streams' heads that changed.
        heads: BTreeMap<String, i64>,
    },
}

impl ServerFrame {
    /// A send was permanently refused.
    pub fn refused(client_id: Uuid, refusal: Refusal) -> Self {
        let Refusal { code, conversation, service } = refusal;
        let (opens_at, promised_by) = service.map_or((None, None), |service| (service.opens_at, service.promised_by));
        Self::No { client_id: Some(client_id), stream: None, code, conversation, opens_at, promised_by, retry_ms: None }
    }
    /// A `get` cannot be answered with a page; the connection continues.
    pub const fn unread(stream: StreamName, code: Code) -> Self {
        Self::without_client_id(Some(stream), code, None)
    }
    /// The connection ends.
    pub const fn ends(code: Code) -> Self {
        Self::without_client_id(None, code, None)
    }
    /// The connection ends before it has begun, because the server is overloaded; try again after this time.
    pub fn later(after: Duration) -> Self {
        Self::without_client_id(None, Code::Busy, Some(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)))
    }
    const fn without_client_id(stream: Option<StreamName>, code: Code, retry_ms: Option<i64>) -> Self {
        Self::No { client_id: None, stream, code, conversation: None, opens_at: None, promised_by: None, retry_ms }
    }
}

/// How far both sides of a conversation have got, as ordinals of the other side's messages.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Marks {
    /// How far the customer has got.
    pub customer: Mark,
    /// How far the staff have got: the furthest of them.
    pub staff: Mark,
}

/// How far one side has got.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Mark {
    /// The ordinal of the last message received.
    pub received: i64,
    /// The ordinal of the last message read.
    pub read: i64,
}

impl From<domain::journal::Mark> for Mark {
    fn from(mark: domain::journal::Mark) -> Self {
        Self { received: mark.received, read: mark.read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_page_names_codes_that_exist() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PROTOCOL.md")).unwrap();
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `no` for").or_else(|| line.strip_prefix("| `gone`"))?.split_once(" | "));
        let named: Vec<&str> = rows.flat_map(|(_, codes)| codes.split('`').skip(1).step_by(2)).filter(|word| !word.is_empty() && *word != "get").collect();
        assert!(named.len() > 40, "{named:?}");
        for code in named {
            assert!(Code::parse(code).is_some(), "{code}");
        }
    }
}
