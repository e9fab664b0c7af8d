//! What is asked of a record as a whole, also of a copy that nobody serves: which history it holds, and which files belong to it.

use db::{Db, Tx, q, row};
use domain::{
    id::{FileId, PictureId, TenantId},
    journal::{StoredEntry, View},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, request_keys::KEEP_BRIEFLY_MS};

/// What lets somebody in and may have been taken back in the history that is gone, as far as it runs out at that time or later: sessions of the staff and of
/// customers with what their widgets were given, tickets, one-time links, codes, and links of walls.
///
/// What anonymous visitors hold stays: nothing else tells who they are, and without it nobody could ever read those conversations again.
const TAKEN_BACK: [&str; 8] = [
    "DELETE FROM staff_sessions WHERE token_hash IN (SELECT token_hash FROM staff_sessions WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_sessions WHERE token_hash IN (SELECT token_hash FROM customer_sessions WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM visitor_devices WHERE secret_hash IN
       (SELECT secret_hash FROM visitor_devices WHERE customer_session_id IS NOT NULL AND expires_at >= $1 LIMIT $2)",
    "DELETE FROM visitor_tokens WHERE token_hash IN
       (SELECT token_hash FROM visitor_tokens WHERE customer_session_id IS NOT NULL AND expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_tickets WHERE ticket_hash IN (SELECT ticket_hash FROM customer_tickets WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM sign_in_links WHERE token_hash IN (SELECT token_hash FROM sign_in_links WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_codes WHERE handle_hash IN (SELECT handle_hash FROM customer_codes WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM wall_links WHERE token_hash IN (SELECT token_hash FROM wall_links WHERE expires_at >= $1 LIMIT $2)",
];
/// Answers that are kept for requests that are repeated, as far as they may hold a secret.
const KEPT_SECRETS: &str = "DELETE FROM request_keys WHERE (tenant_id, actor_id, operation, key) IN
    (SELECT tenant_id, actor_id, operation, key FROM request_keys WHERE expires_at <= $1 LIMIT $2)";
/// Rows that end in one transaction: however many there are, no write takes long.
const ENDED_AT_ONCE: i64 = 500;

/// Every such statement, with the time it is about. No clock decides what has run out: it may be another one than before.
fn taken_back(now: Ts) -> impl Iterator<Item = (&'static str, Ts)> {
    TAKEN_BACK.into_iter().map(|sql| (sql, Ts(0))).chain([(KEPT_SECRETS, now.plus(KEEP_BRIEFLY_MS))])
}

/// Runs one of them once; whether more is left.
async fn take_some_back(tx: &mut Tx, (sql, at): (&'static str, Ts)) -> Result<bool> {
    let ended = q!(tx, |c| sqlx::query(sql).bind(at.0).bind(ENDED_AT_ONCE).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(ended == ENDED_AT_ONCE.unsigned_abs())
}

/// Ends all sign-ins of a record that may be an older copy: which of them had ended since nobody knows.
pub(super) async fn end_sign_ins(tx: &mut Tx) -> Result<()> {
    for what in taken_back(tx.now()) {
        while take_some_back(tx, what).await? {}
    }
    Ok(())
}

/// The generation of a record; `None` of one that was never served.
pub async fn generation_of(tx: &mut Tx) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM installation WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(|(generation,)| generation))
}

/// Gives a record that nobody serves another generation: what clients know of streams they ask for anew. All sign-ins end, links of walls and one-time links too; what
/// anonymous visitors hold stays.
pub async fn change_generation(tx: &mut Tx, fresh: Uuid) -> Result<()> {
    end_sign_ins(tx).await?;
    note_generation(tx, fresh).await
}

async fn note_generation(tx: &mut Tx, fresh: Uuid) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE installation SET generation = $1 WHERE one = 1").bind(fresh).execute(c).await.map(drop))?;
    Ok(())
}

/// The same, of the record that is served. The generation changes last: who is interrupted has to begin again.
pub async fn begin_generation(db: &Db, fresh: Uuid) -> Result<()> {
    let now = db.read().await?.now();
    for what in taken_back(now) {
        while db.writer().write(db::Shard::Any, move |tx| Box::pin(take_some_back(tx, what))).await? {}
    }
    db.writer().write(db::Shard::Any, move |tx| Box::pin(note_generation(tx, fresh))).await
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
