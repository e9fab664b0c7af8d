//! Two-step verification of the staff: the secret of a member's app, recovery codes, and the roles that need a second step.
//!
//! The secret is sealed and the recovery codes are keyed digests: whoever reads the record can sign in with neither.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    staff::Role,
    time::Ts,
};

use crate::{Error, Result};

/// The app of a member that shows codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondStep {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// The time step of the last code that was accepted; no code of it or of an earlier one is accepted again.
    pub last_step: i64,
    /// Since when it is asked for; `None` while it is being set up.
    pub confirmed_at: Option<Ts>,
}

/// The app of a member, also one that is being set up.
pub async fn find(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Option<SecondStep>> {
    let row: Option<(Vec<u8>, i64, Option<i64>)> =
        q!(tx, |c| sqlx::query_as("SELECT secret, last_step, confirmed_at FROM second_steps WHERE tenant_id = $1 AND agent_id = $2")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(secret, last_step, confirmed_at)| SecondStep { secret, last_step, confirmed_at: confirmed_at.map(Ts) }))
}

/// Begins to set up an app; an earlier attempt is forgotten. [`Error::Taken`] if one is set up already.
pub async fn begin(tx: &mut Tx, tenant: TenantId, agent: AgentId, secret: &[u8]) -> Result<()> {
    let now = tx.now();
    let begun = q!(tx, |c| sqlx::query(
        "INSERT INTO second_steps (tenant_id, agent_id, secret, last_step, created_at) VALUES ($1, $2, $3, 0, $4)
         ON CONFLICT (tenant_id, agent_id) DO UPDATE SET secret = excluded.secret, last_step = 0, created_at = excluded.created_at
         WHERE second_steps.confirmed_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(secret)
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if begun == 1 { Ok(()) } else { Err(Error::Taken) }
}

/// Has the app asked for from now on, because its code of this time step was right; [`Error::Stale`] if it is no longer the one that was being set up.
pub async fn confirm(tx: &mut Tx, tenant: TenantId, agent: AgentId, secret: &[u8], step: i64) -> Result<()> {
    let now = tx.now();
    let confirmed = q!(tx, |c| sqlx::query(
        "UPDATE second_steps SET confirmed_at = $4, last_step = $5 WHERE tenant_id = $1 AND agent_id = $2 AND secret = $3 AND confirmed_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(secret)
    .bind(now.0)
    .bind(step)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if confirmed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Uses up the codes of a time step and of all earlier ones. Of several uses at once exactly one succeeds, the others fail with [`Error::Stale`].
pub async fn use_step(tx: &mut Tx, tenant: TenantId, agent: AgentId, step: i64) -> Result<()> {
    let used = q!(tx, |c| sqlx::query(
        "UPDATE second_steps SET last_step = $3 WHERE tenant_id = $1 AND agent_id = $2 AND last_step < $3 AND confirmed_at IS NOT NULL"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(step)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if used == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Removes the app and the recovery codes of a member.
pub async fn remove(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    for sql in ["DELETE FROM second_steps WHERE tenant_id = $1 AND agent_id = $2", "DELETE FROM recovery_codes WHERE tenant_id = $1 AND agent_id = $2"] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Replaces the recovery codes of a member, of which only digests are stored.
pub async fn set_recovery_codes(tx: &mut Tx, tenant: TenantId, agent: AgentId, digests: &[Vec<u8>]) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM recovery_codes WHERE tenant_id = $1 AND agent_id = $2")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .execute(c)
        .await
        .map(drop))?;
    for digest in digests {
        q!(tx, |c| sqlx::query("INSERT INTO recovery_codes (tenant_id, agent_id, code_hash) VALUES ($1, $2, $3)")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .bind(&digest[..])
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Uses up a recovery code. Of several uses at once exactly one succeeds, the others fail with [`Error::Stale`], as does a code that does not exist.
pub async fn use_recovery_code(tx: &mut Tx, tenant: TenantId, agent: AgentId, digest: &[u8]) -> Result<()> {
    let now = tx.now();
    let used = q!(tx, |c| sqlx::query("UPDATE recovery_codes SET used_at = $4 WHERE tenant_id = $1 AND agent_id = $2 AND code_hash = $3 AND used_at IS NULL")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(digest)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if used == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// How many recovery codes of a member are unused.
pub async fn recovery_codes_left(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<i64> {
    let (left,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM recovery_codes WHERE tenant_id = $1 AND agent_id = $2 AND used_at IS NULL")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_one(c)
        .await)?;
    Ok(left)
}

/// The roles whose members need a second step.
pub async fn required_roles(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Role>> {
    let rows: Vec<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT role FROM second_step_roles WHERE tenant_id = $1 ORDER BY role").bind(tenant.uuid()).fetch_all(c).await)?;
    // A role that no longer exists has no members.
    Ok(rows.iter().filter_map(|(role,)| Role::parse(role)).collect())
}

/// Replaces the roles whose members need a second step.
pub async fn require_for(tx: &mut Tx, tenant: TenantId, roles: &[Role]) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM second_step_roles WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    for role in roles {
        q!(tx, |c| sqlx::query("INSERT INTO second_step_roles (tenant_id, role) VALUES ($1, $2) ON CONFLICT (tenant_id, role) DO NOTHING")
            .bind(tenant.uuid())
            .bind(role.text())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}
