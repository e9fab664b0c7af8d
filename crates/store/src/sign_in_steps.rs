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

/// A one-time link with which a sign-in began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUse {
    /// The hash of the link's token.
    pub token_hash: Vec<u8>,
    /// The hash of the password that was chosen with it, if one was.
    pub password_hash: Option<String>,
}

/// How the first step of a sign-in was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstStep {
    /// Its name in the audit.
    pub way: String,
    /// The link, if it was taken with one.
    pub link: Option<LinkUse>,
}

/// Notes that a sign-in waits for the second step; only the hash of its token is stored. A link with which it began is not used up before. `way` is how the first
/// step was taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, token_hash: &[u8], way: &str, link: Option<&LinkUse>) -> Result<()> {
    let now = tx.now();
    let sql = "INSERT INTO sign_in_steps (token_hash, tenant_id, agent_id, way, tries, created_at, expires_at, link_hash, password_hash)
         VALUES ($1, $2, $3, $8, 0, $4, $5, $6, $7)";
    q!(tx, |c| sqlx::query(sql)
        .bind(token_hash)
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(now.0)
        .bind(now.plus(LIFE_MS).0)
        .bind(link.map(|link| &link.token_hash[..]))
        .bind(link.and_then(|link| link.password_hash.as_deref()))
        .bind(way)
        .execute(c)
        .await
        .map(drop))?;
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

/// Ends the wait, because the second step was right; returns how the first one was taken. Of several uses at once exactly one succeeds, the others fail with
/// [`Error::Stale`].
pub async fn spend(tx: &mut Tx, tenant: TenantId, token_hash: &[u8]) -> Result<FirstStep> {
    let now = tx.now();
    let sql = "DELETE FROM sign_in_steps WHERE tenant_id = $1 AND token_hash = $2 AND expires_at > $3 RETURNING way, link_hash, password_hash";
    let row: Option<(String, Option<Vec<u8>>, Option<String>)> =
        q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(token_hash).bind(now.0).fetch_optional(c).await)?;
    let (way, link_hash, password_hash) = row.ok_or(Error::Stale)?;
    Ok(FirstStep { way, link: link_hash.map(|token_hash| LinkUse { token_hash, password_hash }) })
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
