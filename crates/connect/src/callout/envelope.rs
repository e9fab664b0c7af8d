//! The form in which other systems receive a journal entry: as an event, in webhooks and in the events feed.

use domain::{
    contact,
    conversation::{AnswerOutcome, Channel, Outcome},
    entry::{
        Fact,
        body::{AskedVia, AssignedHow, BeganWith, EndedBy},
        fact::{self, AssignedIn},
    },
    id::{AgentId, ConversationId, EventId, QueueId, VisitorId, WebhookId},
    journal::{ActorKind, StoredEntry, Words},
    policy::HiddenContacts,
    staff::AgentState,
    stream::{StreamKind, StreamName},
    text::Lang,
    time::Ts,
};
use machines::webhook_queue;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The version of the event format.
const VERSION: i64 = 1;
/// An event. Fields and types are only ever added.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventView {
    /// The event's id, the same in every delivery and in the feed.
    pub id: EventId,
    /// The event's type: the kind of stream, a dot, and the kind of entry. `test` is a test event.
    #[serde(rename = "type")]
    #[schema(examples("conversation.message"))]
    pub kind: String,
    /// The version of this format.
    pub version: i64,
    /// When it happened.
    pub created_at: Ts,
    /// The stream it belongs to.
    pub stream: String,
    /// The conversation it happened in, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub conversation: Option<ConversationId>,
    /// The event's number in its stream. Numbers only rise; entries that only staff may read leave gaps.
    pub seq: i64,
    /// The originator of the event.
    pub by: EventBy,
    /// The event's facts without message content: `episode`, `to`, `queue`, `agent`, `score` and others, depending on its type.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// The content, if it was requested and everybody in the conversation may read it; `null` if it has been removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub body: Option<Value>,
}

/// The originator of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventBy {
    /// The kind of originator.
    #[schema(value_type = ActorKind)]
    pub kind: &'static str,
    /// The id of the visitor or member of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// The name that customers know; a customer's own name is never included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
}

impl EventView {
    /// Converts an entry to an event, with its content if that was requested and is public; contacts in it are masked that are hidden from the reader. Programs
    /// get all of them.
    pub fn of(stored: &StoredEntry, bodies: bool, hidden: HiddenContacts) -> Self {
        let entry = &stored.entry;
        let stream = entry.stream;
        let conversation = (stream.kind == StreamKind::Conversation).then(|| ConversationId::new(stream.id));
        let id = entry.actor.id.map(|id| match entry.actor.kind {
            ActorKind::Customer => VisitorId::new(id).to_string(),
            _ => AgentId::new(id).to_string(),
        });
        let may_read = conversation.is_some() && stored.pseq.is_some();
        let words = || match &entry.body {
            Words::Plain(body) => serde_json::from_str(contact::seen_body(body, hidden).as_deref().unwrap_or(body)).unwrap_or_default(),
            Words::Sealed { .. } | Words::Gone(_) => Value::Null,
        };
        Self {
            id: webhook_queue::event_id(stream, stored.seq, stored.at),
            kind: format!("{}.{}", stream.kind.as_str(), stored.kind),
            version: VERSION,
            created_at: stored.at,
            stream: stream.to_string(),
            conversation,
            seq: stored.seq,
            by: EventBy { kind: entry.actor.kind.as_str(), id, name: entry.actor.name.clone() },
            data: published_facts(stored),
            body: (bodies && may_read).then(words),
        }
    }

    /// A test event for an endpoint.
    pub fn test(webhook: WebhookId, seq: i64, at: Ts) -> Self {
        let stream = StreamName { kind: StreamKind::Tenant, id: webhook.uuid() };
        Self {
            id: webhook_queue::event_id(stream, seq, at),
            kind: crate::table::webhook_deliveries::TEST.to_owned(),
            version: VERSION,
            created_at: at,
            stream: webhook.to_string(),
            conversation: None,
            seq,
            by: EventBy { kind: ActorKind::System.as_str(), id: None, name: None },
            data: Map::from_iter([("webhook".to_owned(), json!(webhook))]),
            body: None,
        }
    }
}

/// The published facts of an entry, under their external names. Names are only ever added.
#[derive(Default, Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<EndedBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    episode: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<AgentState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    helpful: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<AssignedHow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<Lang>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<QueueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    solved: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undo: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<AskedVia>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<BeganWith>,
}

