//! Single sign-on of a company's staff: the connection to its identity provider, who signed in by way of it, and attempts that are under way.

use db::{Tx, q};
use domain::{
    id::{AgentId, TenantId},
    single_sign_on::{ATTEMPT_MS, GroupRole, Rules},
    staff::Role,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, table};

/// A company's connection to its identity provider. The client secret is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The company.
    pub tenant: TenantId,
    /// What the identity provider calls itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// The secret by which it recognises us.
    pub secret: Vec<u8>,
    /// The mail domains that are let in.
    pub domains: Vec<String>,
    /// The claim that lists somebody's groups.
    pub groups_claim: String,
    /// The groups that give a role.
    pub roles: Vec<GroupRole>,
    /// The role of those to whom no group gives one.
    pub role_otherwise: Option<Role>,
    /// Whether people who are no members yet become members.
    pub creates: bool,
    /// Whether everybody has to sign in this way.
    pub required: bool,
    /// When somebody first signed in with the issuer, client and secret as they are.
    pub proved_at: Option<Ts>,
    /// When it was set up.
    pub created_at: Ts,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Connection in "single_sign_on" of tenant [tenant_id] {
        fixed { created_at: Ts [created_at] }
        changing {
            issuer: String [issuer], client_id: String [client_id], secret: Vec<u8> [secret], domains: Vec<String> [domains],
            groups_claim: String [groups_claim], roles: Vec<GroupRole> [roles], role_otherwise: Option<Role> [role_otherwise], creates: bool [creates],
            required: bool [required], proved_at: Option<Ts> [proved_at], updated_at: Ts [updated_at],
        }
    }
}

impl Connection {
    /// The rules, without what is about the connection itself.
    pub fn rules(&self) -> Rules {
        Rules {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            domains: self.domains.clone(),
            groups_claim: self.groups_claim.clone(),
            roles: self.roles.clone(),
            role_otherwise: self.role_otherwise,
            creates: self.creates,
            required: self.required,
        }
    }
}

/// The company's connection, if it has one.
pub async fn find(tx: &mut Tx, tenant: TenantId) -> Result<Option<Connection>> {
    let sql = table::select::<Connection>("");
    table::any(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?)
}

/// Sets a connection up; [`Error::Taken`] if the company has one.
pub async fn insert(tx: &mut Tx, tenant: TenantId, connection: &Connection) -> Result<()> {
    table::insert(tx, tenant, connection).await
}

/// Changes the connection; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, connection: &Connection, seen: Ts) -> Result<()> {
    table::update(tx, tenant, connection, seen).await
}

/// Removes the connection, with who signed in by way of it and the attempts that are under way; [`Error::NotFound`] if there is none.
pub async fn delete(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let deleted =
        q!(tx, |c| sqlx::query("DELETE FROM single_sign_on WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(|done| done.rows_affected()))?;
    if deleted == 0 {
        return Err(Error::NotFound);
    }
    forget_identities(tx, tenant).await?;
    q!(tx, |c| sqlx::query("DELETE FROM single_sign_on_attempts WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    Ok(())
}

/// Notes that somebody has signed in with the connection as it is.
pub async fn note_proved(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE single_sign_on SET proved_at = $2 WHERE tenant_id = $1 AND proved_at IS NULL")
        .bind(tenant.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether the company requires single sign-on.
pub async fn is_required(tx: &mut Tx, tenant: TenantId) -> Result<bool> {
    let row: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT required FROM single_sign_on WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.is_some_and(|(required,)| required != 0))
}

/// The member who signs in as this subject of the identity provider; subjects are stored as hashes.
pub async fn member_of(tx: &mut Tx, tenant: TenantId, subject: &[u8]) -> Result<Option<AgentId>> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT agent_id FROM single_sign_on_identities WHERE tenant_id = $1 AND subject = $2")
        .bind(tenant.uuid())
        .bind(subject)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(agent,)| AgentId::new(agent)))
}

/// Binds a member to a subject of the identity provider; [`Error::Taken`] if either is bound already.
pub async fn bind(tx: &mut Tx, tenant: TenantId, agent: AgentId, subject: &[u8]) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO single_sign_on_identities (tenant_id, subject, agent_id, created_at) VALUES ($1, $2, $3, $4)")
        .bind(tenant.uuid())
        .bind(subject)
        .bind(agent.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Forgets who signed in by way of the identity provider, because it is another one now.
pub async fn forget_identities(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM single_sign_on_identities WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    Ok(())
}

/// Begins an attempt to sign in. Only hashes are stored: of the state that the identity provider sends back, and of the secret in the browser's cookie.
pub async fn begin_attempt(tx: &mut Tx, tenant: TenantId, state_hash: &[u8], browser_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("DELETE FROM single_sign_on_attempts WHERE tenant_id = $1 AND expires_at <= $2")
        .bind(tenant.uuid())
        .bind(now.plus(-ATTEMPT_MS).0)
        .execute(c)
        .await
        .map(drop))?;
    q!(tx, |c| sqlx::query("INSERT INTO single_sign_on_attempts (state_hash, tenant_id, browser_hash, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(state_hash)
        .bind(tenant.uuid())
        .bind(browser_hash)
        .bind(now.plus(ATTEMPT_MS).0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Uses up an attempt; of several simultaneous uses exactly one succeeds, the others fail with [`Error::Stale`].
pub async fn spend_attempt(tx: &mut Tx, tenant: TenantId, state_hash: &[u8]) -> Result<()> {
    let now = tx.now();
    let spent = q!(tx, |c| sqlx::query("UPDATE single_sign_on_attempts SET spent_at = $3 WHERE tenant_id = $1 AND state_hash = $2 AND spent_at IS NULL")
        .bind(tenant.uuid())
        .bind(state_hash)
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if spent == 1 { Ok(()) } else { Err(Error::Stale) }
}
