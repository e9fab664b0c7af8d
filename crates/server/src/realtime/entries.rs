//! Entries as readers get them. [`super::encode`] splices them out of what is stored; this type is their shape in the API document. The bodies are those of
//! [`domain::entry::body`].

use domain::{
    entry::{
        Audience,
        body::{
            About, Assigned, BotSuperseded, HumanRequested, LeftMessageHandled, Message, Moved, Note, Nothing, Opened, Queued, Rated, Reopened, Resolved,
            Returned, Routing, StateChanged, Transferred,
        },
    },
    journal::ActorKind,
    time::Ts,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry on the wire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct Entry {
    /// Its number in the reader's view.
    pub seq: i64,
    /// Version of the body's form.
    pub v: i64,
    /// When.
    pub at: Ts,
    /// Who.
    pub by: By,
    /// The sender's own id, where the entry is of the reader's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_id: Option<Uuid>,
    /// Who may read it; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Audience)]
    pub audience: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub fact: Happened,
    /// Why the words cannot be shown; `body` is `null` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gone: Option<WhyGone>,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub struct By {
    /// Which sort.
    #[schema(value_type = ActorKind)]
    pub kind: String,
    /// The name customers know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The visitor or agent; on the staff's wire only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
}

/// Why words cannot be shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum WhyGone {
    /// Taken back.
    Recalled,
    /// Erased.
    Erased,
    /// Encrypted under a key that is not at hand.
    Sealed,
}

/// What happened, by kind; `body` is `null` where the words cannot be shown. Kinds are only ever added.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
#[schema(as = Fact)]
pub enum Happened {
    /// A conversation began.
    Opened(Option<Opened>),
    /// Somebody said something.
    Message(Option<Message>),
    /// The customer asked for a person.
    HumanRequested(Option<HumanRequested>),
    /// The conversation waits in a queue.
    Queued(Option<Queued>),
    /// An agent has it. In an inbox the body is that of `released`.
    Assigned(Option<Assigned>),
    /// Why that agent.
    Routing(Option<Routing>),
    /// Handed over to a colleague or a queue.
    Transferred(Option<Transferred>),
    /// Back in the queue because its agent was lost.
    Returned(Option<Returned>),
    /// The customer stopped waiting.
    LeftQueue(Option<Nothing>),
    /// A private note.
    Note(Option<Note>),
    /// The matter is settled.
    Resolved(Option<Resolved>),
    /// A new episode began.
    Reopened(Option<Reopened>),
    /// The customer rated.
    Rated(Option<Rated>),
    /// Somebody took care of a left message otherwise than by an answer, or took that back.
    LeftMessageHandled(Option<LeftMessageHandled>),
    /// A bot answer came too late and was dropped.
    BotSuperseded(Option<BotSuperseded>),
    /// The conversation is over for good.
    Closed(Option<Nothing>),
    /// The customer signed in: the conversation belongs to an account now.
    Identified(Option<Nothing>),
    /// A visitor's current conversation.
    Current(Option<About>),
    /// A visitor's stream goes on elsewhere.
    Moved(Option<Moved>),
    /// An agent's inbox lost a conversation.
    Released(Option<About>),
    /// An agent changed state.
    StateChanged(Option<StateChanged>),
    /// A conversation entered a queue.
    Enter(Option<About>),
    /// A conversation left a queue.
    Leave(Option<About>),
    /// Canned replies changed.
    CannedRepliesChanged(Option<Nothing>),
    /// Goods or plans changed.
    CatalogueChanged(Option<Nothing>),
    /// A new version of the knowledge is in force.
    KnowledgePublished(Option<Nothing>),
    /// Members of the staff or their groups changed.
    PeopleChanged(Option<Nothing>),
    /// Queues, who serves them or their hours changed.
    QueuesChanged(Option<Nothing>),
    /// The company's settings or its sites changed.
    SettingsChanged(Option<Nothing>),
    /// A message was left, or somebody took care of one.
    LeftMessagesChanged(Option<Nothing>),
    /// What editors of the knowledge look at changed: the draft, its test set, a check.
    KnowledgeChanged(Option<Nothing>),
    /// What the bot could not answer changed: another question, or what became of some.
    UnansweredChanged(Option<Nothing>),
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{
        entry::{Audience, EntryKind},
        id::TenantId,
        journal::{Actor, ActorKind, StoredEntry, View, Words, Written},
        stream::{StreamKind, StreamName},
        time::Ts,
    };
    use serde_json::{Value, json};
    use testkit_server::Realtime;
    use uuid::Uuid;

    use super::Entry;
    use crate::{realtime::encode, testing::TestApp};

