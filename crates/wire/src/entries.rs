//! The shape of entries on the wire, for the API document. [`crate::encode`] writes the entries themselves, out of what is stored. The bodies are those of
//! [`domain::entry::body`].

use domain::{entry::Audience, journal::ActorKind, time::Ts};
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
    /// The number of a message among those of its side, if the content cannot be shown; otherwise it is in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ord: Option<i64>,
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

/// The bodies by the names that the table of kinds gives them.
mod body {
    /// In an inbox, the body of an assignment is another, that of `released`.
    pub use domain::entry::body::Assigned as AssignedIn;
    pub use domain::entry::body::*;
}

/// Declares [`Happened`] out of the table of kinds; those that only the program reads, after the empty row, are never sent.
macro_rules! happened {
    ($($(#[doc = $doc:literal])* $kind:ident = $name:literal v $version:literal in $($stream:ident)|+ to $audience:ident: $body:ty, $fact:ty;)* ; $($never:tt)*) => {
        /// What happened, by kind; `body` is `null` if the content cannot be shown. In an inbox, `assigned` has the body of `released`. Kinds are only ever added.
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "kind", content = "body", rename_all = "snake_case")]
        #[schema(as = Fact)]
        pub enum Happened { $($(#[doc = $doc])* $kind(Option<$body>)),* }
    };
}

domain::each_kind!(happened);

#[cfg(test)]
mod tests {
    use domain::{
        entry::{Audience, EntryKind},
        id::TenantId,
        journal::{Actor, ActorKind, StoredEntry, Words, Written},
        policy::HiddenContacts,
        stream::{StreamKind, StreamName},
        time::Ts,
    };
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::Entry;
    use crate::encode::{self, Reader};

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
            for json in [Reader::Staff(HiddenContacts::NONE), Reader::Customer].into_iter().filter_map(|reader| encode::entry(&stored, reader)) {
                let (read, value): (Entry, Value) =
                    (serde_json::from_str(&json).unwrap_or_else(|why| panic!("{why}: {json}")), serde_json::from_str(&json).unwrap());
                // A waiting conversation had no agent before: the wire has `null` there, and the typed value omits it.
                let told = json!(read);
                assert!(told == value || value["body"]["from"].is_null(), "{told} {value}");
            }
        }
    }
}
