//! Departments of the staff. Callers hold the company's lock, so that the tree they checked is the one that they change.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    department::Department,
    id::{AgentId, DepartmentId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, fragments::under, table, table::With};

table! {
    Department in "departments" {
        key { id: DepartmentId [id] }
        changing { parent: Option<DepartmentId> [parent_id], name: String [name], updated_at: Ts [updated_at] }
    }
}

row! {
    /// What belongs directly to a department.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Size {
        /// The number of groups.
        pub groups: i64,
        /// The number of members, also those of its groups.
        pub members: i64,
    }
}

/// Adds a department.
pub async fn insert(tx: &mut Tx, tenant: TenantId, department: &Department) -> Result<()> {
    table::insert(tx, tenant, department).await
}

/// A department by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: DepartmentId) -> Result<Department> {
    let sql = table::select::<Department>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// All departments, in order of name.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Department>> {
    let sql = table::select::<Department>("ORDER BY name, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// All departments, in order of name, with what belongs to each.
pub async fn list_with_sizes(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(Department, Size)>> {
    let sql = table::select_with::<Department>(
        "(SELECT COUNT(*) FROM agent_groups g WHERE g.tenant_id = t.tenant_id AND g.department_id = t.id) AS groups,
         (SELECT COUNT(*) FROM agents a WHERE a.tenant_id = t.tenant_id AND a.department_id = t.id) AS members",
        "",
        "ORDER BY t.name, t.id",
    );
    let rows: Vec<With<Department, Size>> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    rows.into_iter().map(|With(department, size)| Ok((department?, size))).collect()
}

/// The departments of the members who belong to one.
pub async fn of_agents(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<AgentId, DepartmentId>> {
    let sql = "SELECT id, department_id FROM agents WHERE tenant_id = $1 AND department_id IS NOT NULL";
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(agent, department)| (AgentId::new(agent), DepartmentId::new(department))).collect())
}

/// What belongs directly to a department.
pub async fn size(tx: &mut Tx, tenant: TenantId, id: DepartmentId) -> Result<Size> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM agent_groups WHERE tenant_id = $1 AND department_id = $2) AS groups,
           (SELECT COUNT(*) FROM agents WHERE tenant_id = $1 AND department_id = $2) AS members"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_one(c)
    .await)?)
}

/// A department with everything below it; empty if it does not exist.
pub async fn under(tx: &mut Tx, tenant: TenantId, id: DepartmentId) -> Result<Vec<DepartmentId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!("SELECT id FROM departments WHERE tenant_id = $1 AND id IN ", under!("$2"), " ORDER BY id"))
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(id,)| DepartmentId::new(id)).collect())
}

/// Changes a department; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, department: &Department, seen: Ts) -> Result<()> {
    table::update(tx, tenant, department, seen).await
}

/// Deletes a department. What is part of it (departments, groups and members) moves up to where it was.
pub async fn dissolve(tx: &mut Tx, tenant: TenantId, gone: &Department) -> Result<()> {
    for sql in [
        "UPDATE departments SET parent_id = $3 WHERE tenant_id = $1 AND parent_id = $2",
        "UPDATE agent_groups SET department_id = $3 WHERE tenant_id = $1 AND department_id = $2",
        "UPDATE agents SET department_id = $3 WHERE tenant_id = $1 AND department_id = $2",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(gone.id.uuid()).bind(gone.parent.map(DepartmentId::uuid)).execute(c).await.map(drop))?;
    }
    let removed = q!(tx, |c| sqlx::query("DELETE FROM departments WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(gone.id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
