//! Erases what was said in a conversation. Its entries keep their numbers, times and facts; its row keeps what numbers are made of.

use db::{Tx, journal, q, row};
use domain::{
    entry::{EntryKind, fact::OfEntry},
    erasure::has_words,
    id::{ConversationId, FileId, TenantId, VisitorId},
    time::Ts,
};
use store::Result;
use uuid::Uuid;

use crate::{Places, add, count, each};

/// Hides all conversations of a visitor that can be hidden: nobody sees them until they are erased.
pub async fn hide_all(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE conversations SET erasing_at = $3 WHERE tenant_id = $1 AND visitor_id = $2 AND erasing_at IS NULL")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Hides a conversation until it is erased.
pub async fn hide(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE conversations SET erasing_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND erasing_at IS NULL")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The open conversations of a visitor.
pub async fn open_of(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 AND state NOT IN ('resolved', 'closed') AND erasing_at IS NULL ORDER BY id"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// Some conversations of a visitor, hidden or not.
pub async fn some_of(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, limit: i64) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 ORDER BY id LIMIT $3")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// The number of the episode of a conversation, hidden or not, and its version.
pub async fn episode_of(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<(i64, i64)> {
    let row: Option<(i64, i64)> = q!(tx, |c| sqlx::query_as("SELECT episode, version FROM conversations WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    row.ok_or(store::Error::NotFound)
}

/// The visitor of a conversation, hidden or not; `None` if there is no such conversation.
pub async fn visitor_of(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Option<VisitorId>> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT visitor_id FROM conversations WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(id,)| VisitorId::new(id)))
}

row! {
    /// An entry that may have words.
    pub struct Said {
        /// Its number.
        pub seq: i64,
        /// Its kind.
        pub kind: String,
        /// Who said it.
        pub actor_kind: String,
        /// Its number among the messages of its side.
        pub ord: Option<i64>,
        /// What was said, as JSON; empty if it was taken back before.
        pub body: Option<String>,
        /// Whether it is a question that the bot could not answer well: how it was settled.
        pub noted: Option<String>,
        /// The entry of the knowledge that it was taught as.
        pub taught: Option<String>,
    }
}

impl Said {
    /// Whether it has words that an erasure takes back.
    pub fn has_words(&self) -> bool {
        EntryKind::parse(&self.kind).is_some_and(has_words)
    }
}

/// The entries of a conversation after a number, in order.
pub async fn entries_after(tx: &mut Tx, tenant: TenantId, id: ConversationId, after: i64, limit: i64) -> Result<Vec<Said>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT e.seq, e.kind, e.actor_kind, e.ord, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, u.state AS noted, u.entry_id AS taught
         FROM journal_entries e LEFT JOIN unanswered u ON u.tenant_id = e.tenant_id AND u.conversation_id = e.stream_id AND u.seq = e.seq
         WHERE e.tenant_id = $1 AND e.stream_id = $2 AND e.seq > $3 ORDER BY e.seq LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// The messages and notes of a conversation before a number and not before a time, the last one first.
pub async fn messages_before(tx: &mut Tx, tenant: TenantId, id: ConversationId, (before, since): (i64, Ts), limit: i64) -> Result<Vec<Said>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT e.seq, e.kind, e.actor_kind, e.ord, e.body, CAST(NULL AS TEXT) AS noted, CAST(NULL AS TEXT) AS taught
         FROM journal_entries e
         WHERE e.tenant_id = $1 AND e.stream_id = $2 AND e.seq < $3 AND e.seq > COALESCE((SELECT o.seq FROM journal_entries o
             WHERE o.tenant_id = $1 AND o.stream_id = $2 AND o.seq < $3 AND o.at < $4 ORDER BY o.seq DESC LIMIT 1), 0)
           AND e.kind IN ('message', 'note') AND e.body_state = 'plain' ORDER BY e.seq DESC LIMIT $5"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(before)
    .bind(since.0)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// The numbers of what the bot told the agents after an entry, which may quote it.
pub async fn handoffs_after(tx: &mut Tx, tenant: TenantId, id: ConversationId, seq: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 AND kind = 'handoff' AND body_state = 'plain' ORDER BY seq"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(seq)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(seq,)| seq).collect())
}

/// The numbers of the corrections of an entry: they say what it said, before and after.
pub async fn corrections_of(tx: &mut Tx, tenant: TenantId, id: ConversationId, seq: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 AND kind IN ('corrected', 'note_corrected')
           AND body_state = 'plain' ORDER BY seq"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(seq)
    .fetch_all(c)
    .await)?;
    let corrects = |facts: &str| serde_json::from_str::<OfEntry>(facts).is_ok_and(|fact| fact.of == seq);
    Ok(rows.into_iter().filter(|(_, facts)| corrects(facts)).map(|(seq, _)| seq).collect())
}

/// Everything of a conversation beside its entries and files.
const BESIDE: &[(&str, &str)] = &[
    ("comments", "UPDATE episodes SET comment = NULL WHERE tenant_id = $1 AND conversation_id = $2 AND comment IS NOT NULL"),
    ("left_messages", "DELETE FROM left_messages WHERE tenant_id = $1 AND conversation_id = $2"),
    ("rating_comments", "DELETE FROM rating_comments WHERE tenant_id = $1 AND conversation_id = $2"),
    ("hidden_numbers", "DELETE FROM hidden_numbers WHERE tenant_id = $1 AND conversation_id = $2"),
    ("questions", "DELETE FROM unanswered WHERE tenant_id = $1 AND conversation_id = $2"),
    ("bot_threads", "DELETE FROM bot_threads WHERE tenant_id = $1 AND conversation_id = $2"),
    ("alerts", "DELETE FROM alerts WHERE tenant_id = $1 AND subject_id = $2"),
    ("interventions", "DELETE FROM interventions WHERE tenant_id = $1 AND conversation_id = $2"),
    ("interests", "DELETE FROM recommendation_signals WHERE tenant_id = $1 AND conversation_id = $2"),
    ("refused_sends", "DELETE FROM journal_refusals WHERE tenant_id = $1 AND stream_id = $2"),
    (
        "webhook_answers",
        "UPDATE webhook_attempts SET excerpt = '' WHERE tenant_id = $1 AND excerpt <> ''
           AND delivery_id IN (SELECT d.id FROM webhook_deliveries d WHERE d.tenant_id = $1 AND d.stream_id = $2)",
    ),
    ("pages", "UPDATE conversations SET page = NULL WHERE tenant_id = $1 AND id = $2 AND page IS NOT NULL"),
];

/// Erases what a conversation has beside its entries and files, and shows it again: from now on it is a list of what happened, in which nobody says anything.
pub async fn erase_beside(tx: &mut Tx, tenant: TenantId, id: ConversationId, successor: Option<VisitorId>) -> Result<Places> {
    let places = each(tx, tenant, id.uuid(), BESIDE).await?;
    if let (Some(to), Some(from)) = (successor, visitor_of(tx, tenant, id).await?) {
        journal::pass_on(tx, tenant, id.uuid(), from.uuid(), to.uuid()).await?;
    }
    q!(tx, |c| sqlx::query(
        "UPDATE conversations SET left_at = NULL, alerted_at = NULL, danger_of = NULL, erasing_at = NULL, version = version + 1,
           visitor_id = COALESCE($3, visitor_id) WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(successor.map(VisitorId::uuid))
    .execute(c)
    .await
    .map(drop))?;
    Ok(places)
}

/// Erases what one message has elsewhere.
pub async fn erase_message(tx: &mut Tx, tenant: TenantId, id: ConversationId, seq: i64) -> Result<Places> {
    let mut places = Places::new();
    for (place, sql) in [
        ("questions", "DELETE FROM unanswered WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"),
        ("left_messages", "DELETE FROM left_messages WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"),
        ("rating_comments", "DELETE FROM rating_comments WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"),
        ("hidden_numbers", "DELETE FROM hidden_numbers WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"),
    ] {
        let changed = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).bind(seq).execute(c).await.map(|done| done.rows_affected()))?;
        count(&mut places, place, changed);
    }
    // A summary of the conversation with the bot, and its thread, may quote it.
    add(&mut places, each(tx, tenant, id.uuid(), &[QUOTES]).await?);
    Ok(places)
}

const QUOTES: (&str, &str) = ("bot_threads", "DELETE FROM bot_threads WHERE tenant_id = $1 AND conversation_id = $2");

/// Deletes the rows of files; returns the files whose bytes are still on the disk, with their sizes.
async fn forget_files(tx: &mut Tx, tenant: TenantId, found: Vec<(Uuid, i64)>) -> Result<Vec<FileId>> {
    let bytes: i64 = found.iter().map(|(_, size)| *size).sum();
    if bytes > 0 {
        q!(tx, |c| sqlx::query("UPDATE file_sums SET bytes = bytes - $2 WHERE tenant_id = $1").bind(tenant.uuid()).bind(bytes).execute(c).await.map(drop))?;
    }
    Ok(found.into_iter().map(|(id, _)| FileId::new(id)).collect())
}

/// The files of a conversation, some at a time.
pub async fn files(tx: &mut Tx, tenant: TenantId, id: ConversationId, limit: i64) -> Result<Vec<FileId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM files WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY id LIMIT $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id,)| FileId::new(id)).collect())
}

