//! What routing decisions are based on: agents, their load, and queues.

use db::{Tx, q, row};
use domain::{
    conversation::Conversation,
    id::{AgentId, ConversationId, QuestionKindId, QueueId, SiteId, SkillId, TenantId, VisitorId},
    routing::{Candidate, skill::Level},
    staff::AgentState,
    text::{Bilingual, Lang},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result, fragments::waiting_states};

row! {
    struct Row {
        id: Uuid, name: String, number: String, state: String, last_seen_at: Option<i64>, last_assigned_at: Option<i64>, capacity: i64, open: i64, units: i64,
        unit_capacity: i64, has_offer: i64,
    }
}

/// Reads agents with their load, which is kept in their rows; `a` is the agent.
macro_rules! agents {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.name, a.number, a.state, l.last_seen_at, a.last_assigned_at, a.capacity, a.open_count AS open, a.open_units AS units,
               COALESCE(a.unit_capacity, a.capacity * 2) AS unit_capacity,
               CAST(CASE WHEN EXISTS (SELECT 1 FROM conversations o WHERE o.tenant_id = a.tenant_id AND o.offered_to = a.id) THEN 1 ELSE 0 END AS BIGINT) AS has_offer
             FROM agents a LEFT JOIN agent_leases l ON l.tenant_id = a.tenant_id AND l.agent_id = a.id
             WHERE a.tenant_id = $1 AND a.removed_at IS NULL AND ",
            $rest
        )
    };
}

impl TryFrom<Row> for Candidate {
    type Error = Error;
    fn try_from(r: Row) -> Result<Self> {
        Ok(Self {
            agent: AgentId::new(r.id),
            name: r.name,
            number: r.number,
            state: AgentState::parse(&r.state).ok_or_else(|| Error::Db(db::Error::Corrupt("agent state".into())))?,
            last_seen_at: r.last_seen_at.map(Ts),
            open: r.open,
            capacity: r.capacity,
            units: r.units,
            unit_capacity: r.unit_capacity,
            last_assigned_at: r.last_assigned_at.map(Ts),
            has_offer: r.has_offer != 0,
            skills: Vec::new(),
            is_occupied: false,
        })
    }
}

