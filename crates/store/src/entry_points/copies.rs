//! What is asked of a record as a whole, also of a copy that nobody serves: which history it holds, and which files belong to it.

use db::{Db, Tx, q, row};
use domain::{
    id::{FileId, PictureId, StreamName, TenantId},
    journal::{StoredEntry, StreamKind, View},
};
use uuid::Uuid;

use crate::{Error, Result};

/// The generation of a record; `None` of one that was never served.
pub async fn generation_of(tx: &mut Tx) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM installation WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(|(generation,)| generation))
}

/// Gives a record another generation: what clients know of streams they ask for anew.
pub async fn change_generation(tx: &mut Tx, fresh: Uuid) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE installation SET generation = $1 WHERE one = 1").bind(fresh).execute(c).await.map(drop))?;
    Ok(())
}

/// The same, of the record that is served.
pub async fn begin_generation(db: &Db, fresh: Uuid) -> Result<()> {
    db.writer().write(db::Shard::Any, move |tx| Box::pin(async move { change_generation(tx, fresh).await })).await
}

/// The entry that was stored last, in whatever stream.
pub async fn last_entry_of(tx: &mut Tx) -> Result<Option<StoredEntry>> {
    let place: Option<(Uuid, Uuid, String, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT e.tenant_id, e.stream_id, h.kind, e.seq FROM journal_entries e
         JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id ORDER BY e.pos DESC LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    let Some((tenant, id, kind, seq)) = place else { return Ok(None) };
    let kind = StreamKind::parse(&kind).ok_or_else(|| Error::Db(db::Error::Corrupt(format!("stream kind {kind}"))))?;
    let page = db::journal::page(tx, TenantId::new(tenant), StreamName { kind, id }, View::Staff, seq - 1, 1).await?;
    Ok(page.into_iter().next())
}

/// The same, of the record that is served.
pub async fn last_entry(db: &Db) -> Result<Option<StoredEntry>> {
    last_entry_of(&mut db.read().await?).await
}

/// Something whose bytes lie beside the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// An uploaded file.
    File(FileId),
    /// A picture of goods.
    Picture(PictureId),
}

row! {
    struct KeptRow { tenant_id: Uuid, id: Uuid }
}

/// Uploaded files of all companies that come after this one, at most `limit`.
pub async fn kept_files(tx: &mut Tx, after: (TenantId, Uuid), limit: i64) -> Result<Vec<(TenantId, Kept)>> {
    let sql = "SELECT tenant_id, id FROM files WHERE tenant_id > $1 OR (tenant_id = $1 AND id > $2) ORDER BY tenant_id, id LIMIT $3";
    let rows: Vec<KeptRow> = q!(tx, |c| sqlx::query_as(sql).bind(after.0.uuid()).bind(after.1).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| (TenantId::new(row.tenant_id), Kept::File(FileId::new(row.id)))).collect())
}

/// The same, pictures of goods.
pub async fn kept_pictures(tx: &mut Tx, after: (TenantId, Uuid), limit: i64) -> Result<Vec<(TenantId, Kept)>> {
    let sql = "SELECT tenant_id, id FROM goods_pictures WHERE tenant_id > $1 OR (tenant_id = $1 AND id > $2) ORDER BY tenant_id, id LIMIT $3";
    let rows: Vec<KeptRow> = q!(tx, |c| sqlx::query_as(sql).bind(after.0.uuid()).bind(after.1).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| (TenantId::new(row.tenant_id), Kept::Picture(PictureId::new(row.id)))).collect())
}

/// Whether the record names this.
pub async fn is_kept(tx: &mut Tx, tenant: TenantId, kept: Kept) -> Result<bool> {
    let (sql, id) = match kept {
        Kept::File(id) => ("SELECT COUNT(*) FROM files WHERE tenant_id = $1 AND id = $2", id.uuid()),
        Kept::Picture(id) => ("SELECT COUNT(*) FROM goods_pictures WHERE tenant_id = $1 AND id = $2", id.uuid()),
    };
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id).fetch_one(c).await)?;
    Ok(found > 0)
}
