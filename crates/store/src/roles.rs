//! Roles that a company composed.

use std::collections::HashMap;

use db::{Tx, q};
use domain::{
    id::{AgentId, RoleId, TenantId},
    policy::Grants,
    staff::Role,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, table};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedRole {
    /// The id.
    pub id: RoleId,
    /// The name staff see, unique in the company.
    pub name: String,
    /// What the role is for, in the company's words.
    pub about: String,
    /// What the role holds.
    pub grants: Grants,
    /// When the role was composed.
    pub created_at: Ts,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    ComposedRole in "roles" {
        key { id: RoleId [id] }
        fixed { created_at: Ts [created_at] }
        changing { name: String [name], about: String [about], grants: Grants [grants], updated_at: Ts [updated_at] }
    }
}

/// Adds a role; [`Error::Taken`] if its name is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, role: &ComposedRole) -> Result<()> {
    table::insert(tx, tenant, role).await
}

/// A role by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: RoleId) -> Result<ComposedRole> {
    let sql = table::select::<ComposedRole>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// All roles that the company composed, in order of name.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<ComposedRole>> {
    let sql = table::select::<ComposedRole>("ORDER BY name");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// What a composed role holds; `None` for a built-in one. [`Error::NotFound`] if there is no such role.
pub async fn grants_of(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<Option<Grants>> {
    match role {
        Role::Composed(id) => Ok(Some(get(tx, tenant, id).await?.grants)),
        _ => Ok(None),
    }
}

/// The name of a composed role; `None` for a built-in one.
pub async fn name_of(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<Option<String>> {
    match role {
        Role::Composed(id) => Ok(Some(get(tx, tenant, id).await?.name)),
        _ => Ok(None),
    }
}

/// The number of members who have each role, disabled ones included. Removed ones have theirs for the history only, and programs hold what their tokens do.
pub async fn count_members(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<String, i64>> {
    let sql = "SELECT role, COUNT(*) FROM agents WHERE tenant_id = $1 AND is_program = 0 AND removed_at IS NULL GROUP BY role";
    let rows: Vec<(String, i64)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Changes a role and what its members hold; [`Error::Stale`] if it changed since it was `seen`, [`Error::Taken`] if the name is in use. Returns the members,
/// without those who were removed, and whether each is disabled.
pub async fn update(tx: &mut Tx, tenant: TenantId, role: &ComposedRole, seen: Ts) -> Result<Vec<(AgentId, bool)>> {
    table::update(tx, tenant, role, seen).await?;
    let sql = "UPDATE agents SET role_grants = $3 WHERE tenant_id = $1 AND role = $2 AND removed_at IS NULL RETURNING id, disabled_at";
    let mut rows: Vec<(Uuid, Option<i64>)> =
        q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(role.id.to_string()).bind(role.grants.to_stored()).fetch_all(c).await)?;
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(id, disabled_at)| (AgentId::new(id), disabled_at.is_some())).collect())
}

/// Deletes a role that nobody has. If somebody has it it stays, and their number is returned. The company's lock keeps anyone from being given it between the
/// count and the deletion.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: RoleId) -> Result<i64> {
    let members = count_members(tx, tenant).await?.remove(&id.to_string()).unwrap_or_default();
    if members > 0 {
        return Ok(members);
    }
    let removed = q!(tx, |c| sqlx::query("DELETE FROM roles WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(0) }
}
