//! The keys of companies, sealed by the installation's key. What they seal cannot be read without them: they are erased with their companies.

use db::{Tx, q};
use domain::id::TenantId;

use crate::Result;

/// The sealed key of a company; `None` if nothing has been sealed for it yet.
pub async fn find(tx: &mut Tx, tenant: TenantId) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> =
        q!(tx, |c| sqlx::query_as("SELECT sealed FROM company_keys WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map(|(sealed,)| sealed))
}

/// Stores a key for a company that has none. Returns the key that it has then: that of whoever came first.
pub async fn insert(tx: &mut Tx, tenant: TenantId, sealed: &[u8]) -> Result<Vec<u8>> {
    let (kept,): (Vec<u8>,) = q!(tx, |c| sqlx::query_as(
        "INSERT INTO company_keys (tenant_id, sealed) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET sealed = company_keys.sealed RETURNING sealed"
    )
    .bind(tenant.uuid())
    .bind(sealed)
    .fetch_one(c)
    .await)?;
    Ok(kept)
}
