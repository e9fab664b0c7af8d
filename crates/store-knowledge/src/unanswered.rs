//! Questions that the bot can learn from, and why. Only where they were asked is recorded; the text stays in the conversation.

use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{ConversationId, TenantId},
    learning::Reason,
    text::Lang,
    time::Ts,
};
use serde::Deserialize;
use store::Result;
use uuid::Uuid;

use crate::questions::most_read_back;

/// Where and why a question is worth teaching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The conversation it was asked in.
    pub conversation: ConversationId,
    /// The number of the customer's message.
    pub seq: i64,
    /// When that turned out.
    pub at: Ts,
    /// The language of the bot's reply.
    pub lang: Lang,
    /// Why.
    pub reason: Reason,
    /// The entry that was pressed, or that did not help or was not sure.
    pub about: Option<String>,
}

/// A question that the bot can learn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Where and why.
    pub noted: Noted,
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
    struct Row { conversation_id: Uuid, seq: i64, at: i64, lang: String, reason: String, about: Option<String>, body: Option<String> }
}

/// Records questions, each at most once. One that is recorded already gets the stronger of both reasons, unless it is settled. Returns how many are new or changed.
pub async fn note(tx: &mut Tx, tenant: TenantId, found: &[Noted]) -> Result<u64> {
    let row = |noted: &Noted| {
        let place = [Value::Uuid(tenant.uuid()), Value::Uuid(noted.conversation.uuid()), Value::Int(Some(noted.seq)), Value::Int(Some(noted.at.0))];
        let state = [Value::Text(Some(noted.lang.tag())), Value::Text(Some(Settled::Open.as_str()))];
        let why = [Value::Text(Some(noted.reason.as_str())), Value::Int(Some(noted.reason.weight())), Value::Owned(noted.about.clone())];
        [&place[..], &state[..], &why[..]].concat()
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let head = "INSERT INTO unanswered (tenant_id, conversation_id, seq, at, lang, state, reason, weight, about) VALUES";
    let tail = "ON CONFLICT (tenant_id, conversation_id, seq) DO UPDATE SET reason = excluded.reason, weight = excluded.weight, about = excluded.about
         WHERE unanswered.state = 'open' AND unanswered.weight < excluded.weight";
    Ok(bulk::execute(tx, head, &rows, tail).await?)
}

/// Forgets a question that was recorded only because the answer did not help: the customer thought better of it. Returns whether it was.
pub async fn withdraw(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<bool> {
    let gone = q!(tx, |c| sqlx::query(
        "DELETE FROM unanswered WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3 AND reason = 'not_helpful' AND state = 'open'"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

/// Which open questions are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Those that turned out to be worth teaching at this time or later.
    pub since: Ts,
    /// And before this time.
    pub until: Ts,
    /// Only those to which the bot had no answer, or after which the customer asked for a person.
    pub is_missed: bool,
}

impl Wanted {
    /// All of them since a time.
    pub const fn since(since: Ts) -> Self {
        Self { since, until: Ts(i64::MAX), is_missed: false }
    }
}

/// Open questions, newest first, at most `limit`. Recalled messages have no text and are left out.
pub async fn open(tx: &mut Tx, tenant: TenantId, wanted: Wanted, limit: i64) -> Result<Vec<Unanswered>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT u.conversation_id, u.seq, u.at, u.lang, u.reason, u.about, e.body FROM unanswered u
         JOIN journal_entries e ON e.tenant_id = u.tenant_id AND e.stream_id = u.conversation_id AND e.seq = u.seq
         WHERE u.tenant_id = $1 AND u.state = 'open' AND u.at >= $2 AND u.at < $4 AND ($5 = 0 OR u.reason IN ('unanswered', 'handed_over'))
           AND e.body_state = 'plain' AND LENGTH(e.body) <= ",
        most_read_back!(),
        " ORDER BY u.at DESC, u.conversation_id, u.seq LIMIT $3"
    ))
    .bind(tenant.uuid())
    .bind(wanted.since.0)
    .bind(limit)
    .bind(wanted.until.0)
    .bind(i64::from(wanted.is_missed))
    .fetch_all(c)
    .await)?;
    let read = |row: Row| {
        let body: Words = serde_json::from_str(row.body.as_deref()?).ok()?;
        let text = body.text.filter(|text| !text.trim().is_empty())?;
        let (conversation, lang) = (ConversationId::new(row.conversation_id), Lang::from_tag(&row.lang));
        let reason = Reason::parse(&row.reason).unwrap_or(Reason::Unanswered);
        Some(Unanswered { noted: Noted { conversation, seq: row.seq, at: Ts(row.at), lang, reason, about: row.about }, text })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The number of open questions since a time.
pub async fn count(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT COUNT(*) FROM unanswered u JOIN journal_entries e ON e.tenant_id = u.tenant_id AND e.stream_id = u.conversation_id AND e.seq = u.seq
         WHERE u.tenant_id = $1 AND u.state = 'open' AND u.at >= $2 AND e.body_state = 'plain' AND LENGTH(e.body) <= ",
        most_read_back!()
    ))
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
