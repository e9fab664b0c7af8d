//! Customers whom a site has named by a signed token, and the tokens that were used.

use db::{Tx, q};
use domain::{
    id::{CustomerId, SiteId, TenantId},
    text::Lang,
    time::Ts,
};
use store::Result;
use uuid::Uuid;

/// What a site says of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The digest of the site's own id of the customer.
    pub lookup: Vec<u8>,
    /// All that the site says, sealed.
    pub sealed: Vec<u8>,
}

/// The customer with this digest.
pub async fn find(tx: &mut Tx, tenant: TenantId, site: SiteId, lookup: &[u8]) -> Result<Option<CustomerId>> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT customer_id FROM signed_customers WHERE tenant_id = $1 AND site_id = $2 AND lookup = $3")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(lookup)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(id,)| CustomerId::new(id)))
}

/// What a site says of a customer, sealed; `None` if none does.
pub async fn said_of(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = q!(tx, |c| sqlx::query_as("SELECT sealed FROM signed_customers WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(sealed,)| sealed))
}

/// Reserves an id for a customer who is named for the first time. Returns the customer's id: of two simultaneous requests, the first one's stays.
pub async fn reserve(tx: &mut Tx, tenant: TenantId, site: SiteId, fresh: CustomerId, said: &Said) -> Result<CustomerId> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO signed_customers (tenant_id, site_id, lookup, customer_id, sealed, signed_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, site_id, lookup) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(&said.lookup[..])
    .bind(fresh.uuid())
    .bind(&said.sealed[..])
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(find(tx, tenant, site, &said.lookup).await?.unwrap_or(fresh))
}

/// Records what a site says of a customer now.
pub async fn say(tx: &mut Tx, tenant: TenantId, site: SiteId, said: &Said) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE signed_customers SET sealed = $4, signed_at = $5 WHERE tenant_id = $1 AND site_id = $2 AND lookup = $3")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .bind(&said.lookup[..])
        .bind(&said.sealed[..])
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Records what a site calls a customer, sealed, and the customer's language. A site that gives no name leaves the one there is.
pub async fn call(tx: &mut Tx, tenant: TenantId, customer: CustomerId, name: Option<&[u8]>, lang: Lang) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE customers SET name = COALESCE($3, name), lang = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(name)
        .bind(lang.tag())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Uses up a token. Returns whether it had not been used before; of several simultaneous uses exactly one succeeds.
pub async fn spend(tx: &mut Tx, tenant: TenantId, site: SiteId, token_hash: &[u8], expires_at: Ts) -> Result<bool> {
    let spent = q!(tx, |c| {
        sqlx::query(
        "INSERT INTO spent_identities (tenant_id, site_id, token_hash, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, site_id, token_hash) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(token_hash)
    .bind(expires_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(spent == 1)
}
