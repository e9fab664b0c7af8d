//! How long a company keeps its audit, and the anchor that stands for the entries that were deleted: the log begins after it.

use db::{Tx, journal, q, row};
use domain::{
    entry::{Body, body::Audited},
    id::TenantId,
    journal::View,
    time::Ts,
};

use crate::{Result, audit};

/// How long an audit is kept, as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// In days.
    pub kept_days: i64,
    /// The signature: a keyed digest.
    pub signature: String,
}

/// Stands for the entries of an audit log that were deleted, as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The number of the last entry that was deleted.
    pub seq: i64,
    /// Its chain.
    pub chain: String,
    /// Its time.
    pub at: Ts,
    /// When it was deleted.
    pub deleted_at: Ts,
    /// The signature: a keyed digest.
    pub signature: String,
}

row! {
    struct RetentionRow { kept_days: i64, signature: String }
}

row! {
    struct AnchorRow { seq: i64, chain: String, at: i64, deleted_at: i64, signature: String }
}

/// How long a company keeps its audit; `None` if it does so for ever.
pub async fn retention(tx: &mut Tx, tenant: TenantId) -> Result<Option<Retention>> {
    let sql = "SELECT kept_days, signature FROM audit_retention WHERE tenant_id = $1";
    let row: Option<RetentionRow> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|RetentionRow { kept_days, signature }| Retention { kept_days, signature }))
}

/// Sets how long a company keeps its audit; `None` for ever.
pub async fn set_retention(tx: &mut Tx, tenant: TenantId, retention: Option<&Retention>) -> Result<()> {
    let Some(Retention { kept_days, signature }) = retention else {
        q!(tx, |c| sqlx::query("DELETE FROM audit_retention WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
        return Ok(());
    };
    q!(tx, |c| sqlx::query(
        "INSERT INTO audit_retention (tenant_id, kept_days, signature) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET kept_days = excluded.kept_days, signature = excluded.signature"
    )
    .bind(tenant.uuid())
    .bind(kept_days)
    .bind(signature)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The anchor after which a company's audit log begins; `None` if nothing was deleted from it.
pub async fn anchor(tx: &mut Tx, tenant: TenantId) -> Result<Option<Anchor>> {
    let sql = "SELECT seq, chain, at, deleted_at, signature FROM audit_anchors WHERE tenant_id = $1";
    let row: Option<AnchorRow> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|AnchorRow { seq, chain, at, deleted_at, signature }| Anchor { seq, chain, at: Ts(at), deleted_at: Ts(deleted_at), signature }))
}

/// The last of the oldest entries, at most `limit`, that were all written before a time: its number, its time and its chain. The end that was signed last is never
/// one of them: the next entry is chained to it.
pub async fn due(tx: &mut Tx, tenant: TenantId, before: Ts, limit: i64) -> Result<Option<(i64, Ts, String)>> {
    let Some(signed) = audit::signed_head(tx, tenant).await? else { return Ok(None) };
    let (stream, begins_after) = (audit::stream_of(tx, tenant).await?, anchor(tx, tenant).await?.map_or(0, |anchor| anchor.seq));
    let oldest = journal::page(tx, tenant, stream, View::Staff, begins_after, limit).await?;
    let last = oldest.into_iter().take_while(|entry| entry.at < before && entry.seq < signed.seq).last();
    Ok(last.and_then(|entry| match entry.body() {
        Some(Body::Audited(Audited { chain, .. })) => Some((entry.seq, entry.at, chain)),
        _ => None,
    }))
}

/// Deletes the entries up to an anchor, which stands for them from then on; nothing happens if a later one does already.
pub async fn forget(tx: &mut Tx, tenant: TenantId, until: &Anchor) -> Result<()> {
    let stream = audit::stream_of(tx, tenant).await?;
    journal::lock(tx, &[(tenant.uuid(), stream.id, stream.kind)]).await?;
    if anchor(tx, tenant).await?.is_some_and(|anchor| anchor.seq >= until.seq) {
        return Ok(());
    }
    q!(tx, |c| sqlx::query(
        "INSERT INTO audit_anchors (tenant_id, seq, chain, at, deleted_at, signature) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, chain = excluded.chain, at = excluded.at, deleted_at = excluded.deleted_at,
           signature = excluded.signature"
    )
    .bind(tenant.uuid())
    .bind(until.seq)
    .bind(&until.chain)
    .bind(until.at.0)
    .bind(until.deleted_at.0)
    .bind(&until.signature)
    .execute(c)
    .await
    .map(drop))?;
    let sql = "DELETE FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq <= $3";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(stream.id).bind(until.seq).execute(c).await.map(drop))?;
    let sql = "DELETE FROM audit_index WHERE tenant_id = $1 AND seq <= $2";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(until.seq).execute(c).await.map(drop))?;
    Ok(())
}
