//! Questions the bot had no answer to. Only where they were asked is recorded; the text stays in the conversation.

use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{ConversationId, TenantId},
    text::Lang,
    time::Ts,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::Result;

/// A question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The conversation it was asked in.
    pub conversation: ConversationId,
    /// The number of the customer's message.
    pub seq: i64,
    /// When the bot said that it has no answer.
    pub at: Ts,
    /// The language of that reply.
    pub lang: Lang,
    /// The text of the customer's message.
    pub text: String,
}

/// How a question was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It has not been settled.
    Open,
    /// An entry answers it.
    Answered,
    /// It was dismissed without an answer.
    Dismissed,
}

impl Settled {
    /// The form in which it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Dismissed => "dismissed",
        }
    }
}

/// The text of a message.
#[derive(Deserialize)]
struct Words {
    text: Option<String>,
}

row! {
    struct Row { conversation_id: Uuid, seq: i64, at: i64, lang: String, body: Option<String> }
}

/// Records unanswered questions: conversation, number of the message, time, language. Those already recorded are left as they are; returns how many were new.
pub async fn note(tx: &mut Tx, tenant: TenantId, found: &[(ConversationId, i64, Ts, Lang)]) -> Result<u64> {
    let row = |(conversation, seq, at, lang): &(ConversationId, i64, Ts, Lang)| {
        let state = Value::Text(Some(Settled::Open.as_str()));
        vec![Value::Uuid(tenant.uuid()), Value::Uuid(conversation.uuid()), Value::Int(Some(*seq)), Value::Int(Some(at.0)), Value::Text(Some(lang.tag())), state]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let head = "INSERT INTO unanswered (tenant_id, conversation_id, seq, at, lang, state) VALUES";
    Ok(bulk::execute(tx, head, &rows, "ON CONFLICT (tenant_id, conversation_id, seq) DO NOTHING").await?)
}

/// Open questions since a time, newest first, at most `limit`. Recalled messages have no text and are left out.
pub async fn open(tx: &mut Tx, tenant: TenantId, since: Ts, limit: i64) -> Result<Vec<Unanswered>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT u.conversation_id, u.seq, u.at, u.lang, e.body FROM unanswered u
         JOIN journal_entries e ON e.tenant_id = u.tenant_id AND e.stream_id = u.conversation_id AND e.seq = u.seq
         WHERE u.tenant_id = $1 AND u.state = 'open' AND u.at >= $2 AND e.body_state = 'plain' ORDER BY u.at DESC, u.conversation_id, u.seq LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    let read = |row: Row| {
        let body: Words = serde_json::from_str(row.body.as_deref()?).ok()?;
        let text = body.text.filter(|text| !text.trim().is_empty())?;
        Some(Unanswered { conversation: ConversationId::new(row.conversation_id), seq: row.seq, at: Ts(row.at), lang: Lang::from_tag(&row.lang), text })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The number of open questions since a time.
pub async fn count(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*) FROM unanswered u JOIN journal_entries e ON e.tenant_id = u.tenant_id AND e.stream_id = u.conversation_id AND e.seq = u.seq
         WHERE u.tenant_id = $1 AND u.state = 'open' AND u.at >= $2 AND e.body_state = 'plain'"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .fetch_one(c)
    .await)?;
    Ok(count)
}

/// Settles questions in one statement; returns how many changed.
pub async fn settle(tx: &mut Tx, tenant: TenantId, which: &[(ConversationId, i64)], settled: Settled, entry: Option<&str>) -> Result<u64> {
    let row = |(conversation, seq): &(ConversationId, i64)| {
        let settled = Value::Text(Some(settled.as_str()));
        vec![Value::Uuid(tenant.uuid()), Value::Uuid(conversation.uuid()), Value::Int(Some(*seq)), settled, Value::Text(entry)]
    };
    let rows: Vec<_> = which.iter().map(row).collect();
    let head = "WITH which (tenant_id, conversation_id, seq, state, entry_id) AS (VALUES";
    let tail = ") UPDATE unanswered SET state = which.state, entry_id = which.entry_id FROM which
         WHERE unanswered.tenant_id = which.tenant_id AND unanswered.conversation_id = which.conversation_id AND unanswered.seq = which.seq
           AND unanswered.state <> which.state";
    Ok(bulk::execute_at_once(tx, head, rows, tail).await?)
}