impl From<Fact> for Told {
    fn from(fact: Fact) -> Self {
        let in_episode = |ep| Self { episode: Some(ep), ..Self::default() };
        match fact {
            Fact::Opened(f) => {
                let fact::Opened { ep, with, lang, channel, site: _, goods } = f;
                Self { with: Some(with), lang: Some(lang), channel: Some(channel), product: goods, ..in_episode(ep) }
            }
            Fact::Reopened(f) => {
                let fact::Reopened { ep, with, lang, channel, site: _, queue, agent, undo } = f;
                Self { with: Some(with), lang: Some(lang), channel: Some(channel), queue, agent, undo: undo.then_some(true), ..in_episode(ep) }
            }
            Fact::Message(f) => {
                let fact::Message {
                    ep,
                    to,
                    choice: _,
                    card,
                    file,
                    command: _,
                    first: _,
                    settles: _,
                    of: _,
                    outcome,
                    intent: _,
                    entry: _,
                    lang,
                    confidence: _,
                    offer: _,
                } = f;
                let (to, outcome) = (to.map(|to| to.as_str().to_owned()), outcome.map(AnswerOutcome::as_str));
                Self { to, product: card, file: file.then_some(true), outcome, lang, ..in_episode(ep) }
            }
            Fact::HumanRequested(f) => Self { via: Some(f.via), ..in_episode(f.ep) },
            Fact::Queued(f) => Self { queue: Some(f.queue), ..in_episode(f.ep) },
            Fact::Assigned(AssignedIn::Conversation(f)) => Self { agent: Some(f.agent), how: Some(f.how), wait_ms: Some(f.wait_ms), ..in_episode(f.ep) },
            Fact::Assigned(AssignedIn::Inbox(f)) | Fact::Current(f) | Fact::Released(f) | Fact::Enter(f) | Fact::Leave(f) => {
                Self { conversation: Some(f.conversation), ..in_episode(f.ep) }
            }
            Fact::Transferred(f) => Self { to: Some(f.to), ..in_episode(f.ep) },
            Fact::LeftQueue(f) => Self { wait_ms: Some(f.wait_ms), ..in_episode(f.ep) },
            Fact::Resolved(f) => Self { by: Some(f.by), outcome: Some(Outcome::as_str(f.outcome)), wait_ms: f.wait_ms, ..in_episode(f.ep) },
            Fact::Rated(f) => Self { score: Some(f.score), solved: f.solved, ..in_episode(f.ep) },
            Fact::AnswerRated(f) => Self { helpful: Some(f.helpful), ..in_episode(f.ep) },
            Fact::StateChanged(f) => Self { from: Some(f.from), to: Some(f.to.as_str().to_owned()), ..Self::default() },
            Fact::Recalled(f) | Fact::Corrected(f) => Self { of: Some(f.of), ..in_episode(f.ep) },
            // What is not named here tells other systems no more than where it happened.
            other => Self { episode: other.episode(), ..Self::default() },
        }
    }
}

/// The published facts of an entry; empty if this release does not know the entry's kind.
fn published_facts(stored: &StoredEntry) -> Map<String, Value> {
    match stored.fact().map(|fact| serde_json::to_value(Told::from(fact))) {
        Some(Ok(Value::Object(told))) => told,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::{Audience, EntryKind},
        id::TenantId,
        journal::{Actor, Written},
    };
    use uuid::Uuid;

    use super::*;

    fn stored(kind: EntryKind, body: Words) -> StoredEntry {
        StoredEntry {
            kind: kind.as_str().into(),
            seq: 9,
            pseq: (kind.audience() == Audience::Public).then_some(5),
            ord: None,
            at: Ts(7),
            entry: Written {
                stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(3) },
                tenant: TenantId::new(Uuid::nil()),
                kind,
                v: 1,
                actor: Actor::customer(Uuid::from_u128(4)),
                client_id: None,
                send_hash: 0,
                side: None,
                is_answer: false,
                body,
                staff: Some(r#"{"agent":"agt_secret"}"#.into()),
                facts: r#"{"ep":2,"to":"bot","of":3,"confidence":0.5,"goods":null}"#.into(),
            },
        }
    }

    #[test]
    fn an_event_tells_what_is_known_and_the_words_only_on_request() {
        let said = stored(EntryKind::Message, Words::Plain(r#"{"type":"text","text":"hi"}"#.into()));
        let event = json!(EventView::of(&said, false, HiddenContacts::NONE));
        assert_eq!(event["data"], json!({"episode": 2, "to": "bot"}));
        assert_eq!((&event["type"], &event["seq"], event.get("body")), (&json!("conversation.message"), &json!(9), None));
        assert_eq!(event["by"], json!({"kind": "customer", "id": "vst_00000000000000000000000000000004"}));
        let event = json!(EventView::of(&said, true, HiddenContacts::NONE));
        assert_eq!(event["body"], json!({"type": "text", "text": "hi"}));
        let gone = stored(EntryKind::Message, Words::Gone("recalled".into()));
        assert_eq!(json!(EventView::of(&gone, true, HiddenContacts::NONE)).get("body"), Some(&Value::Null));
    }

    #[test]
    fn a_kind_with_nothing_of_its_own_to_tell_tells_in_which_episode_it_happened() {
        let noted = stored(EntryKind::Note, Words::Plain(r#"{"text":"between us"}"#.into()));
        assert_eq!(json!(EventView::of(&noted, false, HiddenContacts::NONE))["data"], json!({"episode": 2}));
        let changed = stored(EntryKind::PeopleChanged, Words::Plain("{}".into()));
        assert_eq!(json!(EventView::of(&changed, false, HiddenContacts::NONE))["data"], json!({}));
    }

    #[test]
    fn the_staffs_words_never_leave() {
        for kind in [EntryKind::Note, EntryKind::Routing, EntryKind::BotSuperseded, EntryKind::Assigned] {
            let event = json!(EventView::of(&stored(kind, Words::Plain(r#"{"text":"between us"}"#.into())), true, HiddenContacts::NONE)).to_string();
            assert!(!event.contains("agt_secret"), "{event}");
            assert_eq!(event.contains("between us"), kind.audience() == Audience::Public, "{event}");
        }
    }
}
