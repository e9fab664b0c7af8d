//! The keys with which a site's own server signs who is signed in on its pages: secrets that both sides know, and public halves of pairs.

use db::{Tx, q, row};
use domain::{
    id::{SiteId, TenantId},
    signed_identity::Algorithm,
    time::{MINUTE, Ts},
};

use crate::{Error, Result};

row! {
    /// A key; a secret is never shown again.
    pub struct SiteSecret {
        /// Its name, which a token carries in its header.
        pub kid: String,
        /// The name of the algorithm whose key it is.
        pub algorithm: String,
        /// The secret or the public key, sealed.
        pub sealed: Vec<u8>,
        /// When it was made.
        pub made_at: i64,
        /// When a token signed with it was last accepted, to the minute.
        pub last_used_at: Option<i64>,
        /// Until when it is valid; `None` for the newest, which has no end.
        pub valid_until: Option<i64>,
    }
}

/// The valid keys of a site, newest first.
pub async fn list(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<Vec<SiteSecret>> {
    let now = tx.now();
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT kid, algorithm, sealed, made_at, last_used_at, valid_until FROM site_secrets
         WHERE tenant_id = $1 AND site_id = $2 AND (valid_until IS NULL OR valid_until > $3) ORDER BY made_at DESC, kid"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(now.0)
    .fetch_all(c)
    .await)?)
}

/// The valid key with this name, sealed, with its algorithm.
pub async fn find(tx: &mut Tx, tenant: TenantId, site: SiteId, kid: &str) -> Result<Option<(Algorithm, Vec<u8>)>> {
    if !crate::can_be_stored(kid) {
        return Ok(None);
    }
    let now = tx.now();
    let row: Option<(String, Vec<u8>)> = q!(tx, |c| sqlx::query_as(
        "SELECT algorithm, sealed FROM site_secrets WHERE tenant_id = $1 AND site_id = $2 AND kid = $3 AND (valid_until IS NULL OR valid_until > $4)"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(kid)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.and_then(|(algorithm, sealed)| Some((Algorithm::parse(&algorithm)?, sealed))))
}

/// Locks a key until the commit, so that what it signed ends with it, and records that it is in use. Returns whether it is still valid.
pub async fn hold(tx: &mut Tx, tenant: TenantId, site: SiteId, kid: &str) -> Result<bool> {
    let now = tx.now();
    let held = q!(tx, |c| sqlx::query(
        "UPDATE site_secrets SET last_used_at = CASE WHEN last_used_at > $5 THEN last_used_at ELSE $4 END
         WHERE tenant_id = $1 AND site_id = $2 AND kid = $3 AND (valid_until IS NULL OR valid_until > $4)"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(kid)
    .bind(now.0)
    .bind(now.plus(-MINUTE).0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(held == 1)
}

/// Adds a key. The earlier ones are valid until `overlap_ends`, or until they would have ended before; those that have ended are deleted.
pub async fn rotate(tx: &mut Tx, tenant: TenantId, site: SiteId, kid: &str, (algorithm, sealed): (Algorithm, &[u8]), overlap_ends: Ts) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("DELETE FROM site_secrets WHERE tenant_id = $1 AND site_id = $2 AND valid_until <= $3")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("UPDATE site_secrets SET valid_until = $3 WHERE tenant_id = $1 AND site_id = $2 AND (valid_until IS NULL OR valid_until > $3)")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(overlap_ends.0)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("INSERT INTO site_secrets (tenant_id, site_id, kid, algorithm, sealed, made_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(kid)
        .bind(algorithm.as_str())
        .bind(sealed)
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Deletes a key; [`Error::NotFound`] if the site has none with this name.
pub async fn delete(tx: &mut Tx, tenant: TenantId, site: SiteId, kid: &str) -> Result<()> {
    if !crate::can_be_stored(kid) {
        return Err(Error::NotFound);
    }
    let deleted = q!(tx, |c| sqlx::query("DELETE FROM site_secrets WHERE tenant_id = $1 AND site_id = $2 AND kid = $3")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(kid)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if deleted == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Deletes all keys of a site, because it is removed. Returns their names.
pub async fn delete_all(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = q!(tx, |c| sqlx::query_as("DELETE FROM site_secrets WHERE tenant_id = $1 AND site_id = $2 RETURNING kid")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(kid,)| kid).collect())
}
