//! The labels of customers.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    entry::body::LabelRef,
    id::{AgentId, CustomerId, LabelId, TenantId},
    label::Label,
};
use sqlx::AssertSqlSafe;
use store::{
    AT_ONCE, Result, places,
    table::{self, With},
};
use uuid::Uuid;

row! {
    struct Given { customer_id: Uuid }
}

/// The labels of each of these customers, in the order in which they were given; those without are missing.
pub async fn of(tx: &mut Tx, tenant: TenantId, customers: &[Uuid]) -> Result<HashMap<Uuid, Vec<LabelRef>>> {
    let mut found: HashMap<Uuid, Vec<LabelRef>> = HashMap::new();
    for some in customers.chunks(AT_ONCE) {
        let sql = format!(
            "SELECT g.customer_id, {} FROM customer_labels g JOIN labels t ON t.tenant_id = g.tenant_id AND t.id = g.label_id
             WHERE g.tenant_id = $1 AND g.customer_id IN ({}) ORDER BY g.at, g.label_id",
            table::columns::<Label>(),
            places(2, some.len())
        );
        let rows: Vec<With<Label, Given>> = q!(tx, |c| {
            let query = sqlx::query_as(AssertSqlSafe(sql)).bind(tenant.uuid());
            some.iter().fold(query, |query, id| query.bind(*id)).fetch_all(c).await
        })?;
        for With(label, Given { customer_id }) in rows {
            found.entry(customer_id).or_default().push(LabelRef::from(&label?));
        }
    }
    Ok(found)
}

/// Gives a customer a label; one that the customer has stays as it is.
pub async fn give(tx: &mut Tx, tenant: TenantId, customer: CustomerId, id: LabelId, by: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO customer_labels (tenant_id, customer_id, label_id, agent_id, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, customer_id, label_id) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .bind(id.uuid())
    .bind(by.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes a label off a customer.
pub async fn take_off(tx: &mut Tx, tenant: TenantId, customer: CustomerId, id: LabelId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM customer_labels WHERE tenant_id = $1 AND customer_id = $2 AND label_id = $3")
        .bind(tenant.uuid())
        .bind(customer.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
