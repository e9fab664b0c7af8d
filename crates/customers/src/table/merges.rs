//! Which customers are taken for one person with another one.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, CustomerId, TenantId},
    time::Ts,
};
use store::{Error, Result};
use uuid::Uuid;

row! {
    /// A customer who is taken for one person with another one.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Merge {
        /// The customer.
        pub customer_id: Uuid,
        /// The one whose profile shows both.
        pub into_id: Uuid,
        /// Since when, in milliseconds since 1970.
        pub merged_at: i64,
        /// The name of who said so; `None` if they are no member of the staff any more.
        pub merged_by: Option<String>,
    }
}

/// What a customer is merged with: those that it shows, and where it is shown, the first first.
pub async fn of(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<Merge>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT m.customer_id, m.into_id, m.merged_at, a.name AS merged_by FROM customer_merges m
         LEFT JOIN agents a ON a.tenant_id = m.tenant_id AND a.id = m.merged_by
         WHERE m.tenant_id = $1 AND (m.customer_id = $2 OR m.into_id = $2) ORDER BY m.merged_at, m.customer_id"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .fetch_all(c)
    .await)?)
}

/// Takes a customer for one person with another one.
pub async fn insert(tx: &mut Tx, tenant: TenantId, customer: CustomerId, into: CustomerId, by: AgentId) -> Result<()> {
    let now: Ts = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO customer_merges (tenant_id, customer_id, into_id, merged_at, merged_by) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(into.uuid())
        .bind(now.0)
        .bind(by.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Undoes that; [`Error::NotFound`] if the customer is not merged into another one.
pub async fn delete(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<()> {
    let gone = q!(tx, |c| sqlx::query("DELETE FROM customer_merges WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}