/// The files that a visitor uploaded, sent or not, some at a time.
pub async fn files_of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, limit: i64) -> Result<Vec<FileId>> {
    let rows: Vec<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT id FROM files WHERE tenant_id = $1 AND owner_kind = 'visitor' AND owner_id = $2 ORDER BY id LIMIT $3")
            .bind(tenant.uuid())
            .bind(visitor.uuid())
            .bind(limit)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id,)| FileId::new(id)).collect())
}

/// Deletes the rows of files whose bytes are gone.
pub async fn delete_files(tx: &mut Tx, tenant: TenantId, ids: &[FileId]) -> Result<Places> {
    let mut places = Places::new();
    let mut found = Vec::new();
    for id in ids {
        let gone: Option<(Uuid, i64)> = q!(tx, |c| sqlx::query_as("DELETE FROM files WHERE tenant_id = $1 AND id = $2 RETURNING id, size")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .fetch_optional(c)
            .await)?;
        found.extend(gone);
    }
    let gone = forget_files(tx, tenant, found).await?;
    count(&mut places, "files", gone.len() as u64);
    Ok(places)
}

/// Whether a conversation has words from a time or before, or one entry of it has.
pub async fn still_has_words(tx: &mut Tx, tenant: TenantId, id: ConversationId, seq: Option<i64>, until: Ts) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT seq FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND ($3 = 0 OR seq = $3) AND at <= $4 AND body_state = 'plain'
           AND kind IN ",
        kinds_with_words!(),
        " LIMIT 1"
    ))
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(seq.unwrap_or(0))
    .bind(until.0)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}
