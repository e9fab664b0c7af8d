//! One-time links, with which members of the staff sign in for the first time.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};

use crate::{Error, Result};

/// Stores a link for a member; only the hash of its token is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], expires_at: Ts) -> Result<()> {
    insert_for(tx, tenant, agent, token_hash, expires_at, For::Invitation).await
}

/// The same for a member who has forgotten the password: one has to be chosen with the link.
pub async fn insert_recovery(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], expires_at: Ts) -> Result<()> {
    insert_for(tx, tenant, agent, token_hash, expires_at, For::Recovery).await
}

/// The same from the terminal: with it, and in the session that it begins, no address is refused.
pub async fn insert_way_back(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], expires_at: Ts) -> Result<()> {
    insert_for(tx, tenant, agent, token_hash, expires_at, For::WayBack).await
}

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// Whoever an administrator made it for signs in with it.
    Invitation,
    /// Somebody who forgot the password.
    Recovery,
    /// Somebody at the terminal, whom no rule by address keeps out.
    WayBack,
}

async fn insert_for(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], expires_at: Ts, to: For) -> Result<()> {
    let now = tx.now();
    let sql =
        "INSERT INTO sign_in_links (token_hash, tenant_id, agent_id, created_at, expires_at, is_recovery, is_way_back) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    q!(tx, |c| sqlx::query(sql)
        .bind(token_hash)
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(now.0)
        .bind(expires_at.0)
        .bind(i64::from(to == For::Recovery))
        .bind(i64::from(to == For::WayBack))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether a link is from the terminal.
pub async fn is_way_back(tx: &mut Tx, tenant: TenantId, token_hash: &[u8]) -> Result<bool> {
    let sql = "SELECT is_way_back FROM sign_in_links WHERE tenant_id = $1 AND token_hash = $2";
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.is_some_and(|(is_way_back,)| is_way_back == 1))
}

/// Uses up a link; of several simultaneous uses exactly one succeeds, the others fail with [`Error::Stale`].
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

/// Invalidates all of a member's unused links, because the password has changed.
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
