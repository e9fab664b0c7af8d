//! Visitors of sites, and how their devices are known again.

use db::{Tx, q};
use domain::{
    id::{SiteId, TenantId, VisitorId},
    text::Lang,
    time::{DAY, SECOND, Ts},
};

use crate::{Result, access};

/// A device secret is good for this long.
pub const DEVICE_MS: i64 = 90 * DAY;
/// An access token is good for this long.
pub const TOKEN_MS: i64 = DAY;
/// A secret that was just replaced is taken once more within this time: two tabs may have started together.
pub const REPLACED_GRACE_MS: i64 = 30 * SECOND;

/// A new visitor.
pub async fn create(tx: &mut Tx, tenant: TenantId, id: VisitorId, site: SiteId, lang: Lang) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO visitors (tenant_id, id, site_id, lang, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $5)")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(site.uuid())
        .bind(lang.tag())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Gives a visitor a device secret and an access token, by their hashes.
pub async fn issue(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, site: SiteId, device: Vec<u8>, token: Vec<u8>) -> Result<Ts> {
    let now = tx.now();
    let expires = now.plus(TOKEN_MS);
    q!(tx, |c| sqlx::query("INSERT INTO visitor_devices (secret_hash, tenant_id, visitor_id, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&device[..])
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(now.plus(DEVICE_MS).0)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("INSERT INTO visitor_tokens (token_hash, tenant_id, visitor_id, site_id, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&token[..])
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(site.uuid())
        .bind(expires.0)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("UPDATE visitors SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(expires)
}

/// Ends every device and token of a visitor: a secret was used twice, so somebody else may have it.
pub async fn revoke(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM visitor_devices WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("DELETE FROM visitor_tokens WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .execute(c)
        .await
        .map(drop))?;
    access::visitor_ended(tx, tenant, visitor).await
}

/// When a visitor was first seen, and in which language it spoke.
pub async fn first_seen(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Option<(Ts, Lang)>> {
    let row: Option<(i64, String)> = q!(tx, |c| sqlx::query_as("SELECT first_seen_at, lang FROM visitors WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(at, lang)| (Ts(at), Lang::from_tag(&lang))))
}
