//! Questions about a record as a whole, including a copy that no node serves: the history it holds, and the files that belong to it.

use db::{Db, Tx, q, row};
use domain::{
    id::{FileId, PictureId, TenantId},
    journal::{StoredEntry, View},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, request_keys::KEEP_BRIEFLY_MS};

/// Deletes credentials that may have been revoked in the history that is lost, namely those that expire at a given time or later: sessions of staff and
/// customers with what their widgets obtained, tickets, one-time links, codes, wall links, and what the operator of the installation holds.
///
/// What anonymous visitors hold stays: nothing else identifies them, and without it nobody could ever read those conversations again.
const TAKEN_BACK: &[&str] = &[
    "DELETE FROM staff_sessions WHERE token_hash IN (SELECT token_hash FROM staff_sessions WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_sessions WHERE token_hash IN (SELECT token_hash FROM customer_sessions WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM visitor_devices WHERE secret_hash IN
       (SELECT secret_hash FROM visitor_devices WHERE customer_session_id IS NOT NULL AND expires_at >= $1 LIMIT $2)",
    "DELETE FROM visitor_tokens WHERE token_hash IN
       (SELECT token_hash FROM visitor_tokens WHERE customer_session_id IS NOT NULL AND expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_tickets WHERE ticket_hash IN (SELECT ticket_hash FROM customer_tickets WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM sign_in_links WHERE token_hash IN (SELECT token_hash FROM sign_in_links WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM sign_in_steps WHERE token_hash IN (SELECT token_hash FROM sign_in_steps WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM customer_codes WHERE handle_hash IN (SELECT handle_hash FROM customer_codes WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM operator_keys WHERE token_hash IN (SELECT token_hash FROM operator_keys WHERE expires_at >= $1 LIMIT $2)",
    "DELETE FROM wall_links WHERE token_hash IN (SELECT token_hash FROM wall_links WHERE expires_at >= $1 LIMIT $2)",
];
/// Deletes answers stored for repeated requests, as far as they may contain a secret.
const KEPT_SECRETS: &str = "DELETE FROM request_keys WHERE (tenant_id, actor_id, operation, key) IN
    (SELECT tenant_id, actor_id, operation, key FROM request_keys WHERE expires_at <= $1 LIMIT $2)";
/// The number of rows deleted in one transaction, so that no write takes long however many there are.
const ENDED_AT_ONCE: i64 = 500;

/// Every such statement with the time it applies to. No clock decides what has expired, because the clock may not be the one used before.
fn taken_back(now: Ts) -> impl Iterator<Item = (&'static str, Ts)> {
    TAKEN_BACK.iter().copied().map(|sql| (sql, Ts(0))).chain([(KEPT_SECRETS, now.plus(KEEP_BRIEFLY_MS))])
}

/// Runs one of the statements once. Returns whether more rows are left.
async fn take_some_back(tx: &mut Tx, (sql, at): (&'static str, Ts)) -> Result<bool> {
    let ended = q!(tx, |c| sqlx::query(sql).bind(at.0).bind(ENDED_AT_ONCE).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(ended == ENDED_AT_ONCE.unsigned_abs())
}

/// Ends all sign-ins of a record that may be an older copy, because which of them have ended since is unknown.
pub(super) async fn end_sign_ins(tx: &mut Tx) -> Result<()> {
    for what in taken_back(tx.now()) {
        while take_some_back(tx, what).await? {}
    }
    Ok(())
}

/// The generation of a record; `None` if it was never served.
pub async fn generation_of(tx: &mut Tx) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM installation WHERE one = 1").fetch_optional(c).await)?;
    Ok(found.map(|(generation,)| generation))
}

/// Gives a record that no node serves a new generation, so that clients fetch again what they know of streams. All sign-ins end, including wall links and
/// one-time links; what anonymous visitors hold stays.
pub async fn change_generation(tx: &mut Tx, fresh: Uuid) -> Result<()> {
    end_sign_ins(tx).await?;
    note_generation(tx, fresh).await
}

async fn note_generation(tx: &mut Tx, fresh: Uuid) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE installation SET generation = $1 WHERE one = 1").bind(fresh).execute(c).await.map(drop))?;
    Ok(())
}

/// Like [`change_generation`], for the record that is being served. The generation changes last, so that an interrupted run is started over.
pub async fn begin_generation(db: &Db, fresh: Uuid) -> Result<()> {
    let now = db.read().await?.now();
    for what in taken_back(now) {
        while db.writer().write(db::Shard::Any, move |tx| Box::pin(take_some_back(tx, what))).await? {}
    }
    db.writer().write(db::Shard::Any, move |tx| Box::pin(note_generation(tx, fresh))).await
}

/// The entry that was stored last, in any stream.
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

/// Like [`last_entry_of`], for the record that is being served.
pub async fn last_entry(db: &Db) -> Result<Option<StoredEntry>> {
    last_entry_of(&mut db.read().await?).await
}

/// Something whose bytes are stored outside the record.
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

/// Uploaded files of all companies, starting after this one, at most `limit`.
pub async fn kept_files(tx: &mut Tx, after: (TenantId, Uuid), limit: i64) -> Result<Vec<(TenantId, Kept)>> {
    let sql = "SELECT tenant_id, id FROM files WHERE tenant_id > $1 OR (tenant_id = $1 AND id > $2) ORDER BY tenant_id, id LIMIT $3";
    let rows: Vec<KeptRow> = q!(tx, |c| sqlx::query_as(sql).bind(after.0.uuid()).bind(after.1).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| (TenantId::new(row.tenant_id), Kept::File(FileId::new(row.id)))).collect())
}

/// Like [`kept_files`], for pictures of goods.
pub async fn kept_pictures(tx: &mut Tx, after: (TenantId, Uuid), limit: i64) -> Result<Vec<(TenantId, Kept)>> {
    let sql = "SELECT tenant_id, id FROM goods_pictures WHERE tenant_id > $1 OR (tenant_id = $1 AND id > $2) ORDER BY tenant_id, id LIMIT $3";
    let rows: Vec<KeptRow> = q!(tx, |c| sqlx::query_as(sql).bind(after.0.uuid()).bind(after.1).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| (TenantId::new(row.tenant_id), Kept::Picture(PictureId::new(row.id)))).collect())
}

/// Whether the record refers to this file or picture.
pub async fn is_kept(tx: &mut Tx, tenant: TenantId, kept: Kept) -> Result<bool> {
    let (sql, id) = match kept {
        Kept::File(id) => ("SELECT COUNT(*) FROM files WHERE tenant_id = $1 AND id = $2", id.uuid()),
        Kept::Picture(id) => ("SELECT COUNT(*) FROM goods_pictures WHERE tenant_id = $1 AND id = $2", id.uuid()),
    };
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id).fetch_one(c).await)?;
    Ok(found > 0)
}
