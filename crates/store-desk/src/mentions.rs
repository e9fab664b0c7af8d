//! The notes that call colleagues, and what each of them has seen of that.

use db::{Tx, q, row};
use domain::id::{AgentId, ConversationId, TenantId};
use store::{Result, fragments::open_states};
use uuid::Uuid;

row! {
    /// A note that calls somebody, in a conversation that is open.
    pub struct MentionRow {
        /// The conversation.
        pub conversation_id: Uuid,
        /// The number of the note.
        pub seq: i64,
        /// When it was written.
        pub at: i64,
        /// Who wrote it.
        pub by: Option<String>,
        /// The note, as JSON; empty if it was erased.
        pub body: Option<String>,
        /// When whom it calls has seen it.
        pub seen_at: Option<i64>,
    }
}

/// A note of a conversation calls a member.
pub async fn add(tx: &mut Tx, tenant: TenantId, agent: AgentId, conversation: ConversationId, seq: i64) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("INSERT INTO mentions (tenant_id, agent_id, conversation_id, seq, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(conversation.uuid())
        .bind(seq)
        .bind(now.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The notes in open conversations that call a member, most recent first.
pub async fn of(tx: &mut Tx, tenant: TenantId, agent: AgentId, limit: i64) -> Result<Vec<MentionRow>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "SELECT m.conversation_id, m.seq, m.at, e.actor_name AS by, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, m.seen_at
         FROM mentions m JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id AND c.erasing_at IS NULL AND c.state IN ",
        open_states!(),
        " JOIN journal_entries e ON e.tenant_id = m.tenant_id AND e.stream_id = m.conversation_id AND e.seq = m.seq
         WHERE m.tenant_id = $1 AND m.agent_id = $2 ORDER BY m.at DESC, m.seq DESC LIMIT $3"
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// A member has seen the notes of a conversation that call them; returns whether there was one that they had not seen.
pub async fn see(tx: &mut Tx, tenant: TenantId, agent: AgentId, conversation: ConversationId) -> Result<bool> {
    let now = tx.now();
    let seen = q!(tx, |c| sqlx::query("UPDATE mentions SET seen_at = $4 WHERE tenant_id = $1 AND agent_id = $2 AND conversation_id = $3 AND seen_at IS NULL")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(conversation.uuid())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(seen > 0)
}

/// The numbers of the notes of a conversation that call a member.
pub async fn notes_for(tx: &mut Tx, tenant: TenantId, agent: AgentId, conversation: ConversationId) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT seq FROM mentions WHERE tenant_id = $1 AND agent_id = $2 AND conversation_id = $3 ORDER BY seq")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .bind(conversation.uuid())
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(seq,)| seq).collect())
}

/// A note calls a member no longer.
pub async fn remove(tx: &mut Tx, tenant: TenantId, agent: AgentId, conversation: ConversationId, seq: i64) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM mentions WHERE tenant_id = $1 AND agent_id = $2 AND conversation_id = $3 AND seq = $4")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .bind(conversation.uuid())
        .bind(seq)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
