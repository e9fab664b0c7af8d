//! How long a company keeps what people said, sent and looked at, and what has become older than that.

use db::{Tx, q};
use domain::{
    id::{ConversationId, FileId, TenantId},
    time::Ts,
};
use store::Result;
use uuid::Uuid;

use crate::{Places, count};

/// After how many days each kind of thing is erased; `None` is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// What was said in conversations that have ended, counted from the last thing said.
    pub conversations: Option<i64>,
    /// Files in conversations that have ended, counted from their upload.
    pub files: Option<i64>,
    /// What somebody looked at or asked for, counted from the last time.
    pub views: Option<i64>,
}

/// How much of a kind is older than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Due {
    /// How many there are.
    pub count: i64,
    /// From when the oldest is; of conversations, when it began.
    pub oldest: Option<Ts>,
}

impl From<(i64, Option<i64>)> for Due {
    fn from((count, oldest): (i64, Option<i64>)) -> Self {
        Self { count, oldest: oldest.map(Ts) }
    }
}

/// How long a company keeps things; at first for ever.
pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Retention> {
    let row: Option<(Option<i64>, Option<i64>, Option<i64>)> =
        q!(tx, |c| sqlx::query_as("SELECT conversation_days, file_days, view_days FROM privacy_settings WHERE tenant_id = $1")
            .bind(tenant.uuid())
            .fetch_optional(c)
            .await)?;
    let (conversations, files, views) = row.unwrap_or_default();
    Ok(Retention { conversations, files, views })
}

/// Sets how long a company keeps things; from now on these rules are due.
pub async fn set(tx: &mut Tx, tenant: TenantId, new: Retention) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO privacy_settings (tenant_id, four_eyes, conversation_days, file_days, view_days, updated_at) VALUES ($1, 0, $2, $3, $4, $5)
         ON CONFLICT (tenant_id) DO UPDATE SET conversation_days = excluded.conversation_days, file_days = excluded.file_days, view_days = excluded.view_days,
           applied_at = NULL, updated_at = excluded.updated_at"
    )
    .bind(tenant.uuid())
    .bind(new.conversations)
    .bind(new.files)
    .bind(new.views)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Conversations that have ended, in which nobody has said anything since a time, and that still say something. What the program notes does not count: it also notes
/// that something was erased. One that is hidden counts: if the program ended in between, it is erased now.
macro_rules! old_conversations {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM conversations c WHERE c.tenant_id = $1 AND c.state IN ('resolved', 'closed') AND c.created_at < $2
                AND EXISTS (SELECT 1 FROM journal_entries e WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.body_state = 'plain'
                  AND e.kind IN ",
            kinds_with_words!(),
            ")
                AND NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.at >= $2
                  AND e.kind IN ",
            kinds_with_words!(),
            ") ",
            $rest
        )
    };
}

/// Files in conversations that have ended, uploaded before a time.
macro_rules! old_files {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM files f JOIN conversations c ON c.tenant_id = f.tenant_id AND c.id = f.conversation_id
              WHERE f.tenant_id = $1 AND f.created_at < $2 AND c.state IN ('resolved', 'closed') AND c.erasing_at IS NULL ",
            $rest
        )
    };
}

/// In how many conversations something was last said before a time, and when the oldest began.
pub async fn due_conversations(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<Due> {
    let row: (i64, Option<i64>) =
        q!(tx, |c| sqlx::query_as(old_conversations!("COUNT(*), MIN(c.created_at)", "")).bind(tenant.uuid()).bind(before.0).fetch_one(c).await)?;
    Ok(row.into())
}

/// How many files were uploaded before a time.
pub async fn due_files(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<Due> {
    let row: (i64, Option<i64>) =
        q!(tx, |c| sqlx::query_as(old_files!("COUNT(*), MIN(f.created_at)", "")).bind(tenant.uuid()).bind(before.0).fetch_one(c).await)?;
    Ok(row.into())
}

/// How many things were last looked at before a time.
pub async fn due_views(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<Due> {
    let row: (i64, Option<i64>) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*), MIN(at) FROM recommendation_signals WHERE tenant_id = $1 AND at < $2")
        .bind(tenant.uuid())
        .bind(before.0)
        .fetch_one(c)
        .await)?;
    Ok(row.into())
}

/// Some of the conversations in which something was last said before a time, the oldest first.
pub async fn old_conversations(tx: &mut Tx, tenant: TenantId, before: Ts, limit: i64) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(old_conversations!("c.id", "ORDER BY c.created_at, c.id LIMIT $3"))
        .bind(tenant.uuid())
        .bind(before.0)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// Some of the files that were uploaded before a time, each with its conversation, the oldest first.
pub async fn old_files(tx: &mut Tx, tenant: TenantId, before: Ts, limit: i64) -> Result<Vec<(ConversationId, FileId)>> {
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(old_files!("c.id, f.id", "ORDER BY f.created_at, f.id LIMIT $3"))
        .bind(tenant.uuid())
        .bind(before.0)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(conversation, file)| (ConversationId::new(conversation), FileId::new(file))).collect())
}

/// Whether something was last looked at before a time.
pub async fn any_view(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT at FROM recommendation_signals WHERE tenant_id = $1 AND at < $2 LIMIT 1")
        .bind(tenant.uuid())
        .bind(before.0)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// Deletes some of what was last looked at before a time.
pub async fn delete_views(tx: &mut Tx, tenant: TenantId, before: Ts, limit: i64) -> Result<Places> {
    let deleted = q!(tx, |c| sqlx::query(
        "DELETE FROM recommendation_signals WHERE (tenant_id, visitor_id, kind, item) IN
           (SELECT tenant_id, visitor_id, kind, item FROM recommendation_signals WHERE tenant_id = $1 AND at < $2 LIMIT $3)"
    )
    .bind(tenant.uuid())
    .bind(before.0)
    .bind(limit)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    let mut places = Places::new();
    count(&mut places, "interests", deleted);
    Ok(places)
}

/// Notes that the rules of a company were applied now.
pub async fn note_applied(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE privacy_settings SET applied_at = $2 WHERE tenant_id = $1").bind(tenant.uuid()).bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}