/// All members of the staff with what they serve now, without those who were removed; no programs, which are never given anything.
pub async fn candidates(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Candidate>> {
    read(tx, tenant, agents!("a.is_program = 0 ORDER BY a.id")).await
}

/// The same with the programs that may have taken something; what revoked ones took is given back like that of other disabled members.
pub async fn with_programs(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Candidate>> {
    read(tx, tenant, agents!("(a.is_program = 0 OR a.disabled_at IS NULL) ORDER BY a.id")).await
}

/// The members of the staff who are not offline, with their skills: nobody else is given anything, and of thousands who are at home nothing is read.
pub async fn at_work(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Candidate>> {
    let mut all = read(tx, tenant, agents!("a.is_program = 0 AND a.state <> 'offline' ORDER BY a.id")).await?;
    let skills: Vec<(Uuid, Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT s.agent_id, s.skill_id, s.level FROM agents a JOIN agent_skills s ON s.tenant_id = a.tenant_id AND s.agent_id = a.id
         WHERE a.tenant_id = $1 AND a.state <> 'offline' ORDER BY s.agent_id, s.skill_id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    for (agent, skill, level) in skills {
        if let Ok(at) = all.binary_search_by_key(&agent, |one| one.agent.uuid()) {
            all[at].skills.push(Level { skill: SkillId::new(skill), level });
        }
    }
    Ok(all)
}

async fn read(tx: &mut Tx, tenant: TenantId, sql: &'static str) -> Result<Vec<Candidate>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    rows.into_iter().map(Candidate::try_from).collect()
}

/// A member of the staff or a program, without skills; `None` if there is none.
pub async fn agent(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Option<Candidate>> {
    let sql = agents!("(a.is_program = 0 OR a.disabled_at IS NULL) AND a.id = $2");
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(agent.uuid()).fetch_optional(c).await)?;
    row.map(Candidate::try_from).transpose()
}

row! {
    struct LineRow { id: Uuid, queue_id: Uuid, site_id: Uuid, visitor_id: Uuid, lang: String, queued_at: i64, unserved_since: i64, is_offered: i64, is_urgent: i64, about_id: Option<Uuid>, is_message_offered: i64 }
}

/// A conversation that waits, as routing sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLine {
    /// The conversation.
    pub id: ConversationId,
    /// The queue it waits in.
    pub queue: QueueId,
    /// The site it comes from.
    pub site: SiteId,
    /// The customer.
    pub visitor: VisitorId,
    /// The customer's language.
    pub lang: Lang,
    /// The kind of question that the customer chose, if any.
    pub about: Option<QuestionKindId>,
    /// Since when it has been waiting.
    pub since: Ts,
    /// Since when nobody has served it, which is later if it came back from an agent who was lost.
    pub unserved_since: Ts,
    /// Whether it is offered to an agent now.
    pub is_offered: bool,
    /// Whether somebody in it may be in danger.
    pub is_urgent: bool,
    /// Whether the customer has been offered in this wait to leave a message instead.
    pub is_message_offered: bool,
}

/// All that wait in the queues of a company, those first in which somebody may be in danger, and then the longest wait.
pub async fn line(tx: &mut Tx, tenant: TenantId) -> Result<Vec<InLine>> {
    let rows: Vec<LineRow> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT id, queue_id, site_id, visitor_id, lang, queued_at, CAST(CASE WHEN state = 'offered' THEN 1 ELSE 0 END AS BIGINT) AS is_offered,
           CAST(CASE WHEN danger_of IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_urgent, about_id,
           CASE WHEN returned_at > queued_at THEN returned_at ELSE queued_at END AS unserved_since,
           CAST(CASE WHEN message_offered_at >= CASE WHEN returned_at > queued_at THEN returned_at ELSE queued_at END THEN 1 ELSE 0 END AS BIGINT)
             AS is_message_offered
         FROM conversations WHERE tenant_id = $1 AND state IN ",
        waiting_states!(),
        " AND queued_at IS NOT NULL AND queue_id IS NOT NULL
         ORDER BY CASE WHEN danger_of IS NULL THEN 1 ELSE 0 END, queued_at, id"
    ))
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    let waiting = |r: LineRow| InLine {
        id: ConversationId::new(r.id),
        queue: QueueId::new(r.queue_id),
        site: SiteId::new(r.site_id),
        visitor: VisitorId::new(r.visitor_id),
        lang: Lang::from_tag(&r.lang),
        about: r.about_id.map(QuestionKindId::new),
        since: Ts(r.queued_at),
        unserved_since: Ts(r.unserved_since),
        is_offered: r.is_offered != 0,
        is_urgent: r.is_urgent != 0,
        is_message_offered: r.is_message_offered != 0,
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// The agent who served a visitor last, if that began since a time.
pub async fn last_agent(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, since: Ts) -> Result<Option<AgentId>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT e.agent_id FROM conversations c JOIN episodes e ON e.tenant_id = c.tenant_id AND e.conversation_id = c.id
         WHERE c.tenant_id = $1 AND c.visitor_id = $2 AND e.agent_id IS NOT NULL AND e.accepted_at >= $3 ORDER BY e.accepted_at DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(since.0)
    .fetch_optional(c)
    .await)?;
    Ok(found.map(|(agent,)| AgentId::new(agent)))
}

/// Who has passed or missed which conversation since a time.
pub async fn passed_since(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<Vec<(ConversationId, AgentId)>> {
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as("SELECT conversation_id, agent_id FROM passed_offers WHERE tenant_id = $1 AND at > $2")
        .bind(tenant.uuid())
        .bind(since.0)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(|(conversation, agent)| (ConversationId::new(conversation), AgentId::new(agent))).collect())
}

/// Notes that an agent has passed or missed a conversation, and forgets what was noted before a time.
pub async fn note_passed(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, agent: AgentId, forget_until: Ts) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("DELETE FROM passed_offers WHERE tenant_id = $1 AND at < $2").bind(tenant.uuid()).bind(forget_until.0).execute(c).await.map(drop))?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO passed_offers (tenant_id, conversation_id, agent_id, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, conversation_id, agent_id) DO UPDATE SET at = excluded.at"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(agent.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Counts one more offer that an agent missed, and returns how many they have missed in a row.
pub async fn count_missed(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<i64> {
    let (missed,): (i64,) =
        q!(tx, |c| sqlx::query_as("UPDATE agents SET missed_offers = missed_offers + 1 WHERE tenant_id = $1 AND id = $2 RETURNING missed_offers")
            .bind(tenant.uuid())
            .bind(agent.uuid())
            .fetch_one(c)
            .await)?;
    Ok(missed)
}

/// Whoever is there has missed nothing so far.
pub async fn forget_missed(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE agents SET missed_offers = 0 WHERE tenant_id = $1 AND id = $2 AND missed_offers > 0")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The conversation that is offered to an agent now.
pub async fn offered_to(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Option<ConversationId>> {
    let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM conversations WHERE tenant_id = $1 AND offered_to = $2 ORDER BY id LIMIT 1")
        .bind(tenant.uuid())
        .bind(agent.uuid())
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(id,)| ConversationId::new(id)))
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
    let rows: Vec<(Uuid, String, String, i64)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT q.id, q.name_zh, q.name_en,
           (SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = q.tenant_id AND c.queue_id = q.id AND c.state IN ",
        waiting_states!(),
        ") AS waiting
         FROM queues q WHERE q.tenant_id = $1 ORDER BY q.id"
    ))
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

/// How a conversation came to an agent and how long it stayed there; all in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// How long the customer had waited for a person; `None` if nobody was asked for.
    pub wait_ms: Option<i64>,
    /// How long the agent took to accept it; `None` if it was not offered.
    pub accepted_after_ms: Option<i64>,
    /// How long it took up a place of an agent, from the offer on; the time so far if it still does.
    pub held_ms: i64,
    /// Whether it has ended.
    pub has_ended: bool,
}

row! {
    struct ServiceRow { human_requested_at: Option<i64>, offered_at: Option<i64>, accepted_at: i64, ended_at: Option<i64> }
}

/// The latest conversations that were accepted since a time, at most a thousand.
pub async fn recent_services(tx: &mut Tx, tenant: TenantId, since: Ts) -> Result<Vec<Service>> {
    let now = tx.now().0;
    let rows: Vec<ServiceRow> = q!(tx, |c| sqlx::query_as(
        "SELECT human_requested_at, offered_at, accepted_at, ended_at FROM episodes
         WHERE tenant_id = $1 AND accepted_at >= $2 ORDER BY accepted_at DESC LIMIT 1000"
    )
    .bind(tenant.uuid())
    .bind(since.0)
    .fetch_all(c)
    .await)?;
    let service = |r: ServiceRow| Service {
        wait_ms: r.human_requested_at.map(|at| r.accepted_at - at),
        accepted_after_ms: r.offered_at.map(|at| r.accepted_at - at),
        held_ms: r.ended_at.unwrap_or(now) - r.offered_at.unwrap_or(r.accepted_at),
        has_ended: r.ended_at.is_some(),
    };
    Ok(rows.into_iter().map(service).collect())
}

/// Locks an agent's row, so that no other transaction uses its capacity, and reads the agent; `None` if there is none.
pub async fn lock_agent(tx: &mut Tx, tenant: TenantId, id: AgentId) -> Result<Option<Candidate>> {
    lock_row(tx, tenant, id, "SELECT 1 FROM agents WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE").await?;
    agent(tx, tenant, id).await
}

/// Like [`lock_agent`], without waiting: `None` also while another transaction holds the
/// lock. A caller that already holds locks, in no fixed order, must not wait for more.
pub async fn try_lock_agent(tx: &mut Tx, tenant: TenantId, id: AgentId) -> Result<Option<Candidate>> {
    let is_ours = lock_row(tx, tenant, id, "SELECT 1 FROM agents WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED").await?;
    if is_ours { agent(tx, tenant, id).await } else { Ok(None) }
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
