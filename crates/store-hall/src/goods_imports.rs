//! Imports of goods that wait for confirmation: the parsed content of the file.

use db::{Tx, q};
use domain::{
    id::{ImportId, TenantId},
    time::Ts,
};
use store::{Error, Result};

/// The number of imports that wait for confirmation.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM goods_imports WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(count)
}

/// Stores the content of a file.
pub async fn insert(tx: &mut Tx, tenant: TenantId, id: ImportId, json: &str, at: Ts) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO goods_imports (tenant_id, id, document, created_at) VALUES ($1, $2, $3, $4)")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(json)
        .bind(at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The content of a file.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: ImportId) -> Result<String> {
    let row: Option<(String,)> = q!(tx, |c| sqlx::query_as("SELECT document FROM goods_imports WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(json,)| json).ok_or(Error::NotFound)
}

/// Deletes an import, because it was carried out or is not wanted. [`Error::NotFound`] if it was deleted already.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: ImportId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM goods_imports WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}
