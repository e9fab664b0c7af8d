//! Macros.

use db::{Tx, q};
use domain::{
    id::{AgentId, MacroId, QueueId, TenantId},
    macros::{MAX_MACROS, MAX_OWN_MACROS, Macro, MacroAct},
    time::Ts,
};
use store::{Error, Result, table};

/// Adds a macro.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Macro) -> Result<()> {
    table::insert(tx, tenant, new).await
}

/// How many macros a member has of their own, or, without one, how many everybody at a company's desk has.
pub async fn count(tx: &mut Tx, tenant: TenantId, owner: Option<AgentId>) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM macros WHERE tenant_id = $1 AND (owner_id = $2 OR ($2 IS NULL AND owner_id IS NULL))";
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(owner.map(AgentId::uuid)).fetch_one(c).await)?;
    Ok(count)
}

/// The macros that a member has: everybody's, and their own, in the order in which they were added.
pub async fn of_member(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<Macro>> {
    let most = i64::try_from(MAX_MACROS + MAX_OWN_MACROS).unwrap_or(i64::MAX);
    let sql = table::select::<Macro>("AND (owner_id IS NULL OR owner_id = $2) ORDER BY id LIMIT $3");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(agent.uuid()).bind(most).fetch_all(c).await)?)
}

/// The macros that transfer conversations to a queue, whoever has them.
pub async fn to_queue(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<Vec<Macro>> {
    let sql = table::select::<Macro>("ORDER BY id");
    let all: Vec<Macro> = table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)?;
    Ok(all.into_iter().filter(|one| one.acts.iter().any(|act| matches!(act, MacroAct::Transfer { queue: to, .. } if *to == queue))).collect())
}

/// A macro that a member has; [`Error::NotFound`] if there is none, or if it is somebody else's.
pub async fn get(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: MacroId) -> Result<Macro> {
    let sql = table::select::<Macro>("AND id = $2 AND (owner_id IS NULL OR owner_id = $3)");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).bind(agent.uuid()).fetch_optional(c).await)?)
}

/// Updates a macro; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, changed: &Macro, seen: Ts) -> Result<()> {
    table::update(tx, tenant, changed, seen).await
}

/// Deletes a macro.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: MacroId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM macros WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
