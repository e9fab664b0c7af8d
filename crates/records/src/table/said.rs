//! What was said, as it is indexed.

use std::collections::BTreeSet;

use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    entry::{Body, EntryKind, body::Message},
    id::{ConversationId, TenantId},
};
use store::Result;
use uuid::Uuid;

/// The kinds of entries in which somebody says something.
pub const KINDS: [EntryKind; 4] = [EntryKind::Message, EntryKind::Note, EntryKind::Rated, EntryKind::AskedAbout];

row! {
    /// An entry in which somebody said something.
    #[derive(Debug)]
    pub struct Said {
        /// The conversation.
        pub stream_id: Uuid,
        /// The number of the entry.
        pub seq: i64,
        /// When it was stored, in milliseconds since 1970.
        pub at: i64,
        /// The kind of the entry.
        pub kind: String,
        /// `plain` while its words can be read.
        pub body_state: String,
        /// Its body, as JSON.
        pub body: Option<String>,
    }
}

impl Said {
    /// Its words; `None` if it has none, or none any more.
    pub fn words(&self) -> Option<String> {
        if self.body_state != "plain" {
            return None;
        }
        let body = Body::read(EntryKind::parse(&self.kind)?, self.body.as_deref()?, None).ok()?;
        words(&body)
    }
}

/// The words in an entry by which it is found.
pub fn words(body: &Body) -> Option<String> {
    let words = match body {
        Body::Message(message) => match message {
            Message::Text { text, .. } | Message::Choice { text, .. } | Message::LeftMessage { text, .. } | Message::Answer { text, .. } => text.clone(),
            Message::File { file, .. } => file.name.clone(),
            Message::Product { product, .. } => format!("{} · {}", product.name.zh, product.name.en),
        },
        Body::Note(note) => note.text.clone(),
        Body::Rated(rated) => rated.comment.clone()?,
        Body::AskedAbout(asked) => asked.details.iter().map(|detail| detail.text.as_str()).collect::<Vec<_>>().join(" · "),
        _ => return None,
    };
    (!words.trim().is_empty()).then_some(words)
}

/// These entries of a company, by conversation and number.
pub async fn these(tx: &mut Tx, tenant: TenantId, entries: &BTreeSet<(Uuid, i64)>) -> Result<Vec<Said>> {
    let keys: Vec<_> = entries.iter().map(|(conversation, seq)| vec![Value::Uuid(tenant.uuid()), Value::Uuid(*conversation), Value::Int(Some(*seq))]).collect();
    let columns = "t.stream_id, t.seq, t.at, t.kind, t.body_state, t.body";
    Ok(bulk::look_up(tx, columns, "journal_entries", "tenant_id, stream_id, seq", &keys).await?)
}

/// The conversations that are being erased.
pub async fn erasing(tx: &mut Tx, tenant: TenantId) -> Result<BTreeSet<Uuid>> {
    let rows: Vec<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT id FROM conversations WHERE tenant_id = $1 AND erasing_at IS NOT NULL").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// All of a conversation up to a number.
pub async fn until(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, last: i64) -> Result<Vec<Said>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT stream_id, seq, at, kind, body_state, body FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND seq <= $3 AND kind IN ('message', 'note', 'rated', 'asked_about') AND body_state = 'plain'"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(last)
    .fetch_all(c)
    .await)?)
}

row! {
    /// A line as it is shown.
    #[derive(Debug)]
    pub struct Shown {
        /// The number of the entry.
        pub seq: i64,
        /// When it was stored, in milliseconds since 1970.
        pub at: i64,
        /// The kind of the entry.
        pub kind: String,
        /// The kind of actor who said it.
        pub actor_kind: String,
        /// The actor's name; never a customer's.
        pub actor_name: Option<String>,
        /// Its body, as JSON.
        pub body: Option<String>,
    }
}

impl Shown {
    /// Its words.
    pub fn words(&self) -> Option<String> {
        words(&Body::read(EntryKind::parse(&self.kind)?, self.body.as_deref()?, None).ok()?)
    }
}

/// What was said last up to a number, and after it: at most `limit` lines each way, the nearest first.
pub async fn around(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64, limit: i64) -> Result<[Vec<Shown>; 2]> {
    let before = q!(tx, |c| sqlx::query_as(
        "SELECT seq, at, kind, actor_kind, actor_name, body FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND seq <= $3 AND kind IN ('message', 'note', 'rated', 'asked_about') AND body_state = 'plain'
         ORDER BY seq DESC LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    let after = q!(tx, |c| sqlx::query_as(
        "SELECT seq, at, kind, actor_kind, actor_name, body FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 AND kind IN ('message', 'note', 'rated', 'asked_about') AND body_state = 'plain'
         ORDER BY seq LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok([before, after])
}