    /// The streams' entries, until there is one of the kind `last`; each is exactly what its type says.
    async fn read(socket: &mut Realtime, hello: &Value, last: &str) -> Vec<Value> {
        socket.send(hello).await;
        let mut read = Vec::new();
        while read.iter().all(|entry: &Value| entry["kind"] != last) {
            let frame = socket.until("entries").await;
            read.extend(frame["entries"].as_array().unwrap().iter().cloned());
        }
        for entry in &read {
            let typed: Entry = serde_json::from_value(entry.clone()).unwrap_or_else(|why| panic!("{why}: {entry}"));
            assert_eq!(&serde_json::to_value(typed).unwrap(), entry);
        }
        read
    }

    /// An entry as a release stored it.
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
        for line in include_str!("../../../domain/src/entry/goldens.jsonl").lines() {
            let Golden { stream, kind, actor, body, staff, facts } = serde_json::from_str(line).unwrap();
            let (stream, kind) = (StreamKind::parse(&stream).unwrap(), EntryKind::parse(&kind).unwrap());
            // Access and audit streams are read by the program alone, and of an inbox the document says that its entries look different.
            if matches!(stream, StreamKind::Access | StreamKind::Audit | StreamKind::Inbox) {
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
                body: Words::Plain(body),
                staff,
                facts,
            };
            let (pseq, ord) = ((kind.audience() == Audience::Public).then_some(1), (kind == EntryKind::Message && !is_card).then_some(1));
            let stored = StoredEntry { kind: kind.as_str().into(), entry, seq: 1, pseq, ord, at: Ts(0) };
            for json in [View::Staff, View::Customer].into_iter().filter_map(|view| encode::entry(&stored, view)) {
                let (read, value): (Entry, Value) =
                    (serde_json::from_str(&json).unwrap_or_else(|why| panic!("{why}: {json}")), serde_json::from_str(&json).unwrap());
                // Who had a conversation that waited is nobody: that is told as `null`, and left out where it is typed.
                let told = json!(read);
                assert!(told == value || value["body"]["from"].is_null(), "{told} {value}");
            }
        }
    }

    #[tokio::test]
    async fn entries_are_what_the_api_document_says() {
        let app = TestApp::new().await;
        let (ada, visitor) = (app.manager("ada").await, app.visitor().await);
        let conversation = visitor.open("what is this?").await;
        let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201);
        let says = async |body: Value| assert_eq!(visitor.say(&conversation, false, body).await["t"], "ok");
        let acts = async |body: Value| {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
            let answer = ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200);
            assert_eq!(answer["frames"][0]["t"], "ok", "{answer}");
        };
        says(json!({"type": "request_human", "via": "button"})).await;
        says(json!({"type": "leave_queue"})).await;
        says(json!({"type": "request_human", "via": "button"})).await;
        says(json!({"type": "file", "file": file["id"]})).await;
        acts(json!({"type": "take"})).await;
        acts(json!({"type": "note", "text": "looks new"})).await;
        let picture = ada.upload("/api/v1/files?name=b.gif", "image/gif", b"GIF89a\x02\x00\x01\x00 and so on".to_vec()).await.expect(201);
        acts(json!({"type": "note", "text": "", "files": [picture["id"]]})).await;
        acts(json!({"type": "text", "text": "hello"})).await;
        acts(json!({"type": "transfer", "to": app.company.queue})).await;
        acts(json!({"type": "take"})).await;
        acts(json!({"type": "resolve"})).await;
        says(json!({"type": "rate", "score": 5, "comment": "quick", "solved": true})).await;
        says(json!({"type": "text", "text": "one more thing"})).await;
        says(json!({"type": "end"})).await;
        let (mut desk, mut widget) = (Realtime::connect(&ada).await, Realtime::connect(&visitor).await);
        let staff = read(&mut desk, &json!({"t": "hello", "version": 1, "cursors": {&conversation: 0}}), "resolved").await;
        let customer = read(&mut widget, &json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {&conversation: 0}}), "resolved").await;
        let kinds: BTreeSet<&str> = staff.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        for kind in ["opened", "message", "human_requested", "queued", "left_queue", "assigned", "note", "transferred", "resolved", "rated", "reopened"] {
            assert!(kinds.contains(kind), "{kind}: {kinds:?}");
        }
        assert!(customer.iter().all(|entry| entry["kind"] != "note"));
        let own = json!({"t": "hello", "version": 1, "cursors": {ada.member.id.to_string(): 0, app.company.tenant.to_string(): 0}});
        ada.put("/api/v1/me/state", json!({"state": "break", "reason": "lunch"})).await.expect(200);
        read(&mut desk, &own, "state_changed").await;
    }
}
