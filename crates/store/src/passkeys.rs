//! The staff's passkeys. What is stored of a passkey is public: its private key never leaves the device.

use db::{Tx, q};
use domain::{
    id::{AgentId, PasskeyId, TenantId},
    time::Ts,
};

use crate::{Error, Result, table};

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id.
    pub id: PasskeyId,
    /// The company.
    pub tenant: TenantId,
    /// The member whom it signs in.
    pub agent: AgentId,
    /// The id that the device gave it, unique in the installation.
    pub credential_id: Vec<u8>,
    /// What is needed to check its signatures, as JSON.
    pub credential: String,
    /// The name that its owner gave it.
    pub name: String,
    /// When it was added.
    pub created_at: Ts,
    /// When it was last used.
    pub used_at: Option<Ts>,
}

table! {
    Passkey in "passkeys" of tenant [tenant_id] {
        key { id: PasskeyId [id] }
        fixed {
            agent: AgentId [agent_id], credential_id: Vec<u8> [credential_id], credential: String [credential], name: String [name], created_at: Ts [created_at],
            used_at: Option<Ts> [used_at],
        }
    }
}

/// Adds a passkey; [`Error::Taken`] if somebody has it already.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Passkey) -> Result<()> {
    table::insert(tx, tenant, new).await
}

/// A member's passkeys, the oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<Passkey>> {
    let sql = table::select::<Passkey>("AND agent_id = $2 ORDER BY created_at, id");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(agent.uuid()).fetch_all(c).await)?)
}

/// Gives a member's passkey another name; [`Error::NotFound`] if it is not the member's.
pub async fn rename(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: PasskeyId, name: &str) -> Result<Passkey> {
    let renamed = q!(tx, |c| sqlx::query("UPDATE passkeys SET name = $4 WHERE tenant_id = $1 AND agent_id = $2 AND id = $3")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(id.uuid())
        .bind(name)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if renamed == 0 {
        return Err(Error::NotFound);
    }
    let sql = table::select::<Passkey>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// Notes that a passkey was used, and what is to be known about it from then on; [`Error::Stale`] if it was removed or used in the meantime.
pub async fn note_use(tx: &mut Tx, tenant: TenantId, id: PasskeyId, before: &str, credential: &str) -> Result<()> {
    let now = tx.now();
    let noted = q!(tx, |c| sqlx::query("UPDATE passkeys SET credential = $4, used_at = $5 WHERE tenant_id = $1 AND id = $2 AND credential = $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(before)
        .bind(credential)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if noted == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Removes a member's passkey; [`Error::NotFound`] if it is not the member's.
pub async fn remove(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: PasskeyId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM passkeys WHERE tenant_id = $1 AND agent_id = $2 AND id = $3")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Removes all passkeys of a member.
pub async fn remove_all(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM passkeys WHERE tenant_id = $1 AND agent_id = $2").bind(tenant.uuid()).bind(agent.uuid()).execute(c).await.map(drop))?;
    Ok(())
}
