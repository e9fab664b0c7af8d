//! Groups of the staff.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    id::{AgentId, DepartmentId, GroupId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, table, table::With};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// The name staff see, unique in the company.
    pub name: String,
    /// The department it belongs to, if any; its members belong to it, too.
    pub department: Option<DepartmentId>,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Group in "agent_groups" {
        key { id: GroupId [id] }
        changing { name: String [name], department: Option<DepartmentId> [department_id], updated_at: Ts [updated_at] }
    }
}

/// Adds a group; [`Error::Taken`] if its name is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, group: &Group) -> Result<()> {
    table::insert(tx, tenant, group).await
}

/// A group by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: GroupId) -> Result<Group> {
    let sql = table::select::<Group>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

row! {
    struct Size { members: i64 }
}

/// All groups in order of name, with the number of members.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Group, i64)>> {
    let sql =
        table::select_with::<Group>("(SELECT COUNT(*) FROM agents a WHERE a.tenant_id = t.tenant_id AND a.group_id = t.id) AS members", "", "ORDER BY t.name");
    let rows: Vec<With<Group, Size>> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    rows.into_iter().map(|With(group, Size { members })| Ok((group?, members))).collect()
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

/// The members of a group, disabled ones included.
pub async fn members_of(tx: &mut Tx, tenant: TenantId, id: GroupId) -> Result<Vec<AgentId>> {
    let rows: Vec<(Uuid,)> =
        q!(tx, |c| sqlx::query_as("SELECT id FROM agents WHERE tenant_id = $1 AND group_id = $2").bind(tenant.uuid()).bind(id.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(agent,)| AgentId::new(agent)).collect())
}

/// The groups of the members who belong to one.
pub async fn of_agents(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<AgentId, GroupId>> {
    let rows: Vec<(Uuid, Uuid)> =
        q!(tx, |c| sqlx::query_as("SELECT id, group_id FROM agents WHERE tenant_id = $1 AND group_id IS NOT NULL").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(agent, group)| (AgentId::new(agent), GroupId::new(group))).collect())
}

/// Changes a group; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the name is in use.
pub async fn update(tx: &mut Tx, tenant: TenantId, group: &Group, seen: Ts) -> Result<()> {
    table::update(tx, tenant, group, seen).await
}

/// Moves the members of a group to its department, or out of the one it belonged to.
pub async fn move_members(tx: &mut Tx, tenant: TenantId, group: &Group) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE agents SET department_id = $3 WHERE tenant_id = $1 AND group_id = $2")
        .bind(tenant.uuid())
        .bind(group.id.uuid())
        .bind(group.department.map(DepartmentId::uuid))
        .execute(c)
        .await
        .map(drop))?;
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
