//! The numbers of goods: `g-061` is followed by `g-062`, whether or not `g-061` still exists. A number is never reused once it was assigned.

use content::goods;
use db::{Tx, q};
use domain::id::TenantId;
use store::Result;

/// Takes the next number, which is never assigned again.
pub async fn take(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (number,): (i64,) = q!(tx, |c| sqlx::query_as(
        "INSERT INTO goods_numbers (tenant_id, last) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET last = goods_numbers.last + 1 RETURNING last"
    )
    .bind(tenant.uuid())
    .fetch_one(c)
    .await)?;
    Ok(number)
}

/// The last number that was taken; 0 if none was.
pub async fn last(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT last FROM goods_numbers WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map_or(0, |(last,)| last))
}

/// Records that these ids are in use, so that the next number is higher.
pub async fn reach(tx: &mut Tx, tenant: TenantId, ids: impl IntoIterator<Item = &str>) -> Result<()> {
    let Some(highest) = ids.into_iter().filter_map(goods::number_of).max() else { return Ok(()) };
    q!(tx, |c| sqlx::query(
        "INSERT INTO goods_numbers (tenant_id, last) VALUES ($1, $2)
         ON CONFLICT (tenant_id) DO UPDATE SET last = excluded.last WHERE goods_numbers.last < excluded.last"
    )
    .bind(tenant.uuid())
    .bind(highest)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
