//! Links that open the wall display on a screen.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, TenantId, WallLinkId},
    time::Ts,
    wall_link::WallLink,
};
use uuid::Uuid;

use crate::{Error, Result};

row! {
    struct Row {
        id: Uuid, tenant_id: Uuid, name: String, maker_id: Option<Uuid>, made_by: String, created_at: i64, expires_at: i64, last_seen_at: Option<i64>,
    }
}

impl From<Row> for WallLink {
    fn from(row: Row) -> Self {
        let Row { id, tenant_id, name, maker_id, made_by, created_at, expires_at, last_seen_at } = row;
        Self {
            id: WallLinkId::new(id),
            tenant: TenantId::new(tenant_id),
            name,
            maker: maker_id.map(AgentId::new),
            made_by,
            created_at: Ts(created_at),
            expires_at: Ts(expires_at),
            last_seen_at: last_seen_at.map(Ts),
        }
    }
}

/// Adds a link; only the hash of its secret is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, link: &WallLink, token_hash: &[u8]) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO wall_links (tenant_id, id, name, token_hash, maker_id, made_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(tenant.uuid())
    .bind(link.id.uuid())
    .bind(&link.name)
    .bind(token_hash)
    .bind(link.maker.map(AgentId::uuid))
    .bind(&link.made_by)
    .bind(link.created_at.0)
    .bind(link.expires_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// All links, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<WallLink>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, tenant_id, name, maker_id, made_by, created_at, expires_at, last_seen_at FROM wall_links WHERE tenant_id = $1 ORDER BY created_at, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(WallLink::from).collect())
}

/// Records that a screen read with a link.
pub async fn touch(tx: &mut Tx, tenant: TenantId, id: WallLinkId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE wall_links SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Revokes all links a member made, because the member was disabled or may no longer see the panels.
pub async fn delete_of(tx: &mut Tx, tenant: TenantId, maker: AgentId) -> Result<u64> {
    let gone = q!(tx, |c| sqlx::query("DELETE FROM wall_links WHERE tenant_id = $1 AND maker_id = $2")
        .bind(tenant.uuid())
        .bind(maker.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(gone)
}

/// Deletes expired links, so that there is room for new ones.
pub async fn forget_expired(tx: &mut Tx, tenant: TenantId) -> Result<u64> {
    let now = tx.now();
    let gone = q!(tx, |c| sqlx::query("DELETE FROM wall_links WHERE tenant_id = $1 AND expires_at <= $2")
        .bind(tenant.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(gone)
}

/// Revokes a link; its screen can no longer read anything.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: WallLinkId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM wall_links WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
