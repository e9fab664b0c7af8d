//! The pictures of goods that exist. The bytes are stored in the data folder.

use db::{Tx, q};
use domain::{
    id::{PictureId, TenantId},
    time::Ts,
};
use store::Result;

/// The space a company's pictures take up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The number of pictures.
    pub pictures: i64,
    /// Their total size in bytes.
    pub bytes: i64,
}

/// The space a company's pictures take up.
pub async fn space_taken(tx: &mut Tx, tenant: TenantId) -> Result<Taken> {
    let (pictures, bytes): (i64, i64) =
        q!(tx, |c| sqlx::query_as("SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM goods_pictures WHERE tenant_id = $1")
            .bind(tenant.uuid())
            .fetch_one(c)
            .await)?;
    Ok(Taken { pictures, bytes })
}

/// Adds a picture whose sizes take up `bytes` bytes together.
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

/// Whether the picture exists.
pub async fn exists(tx: &mut Tx, tenant: TenantId, id: PictureId) -> Result<bool> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM goods_pictures WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.is_some())
}

/// Deletes a picture that no product shows, not even a deleted one. Returns whether it did.
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
