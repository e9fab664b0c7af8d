//! Canned replies.

use db::{Tx, q, row};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    id::{CannedReplyId, TenantId},
    text::Bilingual,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

row! {
    struct Row { id: Uuid, tenant_id: Uuid, shortcode: String, title: String, body_zh: String, body_en: String, updated_at: i64 }
}

impl TryFrom<Row> for CannedReply {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: CannedReplyId::new(row.id),
            tenant: TenantId::new(row.tenant_id),
            shortcode: Shortcode::parse(&row.shortcode).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?,
            title: row.title,
            body: Bilingual { zh: row.body_zh, en: row.body_en },
            updated_at: Ts(row.updated_at),
        })
    }
}

/// Adds a reply; [`Error::Taken`] if its shortcode is already in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, reply: &CannedReply) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO canned_replies (tenant_id, id, shortcode, title, body_zh, body_en, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(tenant.uuid())
        .bind(reply.id.uuid())
        .bind(reply.shortcode.as_str())
        .bind(&reply.title)
        .bind(&reply.body.zh)
        .bind(&reply.body.en)
        .bind(reply.updated_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A reply by its id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: CannedReplyId) -> Result<CannedReply> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, tenant_id, shortcode, title, body_zh, body_en, updated_at FROM canned_replies WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Replies in order of shortcode, starting after `after`, at most `limit`.
pub async fn list(tx: &mut Tx, tenant: TenantId, after: Option<&str>, limit: i64) -> Result<Vec<CannedReply>> {
    if !after.is_none_or(crate::can_be_stored) {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, tenant_id, shortcode, title, body_zh, body_en, updated_at FROM canned_replies
         WHERE tenant_id = $1 AND shortcode > $2 ORDER BY shortcode LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(after.unwrap_or_default())
    .bind(limit)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(CannedReply::try_from).collect()
}

/// Updates a reply; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the new shortcode is already in use.
pub async fn update(tx: &mut Tx, tenant: TenantId, reply: &CannedReply, seen: Ts) -> Result<()> {
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE canned_replies SET shortcode = $4, title = $5, body_zh = $6, body_en = $7, updated_at = $8 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(reply.id.uuid())
    .bind(seen.0)
    .bind(reply.shortcode.as_str())
    .bind(&reply.title)
    .bind(&reply.body.zh)
    .bind(&reply.body.en)
    .bind(reply.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if changed == 0 {
        return Err(Error::Stale);
    }
    Ok(())
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
