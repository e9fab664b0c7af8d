//! Sign-ins of the staff that wait for the second step: the first proof was right, and there is no session yet.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::MINUTE,
};

use crate::{Error, Result};

/// How long the second step may take.
pub const LIFE_MS: i64 = 10 * MINUTE;
/// How often it may be tried before the sign-in has to begin again.
pub const MOST_TRIES: i64 = 10;

/// Notes that a sign-in waits for the second step; only the hash of its token is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    let sql = "INSERT INTO sign_in_steps (token_hash, tenant_id, agent_id, tries, created_at, expires_at) VALUES ($1, $2, $3, 0, $4, $5)";
    q!(tx, |c| sqlx::query(sql).bind(token_hash).bind(tenant.uuid()).bind(agent.uuid()).bind(now.0).bind(now.plus(LIFE_MS).0).execute(c).await.map(drop))?;
    Ok(())
}

/// Counts a try of the second step before it is checked; [`Error::Stale`] if there may be no more.
pub async fn count_try(tx: &mut Tx, tenant: TenantId, token_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    let counted =
        q!(tx, |c| sqlx::query("UPDATE sign_in_steps SET tries = tries + 1 WHERE tenant_id = $1 AND token_hash = $2 AND tries < $3 AND expires_at > $4")
            .bind(tenant.uuid())
            .bind(token_hash)
            .bind(MOST_TRIES)
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
    if counted == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Ends the wait, because the second step was right. Of several uses at once exactly one succeeds, the others fail with [`Error::Stale`].
pub async fn spend(tx: &mut Tx, tenant: TenantId, token_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    let spent = q!(tx, |c| sqlx::query("DELETE FROM sign_in_steps WHERE tenant_id = $1 AND token_hash = $2 AND expires_at > $3")
        .bind(tenant.uuid())
        .bind(token_hash)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if spent == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Ends all of a member's sign-ins that wait.
pub async fn end_all(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM sign_in_steps WHERE tenant_id = $1 AND agent_id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
