//! What ends with a member who is removed. The row stays for the history, with the name and the number; whatever else was the member's is deleted, given up or
//! left to others, in the transaction of the caller.

use db::{Tx, q};
use domain::{
    effect::Effect,
    id::{AgentId, TenantId},
    time::Ts,
};

use super::{found_by, note_work, roster::Person};
use crate::{Error, Result, sign_in_links, staff_sessions, wall_links};

/// What a member keeps for themselves, or holds so that others do not: a statement for each.
const HELD: [&str; 5] = [
    "DELETE FROM queue_members WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM known_networks WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM agent_leases WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM boards WHERE tenant_id = $1 AND owner_id = $2 AND shared = 0",
    "UPDATE left_messages SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2 AND done_at IS NULL",
];

/// Removes a member; [`Error::Stale`] if the member changed since `seen`. Deletes the address and the password, ends sessions, links and memberships, and leaves
/// unhandled messages to anybody. Conversations have to be given back separately.
pub async fn remove(tx: &mut Tx, tenant: TenantId, person: &Person, seen: Ts) -> Result<()> {
    note_work(tx, tenant, person.id).await?;
    let now = tx.now();
    let removed = q!(tx, |c| {
        sqlx::query(
        "UPDATE agents SET email = '', password_hash = NULL, group_id = NULL, department_id = NULL, disabled_at = COALESCE(disabled_at, $4), removed_at = $4,
           updated_at = $5, found_by = $6
         WHERE tenant_id = $1 AND id = $2 AND updated_at = $3 AND removed_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(person.id.uuid())
    .bind(seen.0)
    .bind(now.0)
    .bind(person.updated_at.0)
    .bind(found_by(&person.name, &person.number, ""))
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if removed == 0 {
        return Err(Error::Stale);
    }
    sign_in_links::spend_all(tx, tenant, person.id).await?;
    staff_sessions::end_all(tx, tenant, person.id).await?;
    wall_links::delete_of(tx, tenant, person.id).await?;
    for sql in HELD {
        give_up(tx, tenant, person.id, sql).await?;
    }
    tx.effect(Effect::AgentChanged(tenant, person.id));
    Ok(())
}

async fn give_up(tx: &mut Tx, tenant: TenantId, agent: AgentId, sql: &'static str) -> Result<()> {
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).execute(c).await.map(drop))?;
    Ok(())
}
