//! Visitors from whom a company takes nothing.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, TenantId, VisitorId},
    time::Ts,
    visitor_block::VisitorBlock,
};
use uuid::Uuid;

use crate::{Result, access};

row! {
    struct Row { visitor_id: Uuid, conversation_id: Uuid, reason: String, agent_id: Uuid, at: i64, until: Option<i64> }
}

impl From<Row> for VisitorBlock {
    fn from(row: Row) -> Self {
        let Row { visitor_id, conversation_id, reason, agent_id, at, until } = row;
        Self {
            visitor: VisitorId::new(visitor_id),
            conversation: ConversationId::new(conversation_id),
            reason,
            by: AgentId::new(agent_id),
            at: Ts(at),
            until: until.map(Ts),
        }
    }
}

/// Blocks a visitor, whose connections have to present their credentials again; one who was blocked before is blocked as this says.
pub async fn put(tx: &mut Tx, tenant: TenantId, block: &VisitorBlock) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO visitor_blocks (tenant_id, visitor_id, conversation_id, reason, agent_id, at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant_id, visitor_id) DO UPDATE SET conversation_id = excluded.conversation_id, reason = excluded.reason,
           agent_id = excluded.agent_id, at = excluded.at, until = excluded.until"
    )
    .bind(tenant.uuid())
    .bind(block.visitor.uuid())
    .bind(block.conversation.uuid())
    .bind(&block.reason)
    .bind(block.by.uuid())
    .bind(block.at.0)
    .bind(block.until.map(|until| until.0))
    .execute(c)
    .await
    .map(drop))?;
    access::some_ended(tx, tenant, block.visitor).await
}

/// The block of a visitor that is in force.
pub async fn find(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Option<VisitorBlock>> {
    let now = tx.now();
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id, conversation_id, reason, agent_id, at, until FROM visitor_blocks
         WHERE tenant_id = $1 AND visitor_id = $2 AND (until IS NULL OR until > $3)"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(VisitorBlock::from))
}

/// The blocks that are in force, the latest first, after a place in this order.
pub async fn list(tx: &mut Tx, tenant: TenantId, after: Option<(Ts, VisitorId)>, limit: i64) -> Result<Vec<VisitorBlock>> {
    let now = tx.now();
    let (at, id) = after.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id.uuid()));
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id, conversation_id, reason, agent_id, at, until FROM visitor_blocks
         WHERE tenant_id = $1 AND (until IS NULL OR until > $2) AND (at < $3 OR at = $3 AND visitor_id < $4) ORDER BY at DESC, visitor_id DESC LIMIT $5"
    )
    .bind(tenant.uuid())
    .bind(now.0)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(VisitorBlock::from).collect())
}

/// Lifts the block of a visitor; returns it, if there was one in force.
pub async fn lift(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<Option<VisitorBlock>> {
    let before = find(tx, tenant, visitor).await?;
    q!(tx, |c| sqlx::query("DELETE FROM visitor_blocks WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(visitor.uuid())
        .execute(c)
        .await
        .map(drop))?;
    access::some_ended(tx, tenant, visitor).await?;
    Ok(before)
}

/// Whoever signs in stays blocked: the block of an anonymous visitor holds for the account's own one, unless that has a block already.
pub async fn pass_on(tx: &mut Tx, tenant: TenantId, from: VisitorId, into: VisitorId) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "UPDATE visitor_blocks SET visitor_id = $3 WHERE tenant_id = $1 AND visitor_id = $2
           AND NOT EXISTS (SELECT 1 FROM visitor_blocks b WHERE b.tenant_id = $1 AND b.visitor_id = $3)"
    )
    .bind(tenant.uuid())
    .bind(from.uuid())
    .bind(into.uuid())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
