//! What staff noted of customers, sealed.

use db::{Tx, q};
use domain::id::{AgentId, CustomerId, TenantId};
use store::Result;

/// What was noted of a customer, sealed; `None` if nothing was.
pub async fn find(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = q!(tx, |c| sqlx::query_as("SELECT sealed FROM customer_facts WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(sealed,)| sealed))
}

/// Replaces what was noted of a customer. Who added the customer stays.
pub async fn put(tx: &mut Tx, tenant: TenantId, customer: CustomerId, sealed: &[u8], added_by: Option<AgentId>) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO customer_facts (tenant_id, customer_id, sealed, added_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, customer_id) DO UPDATE SET sealed = excluded.sealed"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .bind(sealed)
    .bind(added_by.map(AgentId::uuid))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
