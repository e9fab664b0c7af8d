//! An entry of the journal as the world outside gets it: in webhooks and in the feed of events.

use domain::{
    id::{AgentId, ConversationId, EventId, StreamName, VisitorId, WebhookId},
    journal::{ActorKind, Body, StoredEntry, StreamKind},
    outbox,
    time::Ts,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The version of the form below.
const VERSION: i64 = 1;
/// What of an entry's facts is told, and under which name. Names are only ever added.
const FACTS: [(&str, &str); 19] = [
    ("ep", "episode"),
    ("lang", "lang"),
    ("channel", "channel"),
    ("goods", "product"),
    ("card", "product"),
    ("with", "with"),
    ("via", "via"),
    ("queue", "queue"),
    ("agent", "agent"),
    ("conversation", "conversation"),
    ("how", "how"),
    ("wait_ms", "wait_ms"),
    ("to", "to"),
    ("from", "from"),
    ("by", "by"),
    ("outcome", "outcome"),
    ("score", "score"),
    ("solved", "solved"),
    ("file", "file"),
];

/// An event. Fields and types are only ever added.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventView {
    /// Its id: the same in every delivery and in the feed.
    pub id: EventId,
    /// What happened: the sort of stream, a dot, and the kind of entry. `test` tries an endpoint out.
    #[serde(rename = "type")]
    #[schema(examples("conversation.message"))]
    pub kind: String,
    /// The version of this form.
    pub version: i64,
    /// When it happened.
    pub created_at: Ts,
    /// The stream it belongs to.
    pub stream: String,
    /// The conversation it happened in, if it did in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub conversation: Option<ConversationId>,
    /// Its number in the stream: it rises; what only the staff may read leaves gaps.
    pub seq: i64,
    /// Who did it.
    pub by: EventBy,
    /// What is known of it, without words: `episode`, `to`, `queue`, `agent`, `score` and the like, as the type has them.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// The words, where they were asked for and everybody in the conversation may read them; `null` if they were taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub body: Option<Value>,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventBy {
    /// Which sort.
    #[schema(value_type = ActorKind)]
    pub kind: &'static str,
    /// The visitor or the member of the staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// The name customers know; never a customer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
}

impl EventView {
    /// An entry as an event; with its words if they are asked for and public.
    pub fn of(stored: &StoredEntry, bodies: bool) -> Self {
        let entry = &stored.entry;
        let stream = entry.stream;
        let conversation = (stream.kind == StreamKind::Conversation).then(|| ConversationId::new(stream.id));
        let id = entry.actor.id.map(|id| match entry.actor.kind {
            ActorKind::Customer => VisitorId::new(id).to_string(),
            _ => AgentId::new(id).to_string(),
        });
        let may_read = conversation.is_some() && stored.pseq.is_some();
        let words = || match &entry.body {
            Body::Plain(body) => serde_json::from_str(body).unwrap_or_default(),
            Body::Sealed { .. } | Body::Gone(_) => Value::Null,
        };
        Self {
            id: outbox::event_id(stream, stored.seq, stored.at),
            kind: format!("{}.{}", stream.kind.as_str(), stored.kind),
            version: VERSION,
            created_at: stored.at,
            stream: stream.to_string(),
            conversation,
            seq: stored.seq,
            by: EventBy { kind: entry.actor.kind.as_str(), id, name: entry.actor.name.clone() },
            data: told(&entry.facts),
            body: (bodies && may_read).then(words),
        }
    }

    /// The event that tries an endpoint out.
    pub fn test(webhook: WebhookId, seq: i64, at: Ts) -> Self {
        let stream = StreamName { kind: StreamKind::Tenant, id: webhook.uuid() };
        Self {
            id: outbox::event_id(stream, seq, at),
            kind: store::webhook_deliveries::TEST.to_owned(),
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

/// The facts that are told, under the names they have outside.
fn told(facts: &str) -> Map<String, Value> {
    let facts: Map<String, Value> = serde_json::from_str(facts).unwrap_or_default();
    let known = FACTS.iter().filter_map(|(inside, outside)| Some(((*outside).to_owned(), facts.get(*inside).filter(|value| !value.is_null())?.clone())));
    known.collect()
}

#[cfg(test)]
mod tests {
    use domain::{
        id::TenantId,
        journal::{Actor, Audience, EntryKind, NewEntry},
    };
    use uuid::Uuid;

    use super::*;

    fn stored(kind: EntryKind, body: Body) -> StoredEntry {
        StoredEntry {
            kind: kind.as_str().into(),
            seq: 9,
            pseq: (kind.audience() == Audience::Public).then_some(5),
            ord: None,
            at: Ts(7),
            entry: NewEntry {
                stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(3) },
                tenant: TenantId::new(Uuid::nil()),
                kind,
                v: 1,
                actor: Actor::customer(Uuid::from_u128(4)),
                client_id: None,
                send_hash: 0,
                side: None,
                body,
                staff: Some(r#"{"agent":"agt_secret"}"#.into()),
                facts: r#"{"ep":2,"to":"bot","of":3,"confidence":0.5,"goods":null}"#.into(),
            },
        }
    }

    #[test]
    fn an_event_tells_what_is_known_and_the_words_only_on_request() {
        let said = stored(EntryKind::Message, Body::Plain(r#"{"type":"text","text":"hi"}"#.into()));
        let event = json!(EventView::of(&said, false));
        assert_eq!(event["data"], json!({"episode": 2, "to": "bot"}));
        assert_eq!((&event["type"], &event["seq"], event.get("body")), (&json!("conversation.message"), &json!(9), None));
        assert_eq!(event["by"], json!({"kind": "customer", "id": "vst_00000000000000000000000000000004"}));
        let event = json!(EventView::of(&said, true));
        assert_eq!(event["body"], json!({"type": "text", "text": "hi"}));
        let gone = stored(EntryKind::Message, Body::Gone("recalled".into()));
        assert_eq!(json!(EventView::of(&gone, true)).get("body"), Some(&Value::Null));
    }

    #[test]
    fn the_staffs_words_never_leave() {
        for kind in [EntryKind::Note, EntryKind::Routing, EntryKind::BotSuperseded, EntryKind::Assigned] {
            let event = json!(EventView::of(&stored(kind, Body::Plain(r#"{"text":"between us"}"#.into())), true)).to_string();
            assert!(!event.contains("agt_secret"), "{event}");
            assert_eq!(event.contains("between us"), kind.audience() == Audience::Public, "{event}");
        }
    }
}
