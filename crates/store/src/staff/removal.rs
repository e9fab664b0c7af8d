//! What ends with a member who is removed. The row stays for the history, with the name and the number; whatever else was the member's is deleted, given up or
//! left to others, in the transaction of the caller.

use db::{Tx, q, row};
use domain::{
    effect::Effect,
    id::{AgentId, TenantId},
    policy::Grants,
    time::Ts,
};

use super::{found_by, note_work, roster::Person};
use crate::{Error, Result, api_tokens, fragments::served_states, passkeys, second_steps, sign_in_links, staff_sessions, wall_links};

/// What a member keeps for themselves, or holds so that others do not: a statement for each.
const HELD: [&str; 9] = [
    "DELETE FROM queue_members WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM known_networks WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM agent_leases WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM single_sign_on_identities WHERE tenant_id = $1 AND agent_id = $2",
    "DELETE FROM boards WHERE tenant_id = $1 AND owner_id = $2 AND shared = 0",
    "DELETE FROM macros WHERE tenant_id = $1 AND owner_id = $2",
    "DELETE FROM lessons_finished WHERE tenant_id = $1 AND agent_id = $2",
    "UPDATE left_messages SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2 AND done_at IS NULL",
    "UPDATE rating_comments SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2 AND done_at IS NULL",
];

/// Removes a member; [`Error::Stale`] if the member changed since `seen`. Deletes the address and whatever they sign in with, ends sessions, links,
/// memberships and the tokens of programs that they made (revoked `by` this name), and leaves unhandled messages to anybody. Conversations have to be given back
/// separately.
pub async fn remove(tx: &mut Tx, tenant: TenantId, person: &Person, seen: Ts, by: &str) -> Result<()> {
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
    second_steps::remove(tx, tenant, person.id).await?;
    passkeys::remove_all(tx, tenant, person.id).await?;
    wall_links::delete_of(tx, tenant, person.id).await?;
    api_tokens::revoke_of(tx, tenant, person.id, Grants::NONE, by).await?;
    for sql in HELD {
        give_up(tx, tenant, person.id, sql).await?;
    }
    tx.effect(Effect::AgentChanged(tenant, person.id));
    Ok(())
}

row! {
    /// What would be left of a member's work if they went now.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Work {
        /// Conversations they serve.
        pub active: i64,
        /// Those that they have put on hold.
        pub on_hold: i64,
        /// Those that they have snoozed.
        pub snoozed: i64,
        /// Left messages that they take care of.
        pub left_messages: i64,
    }
}

/// What would be left of a member's work if they went now.
pub async fn work_of(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Work> {
    let work = q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT COUNT(CASE WHEN c.state = 'active' THEN 1 END) AS active, COUNT(CASE WHEN c.state = 'on_hold' THEN 1 END) AS on_hold,
               COUNT(CASE WHEN c.state = 'snoozed' THEN 1 END) AS snoozed,
               (SELECT COUNT(*) FROM left_messages l JOIN conversations m ON m.tenant_id = l.tenant_id AND m.id = l.conversation_id
                  WHERE l.tenant_id = $1 AND l.owner_id = $2 AND l.done_at IS NULL AND m.left_at IS NOT NULL) AS left_messages
             FROM conversations c WHERE c.tenant_id = $1 AND c.agent_id = $2 AND c.state IN ",
            served_states!()
        ))
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_one(c)
        .await
    })?;
    Ok(work)
}

async fn give_up(tx: &mut Tx, tenant: TenantId, agent: AgentId, sql: &'static str) -> Result<()> {
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).execute(c).await.map(drop))?;
    Ok(())
}
