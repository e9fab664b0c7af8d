//! Encodes entries as JSON text, once per audience, and the frames that carry them; the text is shared by all readers.

use std::fmt::Write as _;

use domain::{
    contact,
    entry::Audience,
    journal::{ActorKind, StoredEntry, View, Words},
    policy::HiddenContacts,
    refusal::Code,
    stream::StreamName,
};
use uuid::Uuid;

use crate::{
    conversation::ConversationState,
    frames::Marks,
    lines::{Lines, push},
};

/// Who reads an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The customer.
    Customer,
    /// A member of the staff whose role hides these kinds of contacts.
    Staff(HiddenContacts),
}

impl Reader {
    /// The numbering that the reader sees.
    pub const fn view(self) -> View {
        match self {
            Self::Customer => View::Customer,
            Self::Staff(_) => View::Staff,
        }
    }

    /// Whether an entry that was encoded for staff from whom nothing is hidden reads differently for this reader.
    pub fn is_to_mask(self, json: &str) -> bool {
        matches!(self, Self::Staff(hidden) if !hidden.is_empty()) && contact::may_hold_contact(json)
    }
}

/// An entry as shown to a reader; `None` if it is not for them.
pub fn entry(stored: &StoredEntry, reader: Reader) -> Option<String> {
    let (e, view) = (&stored.entry, reader.view());
    let seq = match view {
        View::Staff => stored.seq,
        View::Customer => stored.pseq?,
    };
    let mut json = String::with_capacity(256);
    let _ = write!(json, r#"{{"seq":{seq},"kind":{},"v":{},"at":{},"by":{{"kind":"{}""#, quoted(&stored.kind), e.v, stored.at.0, e.actor.kind.as_str());
    if let Some(name) = &e.actor.name {
        let _ = write!(json, r#","name":{}"#, quoted(name));
    }
    if view == View::Staff
        && let Some(id) = e.actor.id
    {
        let prefix = if e.actor.kind == ActorKind::Customer { "vst" } else { "agt" };
        let _ = write!(json, r#","id":"{prefix}_{}""#, id.as_simple());
    }
    json.push('}');
    let own_side = (e.actor.kind == ActorKind::Customer) == (view == View::Customer);
    if let Some(client_id) = e.client_id.filter(|_| own_side) {
        let _ = write!(json, r#","client_id":"{client_id}""#);
    }
    if view == View::Staff {
        let audience = if stored.pseq.is_some() { Audience::Public } else { Audience::Staff };
        let _ = write!(json, r#","audience":"{}""#, if audience == Audience::Public { "public" } else { "staff" });
    }
    match &e.body {
        Words::Plain(body) => {
            let masked = match reader {
                Reader::Staff(hidden) => contact::seen_body(body, hidden),
                Reader::Customer => None,
            };
            let body = masked.as_ref().unwrap_or(body);
            json.push_str(r#","body":{"#);
            let mut first = true;
            if let Some(ord) = stored.ord {
                let _ = write!(json, r#""ord":{ord}"#);
                first = false;
            }
            let staff = e.staff.as_deref().filter(|_| view == View::Staff);
            for object in staff.into_iter().chain([body.as_str()]) {
                let inner = object.trim().strip_prefix('{').and_then(|o| o.strip_suffix('}')).unwrap_or_default();
                if !inner.is_empty() {
                    if !first {
                        json.push(',');
                    }
                    json.push_str(inner);
                    first = false;
                }
            }
            json.push_str("}}");
        }
        Words::Sealed { .. } => push_gone(&mut json, "sealed", stored.ord),
        Words::Gone(why) => push_gone(&mut json, why, stored.ord),
    }
    Some(json)
}

/// Ends an entry whose content cannot be shown. It is counted among the messages of its side all the same.
fn push_gone(json: &mut String, why: &str, ord: Option<i64>) {
    let _ = write!(json, r#","body":null,"gone":{}"#, quoted(why));
    if let Some(ord) = ord {
        let _ = write!(json, r#","ord":{ord}"#);
    }
    json.push('}');
}

/// Quotes text as a JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// Writes a frame with the next entries of a stream, each of them encoded.
pub fn entries(out: &mut Lines, stream: StreamName, entries: &[impl AsRef<str>]) {
    let _ = write!(out, r#"{{"t":"entries","stream":"{stream}","entries":"#);
    list(out, entries);
    out.push_str("}\n");
}

/// Writes a frame with older entries of a stream: all between two numbers, both included.
pub fn page(out: &mut Lines, stream: StreamName, (from, to): (i64, i64), entries: &[impl AsRef<str>]) {
    let _ = write!(out, r#"{{"t":"page","stream":"{stream}","from":{from},"to":{to},"entries":"#);
    list(out, entries);
    out.push_str("}\n");
}

/// Where a stream stands, for a client that has to start over.
pub struct Reset {
    /// The generation of the history.
    pub generation: Uuid,
    /// The stream's last number.
    pub seq: i64,
    /// The conversation, if the stream is one.
    pub state: Option<ConversationState>,
    /// How far both sides have got, if the stream is a conversation.
    pub marks: Option<Marks>,
}

/// Writes a frame that lets a client start over, with the newest entries of a stream.
pub fn reset(out: &mut Lines, stream: StreamName, reset: &Reset, entries: &[impl AsRef<str>]) {
    let Reset { generation, seq, state, marks } = reset;
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    let (state, marks) = (json(serde_json::to_string(state)), json(serde_json::to_string(marks)));
    let _ = write!(out, r#"{{"t":"reset","stream":"{stream}","generation":"{generation}","seq":{seq},"state":{state},"marks":{marks},"entries":"#);
    list(out, entries);
    out.push_str("}\n");
}

/// Writes the frame that refuses what names no stream.
pub fn no_stream(out: &mut Lines, name: &str) {
    push(out, &serde_json::json!({"t": "gone", "stream": name, "code": Code::NoAccess}));
}

fn list(out: &mut Lines, entries: &[impl AsRef<str>]) {
    out.push('[');
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str(entry.as_ref());
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::EntryKind,
        id::TenantId,
        journal::{Actor, Written},
        policy::Contact,
        stream::{StreamKind, StreamName},
        time::Ts,
    };
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const SEES_ALL: Reader = Reader::Staff(HiddenContacts::NONE);

    fn stored(kind: EntryKind, actor: Actor, staff: Option<&str>, body: Words) -> StoredEntry {
        StoredEntry {
            kind: kind.as_str().into(),
            seq: 9,
            pseq: (kind.audience() == Audience::Public).then_some(5),
            ord: None,
            at: Ts(7),
            entry: Written {
                stream: StreamName { kind: StreamKind::Conversation, id: Uuid::nil() },
                tenant: TenantId::new(Uuid::nil()),
                kind,
                v: 1,
                actor,
                client_id: Some(Uuid::from_u128(3)),
                send_hash: 0,
                side: None,
                is_answer: false,
                body,
                staff: staff.map(Into::into),
                facts: r#"{"secret":1}"#.into(),
            },
        }
    }
    fn parsed(stored: &StoredEntry, reader: Reader) -> Option<Value> {
        entry(stored, reader).map(|json| serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn staff_see_who_and_customers_see_a_name() {
        let agent = Actor { kind: ActorKind::Agent, id: Some(Uuid::from_u128(1)), name: Some("周\"敏".into()) };
        let said = stored(EntryKind::Assigned, agent, Some(r#"{"agent":"agt_x"}"#), Words::Plain(r#"{"name":"周敏"}"#.into()));
        assert_eq!(
            parsed(&said, Reader::Customer),
            Some(json!({"seq": 5, "kind": "assigned", "v": 1, "at": 7, "by": {"kind": "agent", "name": "周\"敏"}, "body": {"name": "周敏"}}))
        );
        assert_eq!(
            parsed(&said, SEES_ALL),
            Some(
                json!({"seq": 9, "kind": "assigned", "v": 1, "at": 7, "by": {"kind": "agent", "name": "周\"敏", "id": "agt_00000000000000000000000000000001"},
                "client_id": "00000000-0000-0000-0000-000000000003", "audience": "public", "body": {"agent": "agt_x", "name": "周敏"}})
            )
        );
    }

    #[test]
    fn words_that_were_taken_back_leave_number_kind_and_time() {
        let gone = stored(EntryKind::Message, Actor::system(), None, Words::Gone("recalled".into()));
        let seen = parsed(&gone, Reader::Customer).unwrap();
        assert_eq!((&seen["seq"], &seen["body"], &seen["gone"]), (&json!(5), &Value::Null, &json!("recalled")));
        let counted = StoredEntry { ord: Some(3), ..gone };
        assert_eq!(parsed(&counted, SEES_ALL).unwrap()["ord"], 3, "whoever counts what is unread counts it");
    }

    #[test]
    fn a_contact_is_masked_for_staff_whose_role_hides_it() {
        let left = r#"{"type":"left_message","text":"call me","contact":"13800138000"}"#;
        let left = stored(EntryKind::Message, Actor::customer(Uuid::nil()), None, Words::Plain(left.into()));
        let hiding = Reader::Staff([Contact::Phone].into_iter().collect());
        let body = json!({"type": "left_message", "text": "call me", "contact": "138****8000", "contact_masked": "phone"});
        assert_eq!(parsed(&left, hiding).unwrap()["body"], body);
        let clear = entry(&left, SEES_ALL).unwrap();
        assert!(clear.contains("13800138000") && hiding.is_to_mask(&clear) && !SEES_ALL.is_to_mask(&clear));
        assert!(entry(&left, Reader::Customer).unwrap().contains("13800138000"));
        let said = stored(EntryKind::Message, Actor::system(), None, Words::Plain(r#"{"type":"text","text":"my \"contact\" is"}"#.into()));
        assert!(!hiding.is_to_mask(&entry(&said, hiding).unwrap()));
    }

    #[test]
    fn a_note_is_not_for_customers() {
        let note = stored(EntryKind::Note, Actor::system(), None, Words::Plain("{}".into()));
        assert_eq!(parsed(&note, Reader::Customer), None);
        assert_eq!(parsed(&note, SEES_ALL).unwrap()["audience"], "staff");
    }
}
