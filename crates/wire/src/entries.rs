//! The shape of entries on the wire, for the API document. [`crate::encode`] writes the entries themselves, out of what is stored. The bodies are those of
//! [`domain::entry::body`].

use domain::{
    entry::{
        Audience,
        body::{
            About, Alerted, AnswerJudged, AnswerRated, Assigned, BotSuperseded, Handoff, HumanRequested, LeftMessageHandled, Message, Moved, Note, Nothing,
            Opened, Queued, Rated, Reopened, Resolved, Returned, Routing, StateChanged, Transferred,
        },
    },
    journal::ActorKind,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry on the wire.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// The entry's number in the reader's view.
    pub seq: i64,
    /// The version of the body's format.
    pub v: i64,
    /// When the entry was made.
    pub at: Ts,
    /// Who made the entry.
    pub by: By,
    /// The id that the sender's client gave it, if the entry is from the reader's own side.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_id: Option<Uuid>,
    /// Who may read the entry; only sent to staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Audience)]
    pub audience: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub fact: Happened,
    /// Why the content cannot be shown; `body` is then `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gone: Option<WhyGone>,
}

/// Who made an entry.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct By {
    /// The kind of actor.
    #[schema(value_type = ActorKind)]
    pub kind: String,
    /// The name shown to customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The id of the visitor or agent; only sent to staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
}

/// Why the content of an entry cannot be shown.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyGone {
    /// It was taken back.
    Recalled,
    /// It was erased.
    Erased,
    /// It is encrypted under a key that is not available.
    Sealed,
}

/// What happened, by kind; `body` is `null` if the content cannot be shown. Kinds are only ever added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
#[schema(as = Fact)]
pub enum Happened {
    /// A conversation began.
    Opened(Option<Opened>),
    /// Somebody sent a message.
    Message(Option<Message>),
    /// The customer asked for a person.
    HumanRequested(Option<HumanRequested>),
    /// The conversation waits in a queue.
    Queued(Option<Queued>),
    /// An agent got the conversation. In an inbox the body is that of `released`.
    Assigned(Option<Assigned>),
    /// Why the conversation went to that agent.
    Routing(Option<Routing>),
    /// The conversation was transferred to a colleague or a queue.
    Transferred(Option<Transferred>),
    /// The conversation returned to the queue because its agent was lost.
    Returned(Option<Returned>),
    /// The customer stopped waiting.
    LeftQueue(Option<Nothing>),
    /// A private note.
    Note(Option<Note>),
    /// The episode ended; `outcome` says how.
    Resolved(Option<Resolved>),
    /// A new episode began.
    Reopened(Option<Reopened>),
    /// The customer rated the conversation.
    Rated(Option<Rated>),
    /// The customer said whether an answer of the bot helped.
    AnswerRated(Option<AnswerRated>),
    /// Somebody handled a left message other than by a reply, or took that back.
    LeftMessageHandled(Option<LeftMessageHandled>),
    /// The customer came back with a new conversation within 72 hours of the end of this one.
    CameBack(Option<Nothing>),
    /// Somebody judged an answer of the bot.
    AnswerJudged(Option<AnswerJudged>),
    /// An answer of the bot came too late and was dropped.
    BotSuperseded(Option<BotSuperseded>),
    /// The conversation was permanently closed.
    Closed(Option<Nothing>),
    /// The customer signed in: the conversation now belongs to an account.
    Identified(Option<Nothing>),
    /// A visitor's current conversation.
    Current(Option<About>),
    /// A visitor's stream continues elsewhere.
    Moved(Option<Moved>),
    /// An agent's inbox lost a conversation.
    Released(Option<About>),
    /// An agent changed state.
    StateChanged(Option<StateChanged>),
    /// A conversation entered the queue.
    Enter(Option<About>),
    /// A conversation left the queue.
    Leave(Option<About>),
    /// Canned replies changed.
    CannedRepliesChanged(Option<Nothing>),
    /// Goods or plans changed.
    CatalogueChanged(Option<Nothing>),
    /// A new version of the knowledge took effect.
    KnowledgePublished(Option<Nothing>),
    /// Members of the staff or their groups changed.
    PeopleChanged(Option<Nothing>),
    /// Queues, the members who serve them, or their hours changed.
    QueuesChanged(Option<Nothing>),
    /// The company's settings or its sites changed.
    SettingsChanged(Option<Nothing>),
    /// A message was left, or somebody handled one.
    LeftMessagesChanged(Option<Nothing>),
    /// What editors of the knowledge see changed: the draft, its test set, a check.
    KnowledgeChanged(Option<Nothing>),
    /// The questions that the bot could not answer changed: there is a new one, or some were dealt with.
    UnansweredChanged(Option<Nothing>),
    /// Boards of numbers changed.
    BoardsChanged(Option<Nothing>),
    /// What whoever gets the conversation is told about what happened with the bot.
    Handoff(Option<Handoff>),
    /// An agent handed the conversation back to the bot.
    HandedBack(Option<Nothing>),
    /// Somebody seems to be in despair or in danger.
    Alerted(Option<Alerted>),
    /// A member of the staff acknowledged the alert.
    AlertAcknowledged(Option<Nothing>),
    /// There is a new alert, or one was acknowledged.
    AlertsChanged(Option<Nothing>),
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::{Audience, EntryKind},
        id::TenantId,
        journal::{Actor, ActorKind, StoredEntry, View, Words, Written},
        stream::{StreamKind, StreamName},
        time::Ts,
    };
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::Entry;
    use crate::encode;

    /// An entry as an earlier release stored it.
    #[derive(serde::Deserialize)]
    struct Golden {
        stream: String,
        kind: String,
        actor: String,
        body: String,
        staff: Option<String>,
        facts: String,
    }

    #[test]
    fn what_the_first_release_stored_is_read_as_the_api_document_says() {
        for line in include_str!("../../domain/src/entry/goldens.jsonl").lines() {
            let Golden { stream, kind, actor, body, staff, facts } = serde_json::from_str(line).unwrap();
            let (stream, kind) = (StreamKind::parse(&stream).unwrap(), EntryKind::parse(&kind).unwrap());
            // Only the program reads access, audit and work streams, and the document says that entries of an inbox look different.
            if matches!(stream, StreamKind::Access | StreamKind::Audit | StreamKind::Work | StreamKind::Inbox) {
                continue;
            }
            let is_card = body.contains(r#""type":"product""#);
            let actor = Actor { kind: ActorKind::parse(&actor).unwrap(), id: None, name: None };
            let entry = Written {
                stream: StreamName { kind: stream, id: Uuid::nil() },
                tenant: TenantId::new(Uuid::nil()),
                kind,
                v: kind.version(),
                actor,
                client_id: None,
                send_hash: 0,
                side: None,
                is_answer: false,
                body: Words::Plain(body),
                staff,
                facts,
            };
            let (pseq, ord) = ((kind.audience() == Audience::Public).then_some(1), (kind == EntryKind::Message && !is_card).then_some(1));
            let stored = StoredEntry { kind: kind.as_str().into(), entry, seq: 1, pseq, ord, at: Ts(0) };
            for json in [View::Staff, View::Customer].into_iter().filter_map(|view| encode::entry(&stored, view)) {
                let (read, value): (Entry, Value) =
                    (serde_json::from_str(&json).unwrap_or_else(|why| panic!("{why}: {json}")), serde_json::from_str(&json).unwrap());
                // A waiting conversation had no agent before: the wire has `null` there, and the typed value omits it.
                let told = json!(read);
                assert!(told == value || value["body"]["from"].is_null(), "{told} {value}");
            }
        }
    }
}
