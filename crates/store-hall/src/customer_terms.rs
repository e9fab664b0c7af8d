//! By what staff find customers: keyed digests of the terms of each.

use db::{
    Tx,
    bulk::{self, Value},
    q,
};
use domain::{
    customer_terms::FORM,
    id::{CustomerId, TenantId},
};
use store::Result;
use uuid::Uuid;

/// Replaces the terms of a customer.
pub async fn set(tx: &mut Tx, tenant: TenantId, customer: CustomerId, terms: &[Vec<u8>]) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM customer_terms WHERE tenant_id = $1 AND customer_id = $2")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .execute(c)
        .await
        .map(drop))?;
    let rows: Vec<Vec<Value<'_>>> = terms.iter().map(|term| vec![Value::Uuid(tenant.uuid()), term.into(), Value::Uuid(customer.uuid())]).collect();
    bulk::execute(tx, "INSERT INTO customer_terms (tenant_id, term, customer_id) VALUES", &rows, "").await?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO customers_with_terms (tenant_id, customer_id, form) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, customer_id) DO UPDATE SET form = excluded.form"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .bind(FORM)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Customers of a company after one of them, by id, whose terms are not there, or in another form.
pub async fn missing(tx: &mut Tx, tenant: TenantId, after: Uuid, limit: i64) -> Result<Vec<CustomerId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT c.id FROM customers c LEFT JOIN customers_with_terms t ON t.tenant_id = c.tenant_id AND t.customer_id = c.id AND t.form = $2
         WHERE c.tenant_id = $1 AND c.id > $3 AND t.customer_id IS NULL ORDER BY c.id LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(FORM)
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| CustomerId::new(id)).collect())
}
