//! The staff's sign-in sessions.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, SessionId, TenantId},
    staff::Role,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, access, reach, sign_in_steps};

/// A session ends after it has not been used for this long.
pub const IDLE_MS: i64 = 12 * domain::time::HOUR;
/// A session ends this long after it began.
pub const ABSOLUTE_MS: i64 = 7 * domain::time::DAY;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// The id, which is not its secret.
    pub id: SessionId,
    /// The browser's user agent.
    pub user_agent: String,
    /// When it began.
    pub created_at: Ts,
    /// When it was last used, to the minute.
    pub last_seen_at: Ts,
}

row! {
    struct Row { id: Uuid, user_agent: String, created_at: i64, last_seen_at: i64 }
}

/// Begins a session; only the hash of its token is stored.
pub async fn insert(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: SessionId, token_hash: &[u8], user_agent: &str) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| {
        sqlx::query(
            "INSERT INTO staff_sessions (token_hash, id, tenant_id, agent_id, user_agent, created_at, last_seen_at, proved_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7)",
        )
        .bind(token_hash)
        .bind(id.uuid())
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(user_agent)
        .bind(now.0)
        .bind(now.plus(ABSOLUTE_MS).0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Has no address be refused in a session: it began with a link from the terminal.
pub async fn admit_everywhere(tx: &mut Tx, tenant: TenantId, id: SessionId) -> Result<()> {
    let sql = "UPDATE staff_sessions SET is_way_back = 1 WHERE tenant_id = $1 AND id = $2";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).execute(c).await.map(drop))?;
    Ok(())
}

/// Records that a session was used.
pub async fn touch(tx: &mut Tx, tenant: TenantId, id: SessionId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE staff_sessions SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Notes that whoever has the session has just proved again who they are.
pub async fn prove(tx: &mut Tx, tenant: TenantId, id: SessionId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE staff_sessions SET proved_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// When whoever has the session last proved who they are; [`Error::NotFound`] if it has ended.
pub async fn proved_at(tx: &mut Tx, tenant: TenantId, id: SessionId) -> Result<Ts> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT proved_at FROM staff_sessions WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(at,)| Ts(at)).ok_or(Error::NotFound)
}

/// Lets whoever has a session look at the console as a role would, or, with `None`, as themselves again. The member's connections begin again.
pub async fn look_as(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: SessionId, role: Option<Role>) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE staff_sessions SET viewed_role = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(role.map(|role| role.text().into_owned()))
        .execute(c)
        .await
        .map(drop))?;
    reach::begin_anew(tx, tenant, [agent]).await
}

/// A member's active sessions, most recently used first.
pub async fn list(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<StaffSession>> {
    let now = tx.now();
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, user_agent, created_at, last_seen_at FROM staff_sessions
         WHERE tenant_id = $1 AND agent_id = $2 AND expires_at > $3 AND last_seen_at > $4 ORDER BY last_seen_at DESC, id DESC"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(now.0)
    .bind(now.0 - IDLE_MS)
    .fetch_all(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|row| StaffSession { id: SessionId::new(row.id), user_agent: row.user_agent, created_at: Ts(row.created_at), last_seen_at: Ts(row.last_seen_at) })
        .collect())
}

/// Ends a member's session and closes its connections; [`Error::NotFound`] if it is not the member's.
pub async fn end(tx: &mut Tx, tenant: TenantId, agent: AgentId, id: SessionId) -> Result<()> {
    let ended = q!(tx, |c| sqlx::query("DELETE FROM staff_sessions WHERE tenant_id = $1 AND agent_id = $2 AND id = $3")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if ended == 0 {
        return Err(Error::NotFound);
    }
    access::sessions_ended(tx, tenant, &[id]).await
}

/// Ends all of a member's sessions and closes their connections, because the password has changed. Sign-ins that wait for the second step end, too.
pub async fn end_all(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    sign_in_steps::end_all(tx, tenant, agent).await?;
    let ended: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("DELETE FROM staff_sessions WHERE tenant_id = $1 AND agent_id = $2 RETURNING id")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_all(c)
        .await)?;
    let ended: Vec<SessionId> = ended.into_iter().map(|(id,)| SessionId::new(id)).collect();
    access::sessions_ended(tx, tenant, &ended).await
}

/// Ends all of a member's sessions except `but`, and closes their connections. Sign-ins that wait for the second step end, too.
pub async fn end_others(tx: &mut Tx, tenant: TenantId, agent: AgentId, but: SessionId) -> Result<()> {
    sign_in_steps::end_all(tx, tenant, agent).await?;
    let ended: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("DELETE FROM staff_sessions WHERE tenant_id = $1 AND agent_id = $2 AND id <> $3 RETURNING id")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(but.uuid())
        .fetch_all(c)
        .await)?;
    let ended: Vec<SessionId> = ended.into_iter().map(|(id,)| SessionId::new(id)).collect();
    access::sessions_ended(tx, tenant, &ended).await
}

/// Deletes expired sessions.
pub async fn forget_expired(tx: &mut Tx, tenant: TenantId) -> Result<u64> {
    let now = tx.now();
    let gone = q!(tx, |c| sqlx::query("DELETE FROM staff_sessions WHERE tenant_id = $1 AND (expires_at <= $2 OR last_seen_at <= $3)")
        .bind(tenant.uuid())
        .bind(now.0)
        .bind(now.0 - IDLE_MS)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(gone)
}

/// Whether a session has neither ended nor reached its absolute end. An open socket counts as use.
pub async fn lives(tx: &mut Tx, tenant: TenantId, id: SessionId) -> Result<bool> {
    let now = tx.now();
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT expires_at FROM staff_sessions WHERE tenant_id = $1 AND id = $2 AND expires_at > $3")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(now.0)
        .fetch_optional(c)
        .await)?;
    Ok(row.is_some())
}
