//! Canned replies.

use db::{Tx, q};
use domain::{
    canned_reply::CannedReply,
    id::{CannedReplyId, TenantId},
    time::Ts,
};
use store::{Error, Result, table};

/// Adds a reply; [`Error::Taken`] if its shortcode is already in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, reply: &CannedReply) -> Result<()> {
    table::insert(tx, tenant, reply).await
}

/// A reply by its id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: CannedReplyId) -> Result<CannedReply> {
    let row = q!(tx, |c| sqlx::query_as(table::select::<CannedReply>("AND id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?;
    table::one(row)
}

/// Replies in order of shortcode, starting after `after`, at most `limit`.
pub async fn list(tx: &mut Tx, tenant: TenantId, after: Option<&str>, limit: i64) -> Result<Vec<CannedReply>> {
    if !after.is_none_or(store::can_be_stored) {
        return Ok(Vec::new());
    }
    let rows = q!(tx, |c| sqlx::query_as(table::select::<CannedReply>("AND shortcode > $2 ORDER BY shortcode LIMIT $3"))
        .bind(tenant.uuid())
        .bind(after.unwrap_or_default())
        .bind(limit)
        .fetch_all(c)
        .await)?;
    table::all(rows)
}

/// Updates a reply; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the new shortcode is already in use.
pub async fn update(tx: &mut Tx, tenant: TenantId, reply: &CannedReply, seen: Ts) -> Result<()> {
    table::update(tx, tenant, reply, seen).await
}

/// Deletes a reply.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: CannedReplyId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM canned_replies WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
