//! Pictures of goods: which there are. The bytes lie in the data folder.

use db::{Tx, q};
use domain::{
    id::{PictureId, TenantId},
    time::Ts,
};

use crate::Result;

/// What a company's pictures take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many there are.
    pub pictures: i64,
    /// What they weigh together, in bytes.
    pub bytes: i64,
}

/// What a company's pictures take.
pub async fn taken(tx: &mut Tx, tenant: TenantId) -> Result<Taken> {
    let (pictures, bytes): (i64, i64) =
        q!(tx, |c| sqlx::query_as("SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM goods_pictures WHERE tenant_id = $1")
            .bind(tenant.uuid())
            .fetch_one(c)
            .await)?;
    Ok(Taken { pictures, bytes })
}

/// Adds a picture that weighs so many bytes in all its sizes.
pub async fn insert(tx: &mut Tx, tenant: TenantId, id: PictureId, mime: &str, bytes: i64, at: Ts) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO goods_pictures (tenant_id, id, mime, bytes, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(mime)
        .bind(bytes)
        .bind(at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether there is such a picture.
pub async fn exists(tx: &mut Tx, tenant: TenantId, id: PictureId) -> Result<bool> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM goods_pictures WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.is_some())
}

/// Forgets a picture that no product shows, be it one that was thrown away; says whether it did.
pub async fn forget(tx: &mut Tx, tenant: TenantId, id: PictureId) -> Result<bool> {
    let forgotten = q!(tx, |c| sqlx::query(
        "DELETE FROM goods_pictures WHERE tenant_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM goods WHERE tenant_id = $1 AND picture_id = $2)"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(forgotten == 1)
}
