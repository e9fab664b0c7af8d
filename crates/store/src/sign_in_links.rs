//! One-time links: how a member of the staff gets in for the first time.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};

use crate::{Error, Result};

/// Stores a link for a member; only the hash of its token is kept.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], expires_at: Ts) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO sign_in_links (token_hash, tenant_id, agent_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(token_hash)
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(now.0)
        .bind(expires_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Uses a link up; of any number of simultaneous uses exactly one succeeds, the others are [`Error::Stale`].
pub async fn spend(tx: &mut Tx, tenant: TenantId, token_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    let spent =
        q!(tx, |c| sqlx::query("UPDATE sign_in_links SET spent_at = $3 WHERE tenant_id = $1 AND token_hash = $2 AND spent_at IS NULL AND expires_at > $3")
            .bind(tenant.uuid())
            .bind(token_hash)
            .bind(now.0)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
    if spent == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Uses up every link a member has left: the password is another one now.
pub async fn spend_all(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE sign_in_links SET spent_at = $3 WHERE tenant_id = $1 AND agent_id = $2 AND spent_at IS NULL")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
