//! Metadata of uploaded files. The bytes are stored in the data folder.

use db::{Tx, q, row};
use domain::{
    entry::body::FileCard,
    id::{AgentId, ConversationId, FileId, TenantId, VisitorId},
    refusal::{Code, Refusal},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

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

row! {
    struct Row {
        id: Uuid, owner_kind: String, owner_id: Uuid, conversation_id: Option<Uuid>, is_private: i64, name: String, mime: String, size: i64,
        width: Option<i64>, height: Option<i64>, created_at: i64,
    }
}

impl TryFrom<Row> for StoredFile {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let owner = match row.owner_kind.as_str() {
            "visitor" => FileOwner::Visitor(VisitorId::new(row.owner_id)),
            "agent" => FileOwner::Agent(AgentId::new(row.owner_id)),
            other => return Err(Error::Db(db::Error::Corrupt(format!("files.owner_kind {other}")))),
        };
        Ok(Self {
            id: FileId::new(row.id),
            owner,
            conversation: row.conversation_id.map(ConversationId::new),
            is_private: row.is_private != 0,
            name: row.name,
            mime: row.mime,
            size: row.size,
            dimensions: row.width.zip(row.height),
            created_at: Ts(row.created_at),
        })
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

/// Deletes a file that was uploaded before a time and never sent. Returns whether there was one.
pub async fn forget_unsent(tx: &mut Tx, tenant: TenantId, id: FileId, before: Ts) -> Result<bool> {
    let gone: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("DELETE FROM files WHERE tenant_id = $1 AND id = $2 AND conversation_id IS NULL AND created_at < $3 RETURNING size")
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
    let (kind, owner) = match file.owner {
        FileOwner::Visitor(id) => ("visitor", id.uuid()),
        FileOwner::Agent(id) => ("agent", id.uuid()),
    };
    q!(tx, |c| sqlx::query(
        "INSERT INTO files (tenant_id, id, owner_kind, owner_id, conversation_id, is_private, name, mime, size, width, height, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    )
    .bind(tenant.uuid())
    .bind(file.id.uuid())
    .bind(kind)
    .bind(owner)
    .bind(file.conversation.map(ConversationId::uuid))
    .bind(i64::from(file.is_private))
    .bind(&file.name)
    .bind(&file.mime)
    .bind(file.size)
    .bind(file.dimensions.map(|(width, _)| width))
    .bind(file.dimensions.map(|(_, height)| height))
    .bind(file.created_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A file by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: FileId) -> Result<StoredFile> {
    let row: Option<Row> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT id, owner_kind, owner_id, conversation_id, is_private, name, mime, size, width, height, created_at FROM files WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await
    })?;
    row.ok_or(Error::NotFound)?.try_into()
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
