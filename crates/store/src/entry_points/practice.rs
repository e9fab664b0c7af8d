//! Companies in which the staff of another one practise.

use std::collections::HashSet;

use db::{Db, q, row};
use domain::{
    id::{AgentId, ConversationId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Result, fragments::is_here, staff_sessions::IDLE_MS};

/// The company in which the staff of this one practise.
pub async fn practice_of(db: &Db, company: TenantId) -> Result<Option<TenantId>> {
    crate::practice::of_company(&mut db.read().await?, company).await
}

/// All companies in which the staff of others practise.
pub async fn practices(db: &Db) -> Result<HashSet<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM tenants WHERE practice_of IS NOT NULL").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

row! {
    struct Row { tenant_id: Uuid, practice_of: Uuid, agent_id: Uuid, conversation_id: Uuid, begun_at: i64, held: i64 }
}

/// What somebody practises just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LivePractice {
    /// The company of practice.
    pub tenant: TenantId,
    /// The company that it belongs to.
    pub company: TenantId,
    /// The member of the company of practice.
    pub twin: AgentId,
    /// The conversation with the simulated customer.
    pub conversation: ConversationId,
    /// When it began.
    pub begun_at: Ts,
    /// Whether the session in which it began goes on, of a member who is not disabled, in a company that is not suspended.
    pub is_held: bool,
}

/// What is being practised, what began first before the others; at most `limit`.
pub async fn live_practices(db: &Db, limit: i64) -> Result<Vec<LivePractice>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let sql = concat!(
        "SELECT l.tenant_id, t.practice_of, l.agent_id, l.conversation_id, l.begun_at,
           (SELECT COUNT(*) FROM staff_sessions s JOIN agents a ON a.tenant_id = s.tenant_id AND a.id = s.agent_id
              JOIN tenants o ON o.id = s.tenant_id
            WHERE s.tenant_id = t.practice_of AND s.id = l.member_session_id AND s.agent_id = l.member_id AND s.viewed_role IS NULL
              AND s.expires_at > $1 AND s.last_seen_at > $2 AND a.disabled_at IS NULL AND o.suspended_at IS NULL AND ",
        is_here!("o.id"),
        ") AS held
         FROM practice_learners l JOIN tenants t ON t.id = l.tenant_id WHERE l.ended_at IS NULL AND t.practice_of IS NOT NULL
         ORDER BY l.begun_at, l.agent_id LIMIT $3"
    );
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(sql).bind(now.0).bind(now.0 - IDLE_MS).bind(limit).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|row| LivePractice {
            tenant: TenantId::new(row.tenant_id),
            company: TenantId::new(row.practice_of),
            twin: AgentId::new(row.agent_id),
            conversation: ConversationId::new(row.conversation_id),
            begun_at: Ts(row.begun_at),
            is_held: row.held > 0,
        })
        .collect())
}

/// Companies of practice whose company is erased.
pub async fn abandoned_practices(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let sql = concat!(
        "SELECT p.id FROM tenants p WHERE p.practice_of IS NOT NULL AND ",
        is_here!("p.id"),
        " AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = p.practice_of) ORDER BY p.created_at, p.id"
    );
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(sql).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}
