//! Metadata of uploaded files. The bytes are stored in the data folder.

use db::{Tx, bulk::Value, q};
use domain::{
    entry::body::FileCard,
    id::{AgentId, ConversationId, FileId, TenantId, VisitorId},
    refusal::{Code, Refusal},
    time::Ts,
};
use store::{
    Error, Result, table,
    table::{Cells, Column, corrupt},
};
use uuid::Uuid;

/// The uploader of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOwner {
    /// A visitor.
    Visitor(VisitorId),
    /// A member of the staff.
    Agent(AgentId),
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// The id.
    pub id: FileId,
    /// The uploader.
    pub owner: FileOwner,
    /// The conversation it was sent in, once it has been sent.
    pub conversation: Option<ConversationId>,
    /// Whether it belongs to a private note there, which the customer does not see.
    pub is_private: bool,
    /// The file name on the uploader's device.
    pub name: String,
    /// The MIME type detected from its first bytes.
    pub mime: String,
    /// The size in bytes.
    pub size: i64,
    /// Width and height in pixels, for an image.
    pub dimensions: Option<(i64, i64)>,
    /// When it was uploaded.
    pub created_at: Ts,
}

impl StoredFile {
    /// The card a conversation shows for it.
    pub fn card(&self) -> FileCard {
        let Self { id, name, mime, size, dimensions, .. } = self;
        let (width, height) = dimensions.unzip();
        FileCard { id: *id, name: name.clone(), size: *size, mime: mime.clone(), width, height }
    }
}

table! {
    StoredFile in "files" {
        key { id: FileId [id] }
        fixed {
            owner: FileOwner [owner_kind, owner_id], conversation: Option<ConversationId> [conversation_id], is_private: bool [is_private], name: String [name],
            mime: String [mime], size: i64 [size], dimensions: Option<(i64, i64)> [width, height], created_at: Ts [created_at],
        }
    }
}

impl Column for FileOwner {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        let Some((kind, id)) = <(String, Uuid)>::read(cells, columns)? else { return Ok(None) };
        match kind.as_str() {
            "visitor" => Ok(Some(Self::Visitor(VisitorId::new(id)))),
            "agent" => Ok(Some(Self::Agent(AgentId::new(id)))),
            _ => Err(corrupt(columns, kind)),
        }
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        let (kind, id) = match value {
            Some(Self::Visitor(id)) => (Some("visitor"), Some(id.uuid())),
            Some(Self::Agent(id)) => (Some("agent"), Some(id.uuid())),
            None => (None, None),
        };
        into.extend([Value::Text(kind), Value::Id(id)]);
        Ok(())
    }
}

/// The code of the refusal when a company has used up its space for files.
pub const FULL: Code = Code::FilesFull;

/// The total size of a company's files in bytes.
pub async fn bytes(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT bytes FROM file_sums WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(found.map_or(0, |(bytes,)| bytes))
}

/// Adds to the total size of a company's files, or subtracts from it.
async fn count(tx: &mut Tx, tenant: TenantId, bytes: i64) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO file_sums (tenant_id, bytes) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET bytes = file_sums.bytes + excluded.bytes"
    )
    .bind(tenant.uuid())
    .bind(bytes)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Like [`insert`], but refused with [`FULL`] if the company would then have more than `most` bytes.
pub async fn insert_within(tx: &mut Tx, tenant: TenantId, file: &StoredFile, most: i64) -> Result<()> {
    insert(tx, tenant, file).await?;
    if bytes(tx, tenant).await? > most { Err(Refusal::new(FULL).into()) } else { Ok(()) }
}

/// Deletes a file that was uploaded before a time and never sent, or taken back. Returns whether there was one.
pub async fn forget_unsent(tx: &mut Tx, tenant: TenantId, id: FileId, before: Ts) -> Result<bool> {
    let gone: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "DELETE FROM files WHERE tenant_id = $1 AND id = $2 AND conversation_id IS NULL AND (created_at < $3 OR recalled_at IS NOT NULL) RETURNING size"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(before.0)
    .fetch_optional(c)
    .await)?;
    let Some((size,)) = gone else { return Ok(false) };
    count(tx, tenant, -size).await?;
    Ok(true)
}

/// Adds an uploaded file.
pub async fn insert(tx: &mut Tx, tenant: TenantId, file: &StoredFile) -> Result<()> {
    count(tx, tenant, file.size).await?;
    table::insert(tx, tenant, file).await
}

/// A file by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: FileId) -> Result<StoredFile> {
    let sql = table::select::<StoredFile>("AND id = $2 AND recalled_at IS NULL");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// Records the conversation a file was sent in, visible to both sides; [`Error::Stale`] if it was sent in a different one before.
pub async fn attach(tx: &mut Tx, tenant: TenantId, id: FileId, conversation: ConversationId) -> Result<()> {
    let sql = "UPDATE files SET conversation_id = $3, is_private = 0
               WHERE tenant_id = $1 AND id = $2 AND (conversation_id IS NULL OR conversation_id = $3)";
    attach_by(tx, sql, tenant, id, conversation).await
}

/// Records that a file belongs to a private note in the conversation: only staff see it, unless it
/// was already sent there to both sides. [`Error::Stale`] if it was sent in a different conversation.
pub async fn attach_to_note(tx: &mut Tx, tenant: TenantId, id: FileId, conversation: ConversationId) -> Result<()> {
    let sql = "UPDATE files SET conversation_id = $3, is_private = CASE WHEN conversation_id IS NULL THEN 1 ELSE is_private END
               WHERE tenant_id = $1 AND id = $2 AND (conversation_id IS NULL OR conversation_id = $3)";
    attach_by(tx, sql, tenant, id, conversation).await
}

async fn attach_by(tx: &mut Tx, sql: &'static str, tenant: TenantId, id: FileId, conversation: ConversationId) -> Result<()> {
    let attached =
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).bind(conversation.uuid()).execute(c).await.map(|done| done.rows_affected()))?;
    if attached == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Takes a file back that was sent in a message that its author recalled: nobody gets it any more, and it is deleted when the job for files next runs.
pub async fn recall(tx: &mut Tx, tenant: TenantId, id: FileId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE files SET conversation_id = NULL, recalled_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// From now on, only the staff get a file: no message shows it any more, but a note does.
pub async fn hide(tx: &mut Tx, tenant: TenantId, id: FileId) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE files SET is_private = 1 WHERE tenant_id = $1 AND id = $2").bind(tenant.uuid()).bind(id.uuid()).execute(c).await.map(drop))?;
    Ok(())
}
