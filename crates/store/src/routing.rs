//! What routing decisions are based on: agents, their load, and queues.

use db::{Tx, q, row};
use domain::{
    conversation::Conversation,
    id::{AgentId, QueueId, TenantId},
    routing::Candidate,
    staff::AgentState,
    text::Bilingual,
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, fragments::served_states};

row! {
    struct Row {
        id: Uuid, name: String, number: String, state: String, last_seen_at: Option<i64>, last_assigned_at: Option<i64>, capacity: i64, open: i64,
    }
}

/// All members of the staff with what they serve now; no programs, which are never given anything.
pub async fn candidates(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Candidate>> {
    all(tx, tenant, false).await
}

/// The same with the programs that may have taken something.
pub async fn with_programs(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Candidate>> {
    all(tx, tenant, true).await
}

async fn all(tx: &mut Tx, tenant: TenantId, with_programs: bool) -> Result<Vec<Candidate>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT a.id, a.name, a.number, a.state, l.last_seen_at, a.last_assigned_at, a.capacity,
           (SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = a.tenant_id AND c.agent_id = a.id AND c.state IN ",
        served_states!(),
        ") AS open
         FROM agents a LEFT JOIN agent_leases l ON l.tenant_id = a.tenant_id AND l.agent_id = a.id
         WHERE a.tenant_id = $1 AND (a.is_program = 0 OR $2 = 1) ORDER BY a.id"
    ))
    .bind(tenant.uuid())
    .bind(i64::from(with_programs))
    .fetch_all(c)
    .await)?;
    rows.into_iter()
        .map(|r| {
            Ok(Candidate {
                agent: AgentId::new(r.id),
                name: r.name,
                number: r.number,
                state: AgentState::parse(&r.state).ok_or_else(|| Error::Db(db::Error::Corrupt("agent state".into())))?,
                last_seen_at: r.last_seen_at.map(Ts),
                open: r.open,
                capacity: r.capacity,
                last_assigned_at: r.last_assigned_at.map(Ts),
                is_occupied: false,
            })
        })
        .collect()
}

/// A queue's name.
pub async fn queue_name(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<Bilingual> {
    let row: Option<(String, String)> = q!(tx, |c| sqlx::query_as("SELECT name_zh, name_en FROM queues WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(queue.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(zh, en)| Bilingual { zh, en }).ok_or(Error::NotFound)
}

/// The queues of a tenant and the number of conversations waiting in each.
pub async fn queues(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(QueueId, Bilingual, i64)>> {
    let rows: Vec<(Uuid, String, String, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT q.id, q.name_zh, q.name_en,
           (SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = q.tenant_id AND c.queue_id = q.id AND c.state = 'queued') AS waiting
         FROM queues q WHERE q.tenant_id = $1 ORDER BY q.id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, zh, en, waiting)| (QueueId::new(id), Bilingual { zh, en }, waiting)).collect())
}

/// The queue of a site.
pub async fn queue_of_site(tx: &mut Tx, tenant: TenantId, site: domain::id::SiteId) -> Result<QueueId> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT queue_id FROM sites WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .fetch_optional(c)
        .await)?;
    row.map(|(id,)| QueueId::new(id)).ok_or(Error::NotFound)
}

/// The queue in which a conversation waits or would wait: the one that it was last in, or that of its site.
pub async fn queue_of(tx: &mut Tx, conversation: &Conversation) -> Result<QueueId> {
    match conversation.queue {
        Some(queue) => Ok(queue),
        None => queue_of_site(tx, conversation.tenant, conversation.site).await,
    }
}

/// How long customers whose conversations were accepted since a time had waited, in milliseconds, sorted.
pub async fn recent_waits(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = q!(tx, |c| sqlx::query_as(
        "SELECT accepted_at - human_requested_at AS wait FROM episodes
         WHERE tenant_id = $1 AND accepted_at >= $2 AND human_requested_at IS NOT NULL ORDER BY wait NULLS LAST LIMIT 1000"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(ms,)| ms).collect())
}

/// How long conversations accepted since a time have been served, on average, in milliseconds; ongoing ones count with the time so far.
pub async fn mean_served(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<Option<i64>> {
    let now = tx.now();
    let (mean,): (Option<i64>,) = q!(tx, |c| sqlx::query_as(
        "SELECT CAST(SUM(COALESCE(ended_at, $3) - accepted_at) / COUNT(*) AS BIGINT) AS mean FROM episodes WHERE tenant_id = $1 AND accepted_at >= $2"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .bind(now.0)
    .fetch_one(c)
    .await)?;
    Ok(mean)
}

/// Locks an agent's row, so that no other transaction uses its capacity, and reads all candidates again.
pub async fn lock_agent(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<Candidate>> {
    lock_row(tx, tenant, agent, "SELECT 1 FROM agents WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE").await?;
    with_programs(tx, tenant).await
}

/// Like [`lock_agent`], without waiting: `None` while another transaction holds the
/// lock. A caller that already holds locks, in no fixed order, must not wait for more.
pub async fn try_lock_agent(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Option<Vec<Candidate>>> {
    let is_ours = lock_row(tx, tenant, agent, "SELECT 1 FROM agents WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED").await?;
    Ok(if is_ours { Some(with_programs(tx, tenant).await?) } else { None })
}

/// Locks an agent's row with this statement. Returns whether the lock was acquired. SQLite has a single writer, so there is nothing to lock.
async fn lock_row(tx: &mut Tx, tenant: TenantId, agent: AgentId, sql: &'static str) -> Result<bool> {
    let db::Conn::Postgres(conn) = tx.conn() else { return Ok(true) };
    Ok(sqlx::query(sql).bind(tenant.uuid()).bind(agent.uuid()).fetch_optional(&mut ***conn).await?.is_some())
}

/// Whether anyone who serves a queue accepts conversations and was last seen after a time, busy or not: `Standing::takes`, in SQL. A queue that no longer exists is served by everyone.
pub async fn is_staffed(tx: &mut Tx, tenant: TenantId, queue: QueueId, seen_since: Ts) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT a.id FROM agents a JOIN agent_leases l ON l.tenant_id = a.tenant_id AND l.agent_id = a.id
         WHERE a.tenant_id = $1 AND a.state = 'available' AND l.last_seen_at >= $3
           AND (NOT EXISTS (SELECT 1 FROM queues q WHERE q.tenant_id = $1 AND q.id = $2 AND q.everybody = 0)
             OR EXISTS (SELECT 1 FROM queue_members m WHERE m.tenant_id = $1 AND m.queue_id = $2 AND m.agent_id = a.id)) LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(queue.uuid())
    .bind(seen_since.0)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Those of these agents who serve a queue.
pub async fn serving(tx: &mut Tx, tenant: TenantId, queue: QueueId, mut candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
    if let Some(members) = crate::queues::members(tx, tenant, queue).await? {
        candidates.retain(|candidate| members.contains(&candidate.agent));
    }
    Ok(candidates)
}
