//! Visitors of sites, and how their devices are recognised.

use db::{Tx, q};
use domain::{
    id::{CustomerSessionId, SiteId, TenantId, VisitorId},
    text::Lang,
    time::{DAY, SECOND, Ts},
};

use uuid::Uuid;

use crate::{Result, access};

/// How long a device secret is valid.
pub const DEVICE_MS: i64 = 90 * DAY;
/// How long an access token is valid.
pub const TOKEN_MS: i64 = DAY;
/// The maximum number of access tokens, and of devices, stored per visitor; an account's devices share a visitor. Beyond it, the oldest become invalid.
const REMEMBERED: i64 = 100;
/// A secret that was just replaced is accepted once more within this time, because two tabs may have started together.
pub const REPLACED_GRACE_MS: i64 = 30 * SECOND;

/// Creates a visitor; does nothing if one with this id exists.
pub async fn create(tx: &mut Tx, tenant: TenantId, id: VisitorId, site: SiteId, lang: Lang) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query("INSERT INTO visitors (tenant_id, id, site_id, lang, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (tenant_id, id) DO NOTHING")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(site.uuid())
        .bind(lang.tag())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Records a visitor of an imported conversation, seen for the first and for the last time at `seen`; one who is known was seen then, too.
pub async fn import(tx: &mut Tx, tenant: TenantId, id: VisitorId, site: SiteId, lang: Lang, seen: (Ts, Ts)) -> Result<()> {
    let (first, last) = seen;
    q!(tx, |c| sqlx::query(
        "INSERT INTO visitors (tenant_id, id, site_id, lang, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, id) DO UPDATE SET
           first_seen_at = CASE WHEN excluded.first_seen_at < visitors.first_seen_at THEN excluded.first_seen_at ELSE visitors.first_seen_at END,
           last_seen_at = CASE WHEN excluded.last_seen_at > visitors.last_seen_at THEN excluded.last_seen_at ELSE visitors.last_seen_at END"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(site.uuid())
    .bind(lang.tag())
    .bind(first.0)
    .bind(last.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The credentials issued to a widget, as hashes, and the customer session they end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The device's secret.
    pub device: Vec<u8>,
    /// The access token.
    pub token: Vec<u8>,
    /// The customer session; `None` for an anonymous visitor.
    pub session: Option<CustomerSessionId>,
    /// A digest of the network it is used from, by which visitors of one network are counted; `None` if networks cannot be distinguished.
    pub network: Option<Vec<u8>>,
}

/// Issues a device secret and an access token to a visitor.
pub async fn issue(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, site: SiteId, pass: &Pass) -> Result<Ts> {
    let Pass { device, token, session, network } = pass;
    let session = session.map(CustomerSessionId::uuid);
    let now = tx.now();
    let expires = now.plus(TOKEN_MS);
    forget_oldest(tx, tenant, visitor).await?;
    q!(tx, |c| sqlx::query("INSERT INTO visitor_devices (secret_hash, tenant_id, visitor_id, expires_at, customer_session_id) VALUES ($1, $2, $3, $4, $5)")
        .bind(&device[..])
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(now.plus(DEVICE_MS).0)
        .bind(session)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO visitor_tokens (token_hash, tenant_id, visitor_id, site_id, expires_at, customer_session_id) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(&token[..])
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(site.uuid())
    .bind(expires.0)
    .bind(session)
    .execute(c)
    .await
    .map(drop))?;
    q!(tx, |c| sqlx::query("UPDATE visitors SET last_seen_at = $3, network = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(now.0)
        .bind(network.clone())
        .execute(c)
        .await
        .map(drop))?;
    Ok(expires)
}

/// Makes room for one more of each; replaced secrets are deleted before those in force.
async fn forget_oldest(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    for sql in [
        "DELETE FROM visitor_devices WHERE tenant_id = $1 AND visitor_id = $2 AND secret_hash NOT IN
           (SELECT secret_hash FROM visitor_devices WHERE tenant_id = $1 AND visitor_id = $2 ORDER BY CASE WHEN replaced_at IS NULL THEN 0 ELSE 1 END,
              expires_at DESC, secret_hash LIMIT $3)",
        "DELETE FROM visitor_tokens WHERE tenant_id = $1 AND visitor_id = $2 AND token_hash NOT IN
           (SELECT token_hash FROM visitor_tokens WHERE tenant_id = $1 AND visitor_id = $2 ORDER BY expires_at DESC, token_hash LIMIT $3)",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(visitor.uuid()).bind(REMEMBERED - 1).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// The number of access tokens issued to a visitor since a time.
pub async fn issued_since(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, since: Ts) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM visitor_tokens WHERE tenant_id = $1 AND visitor_id = $2 AND expires_at > $3")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .bind(since.plus(TOKEN_MS).0)
        .fetch_one(c)
        .await)?;
    Ok(count)
}

/// Ends every device and token of a visitor, because a secret was used twice and may be in someone else's hands.
pub async fn revoke(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    forget_devices(tx, tenant, visitor).await?;
    access::visitor_ended(tx, tenant, visitor).await
}

/// Invalidates every device and token of a visitor.
pub async fn forget_devices(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
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
    Ok(())
}

/// Ends the sessions that were signed with a site's secret, because it was revoked, with all that widgets obtained through them.
pub async fn end_signed_with(tx: &mut Tx, tenant: TenantId, site: SiteId, kid: &str) -> Result<()> {
    let holders: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT v.visitor_id FROM customer_sessions s JOIN customer_visitors v ON v.tenant_id = s.tenant_id AND v.customer_id = s.customer_id
         WHERE s.tenant_id = $1 AND s.signed_site = $2 AND s.signed_by = $3 ORDER BY v.visitor_id"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(kid)
    .fetch_all(c)
    .await)?;
    for sql in [
        "DELETE FROM visitor_devices WHERE tenant_id = $1 AND customer_session_id IN
           (SELECT id FROM customer_sessions WHERE tenant_id = $1 AND signed_site = $2 AND signed_by = $3)",
        "DELETE FROM visitor_tokens WHERE tenant_id = $1 AND customer_session_id IN
           (SELECT id FROM customer_sessions WHERE tenant_id = $1 AND signed_site = $2 AND signed_by = $3)",
        "DELETE FROM customer_sessions WHERE tenant_id = $1 AND signed_site = $2 AND signed_by = $3",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(site.uuid()).bind(kid).execute(c).await.map(drop))?;
    }
    tell(tx, tenant, holders).await
}

/// Ends the access tokens on a site that no session signed by the site stands behind, because it serves none but signed customers from now on. The devices stay:
/// with a signed token, what was said on them joins its customer.
pub async fn end_unsigned(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<()> {
    let holders: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "DELETE FROM visitor_tokens WHERE tenant_id = $1 AND site_id = $2 AND (customer_session_id IS NULL OR customer_session_id NOT IN
           (SELECT id FROM customer_sessions WHERE tenant_id = $1 AND signed_site = $2)) RETURNING visitor_id"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .fetch_all(c)
    .await)?;
    tell(tx, tenant, holders).await
}

/// Has the connections of visitors present their credentials again.
async fn tell(tx: &mut Tx, tenant: TenantId, mut visitors: Vec<(Uuid,)>) -> Result<()> {
    visitors.sort_unstable();
    visitors.dedup();
    for (visitor,) in visitors {
        access::some_ended(tx, tenant, VisitorId::new(visitor)).await?;
    }
    Ok(())
}

/// When a visitor was first seen, and the visitor's language then.
pub async fn first_seen(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Option<(Ts, Lang)>> {
    let row: Option<(i64, String)> = q!(tx, |c| sqlx::query_as("SELECT first_seen_at, lang FROM visitors WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(at, lang)| (Ts(at), Lang::from_tag(&lang))))
}
