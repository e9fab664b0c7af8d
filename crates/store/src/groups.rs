//! Groups of the staff.

use db::{Tx, q};
use domain::{
    id::{GroupId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// The name staff see, unique in the company.
    pub name: String,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// Adds a group; [`Error::Taken`] if its name is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, group: &Group) -> Result<()> {
    q!(tx, |c| sqlx::query("INSERT INTO agent_groups (tenant_id, id, name, updated_at) VALUES ($1, $2, $3, $4)")
        .bind(tenant.uuid())
        .bind(group.id.uuid())
        .bind(&group.name)
        .bind(group.updated_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A group by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: GroupId) -> Result<Group> {
    let row: Option<(Uuid, String, i64)> = q!(tx, |c| sqlx::query_as("SELECT id, name, updated_at FROM agent_groups WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(id, name, updated_at)| Group { id: GroupId::new(id), name, updated_at: Ts(updated_at) }).ok_or(Error::NotFound)
}

/// All groups in order of name, with the number of members.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Group, i64)>> {
    let rows: Vec<(Uuid, String, i64, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT g.id, g.name, g.updated_at, (SELECT COUNT(*) FROM agents a WHERE a.tenant_id = g.tenant_id AND a.group_id = g.id) AS members
         FROM agent_groups g WHERE g.tenant_id = $1 ORDER BY g.name"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, name, updated_at, members)| (Group { id: GroupId::new(id), name, updated_at: Ts(updated_at) }, members)).collect())
}

/// The number of members of a group.
pub async fn members(tx: &mut Tx, tenant: TenantId, id: GroupId) -> Result<i64> {
    let (members,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM agents WHERE tenant_id = $1 AND group_id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_one(c)
        .await)?;
    Ok(members)
}

/// Renames a group; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the name is in use.
pub async fn update(tx: &mut Tx, tenant: TenantId, group: &Group, seen: Ts) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query("UPDATE agent_groups SET name = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3")
        .bind(tenant.uuid())
        .bind(group.id.uuid())
        .bind(seen.0)
        .bind(&group.name)
        .bind(group.updated_at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// Deletes a group that has no members. If it has members it stays, and their number is
/// returned. The company's lock keeps anyone from joining between the count and the deletion.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: GroupId) -> Result<i64> {
    let members = members(tx, tenant, id).await?;
    if members > 0 {
        return Ok(members);
    }
    let removed = q!(tx, |c| sqlx::query("DELETE FROM agent_groups WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(0) }
}
