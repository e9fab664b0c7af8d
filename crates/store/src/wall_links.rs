//! Links that open the wall display on a screen.

use db::{Tx, bulk::Value, q};
use domain::{
    id::{AgentId, TenantId, WallLinkId},
    time::Ts,
    wall_link::WallLink,
};

use crate::{Error, Result, table};

table! {
    WallLink in "wall_links" of tenant [tenant_id] {
        key { id: WallLinkId [id] }
        fixed {
            name: String [name], maker: Option<AgentId> [maker_id], made_by: String [made_by], created_at: Ts [created_at], expires_at: Ts [expires_at],
            last_seen_at: Option<Ts> [last_seen_at],
        }
    }
}

/// Adds a link; only the hash of its secret is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, link: &WallLink, token_hash: &[u8]) -> Result<()> {
    table::insert_with(tx, tenant, link, &[("token_hash", Value::Bytes(Some(token_hash)))]).await
}

/// All links, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<WallLink>> {
    let sql = table::select::<WallLink>("ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
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
