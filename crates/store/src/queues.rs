//! Queues: where customers wait for an agent, who serves them, and when they are open.

use std::collections::{BTreeSet, HashMap};

use db::{Tx, q, row};
use domain::{
    id::{AgentId, QueueId, TenantId},
    opening_hours::OpeningHours,
    text::Bilingual,
    time::Ts,
};
use uuid::Uuid;

use crate::{AT_ONCE, Error, Result, fragments::open_states, places, table, table::With};

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The id.
    pub id: QueueId,
    /// The name staff and customers see.
    pub name: Bilingual,
    /// Whether every member of the staff serves it; otherwise only its members do.
    pub everybody: bool,
    /// When it is open; `None` for the company's hours.
    pub hours: Option<OpeningHours>,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Queue in "queues" {
        key { id: QueueId [id] }
        changing { name: Bilingual [name_zh, name_en], everybody: bool [everybody], hours: Option<OpeningHours> [hours], updated_at: Ts [updated_at] }
    }
}

/// Adds a queue.
pub async fn insert(tx: &mut Tx, tenant: TenantId, queue: &Queue) -> Result<()> {
    table::insert(tx, tenant, queue).await
}

/// A queue by id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<Queue> {
    let sql = table::select::<Queue>("AND id = $2");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// A queue with everything shown about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The queue.
    pub queue: Queue,
    /// The members who serve it; irrelevant if everyone does.
    pub members: Vec<AgentId>,
    /// The number of waiting conversations.
    pub waiting: i64,
    /// The number of unhandled left messages.
    pub left_messages: i64,
}

row! {
    struct Waiting { waiting: i64, left_messages: i64 }
}

/// The queues with what waits for them, oldest first.
macro_rules! shown {
    ($only:literal) => {
        table::select_with::<Queue>(
            "(SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = t.tenant_id AND c.queue_id = t.id AND c.state = 'queued') AS waiting,
               COALESCE(l.waiting, 0) AS left_messages",
            "LEFT JOIN (SELECT m.queue_id, COUNT(*) AS waiting FROM left_messages m
               JOIN conversations c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
               WHERE m.tenant_id = $1 AND m.done_at IS NULL AND c.left_at IS NOT NULL GROUP BY m.queue_id) l ON l.queue_id = t.id",
            concat!($only, " ORDER BY t.id"),
        )
    };
}

fn show(rows: Vec<With<Queue, Waiting>>, mut of: HashMap<Uuid, Vec<AgentId>>) -> Result<Vec<Shown>> {
    let one = |With(queue, Waiting { waiting, left_messages })| {
        let queue: Queue = queue?;
        Ok(Shown { members: of.remove(&queue.id.uuid()).unwrap_or_default(), queue, waiting, left_messages })
    };
    rows.into_iter().map(one).collect()
}

/// All queues as shown, oldest first.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Shown>> {
    let rows = q!(tx, |c| sqlx::query_as(shown!("")).bind(tenant.uuid()).fetch_all(c).await)?;
    let members = all_members(tx, tenant).await?;
    show(rows, members)
}

/// The load of a queue: how many conversations wait in it, and who could serve them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The queue.
    pub id: QueueId,
    /// The name.
    pub name: Bilingual,
    /// Whether every member of the staff serves it; otherwise only its members do.
    pub everybody: bool,
    /// The members who serve it; irrelevant if everyone does.
    pub members: Vec<AgentId>,
    /// The number of waiting conversations.
    pub waiting: i64,
    /// Since when the longest wait has lasted.
    pub longest_wait_since: Option<Ts>,
}

row! {
    struct Wait { waiting: i64, since: Option<i64> }
}

/// The load of every queue, oldest queue first.
pub async fn loads(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Load>> {
    let sql = table::select_with::<Queue>(
        "COALESCE(w.waiting, 0) AS waiting, w.since",
        "LEFT JOIN (SELECT queue_id, COUNT(*) AS waiting, MIN(queued_at) AS since FROM conversations WHERE tenant_id = $1 AND state = 'queued' GROUP BY queue_id) w
           ON w.queue_id = t.id",
        "ORDER BY t.id",
    );
    let rows: Vec<With<Queue, Wait>> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?;
    let mut members = all_members(tx, tenant).await?;
    let load = |With(queue, Wait { waiting, since })| {
        let Queue { id, name, everybody, .. } = queue?;
        Ok(Load { id, name, everybody, members: members.remove(&id.uuid()).unwrap_or_default(), waiting, longest_wait_since: since.map(Ts) })
    };
    rows.into_iter().map(load).collect()
}

/// The members of every queue that has any.
async fn all_members(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<Uuid, Vec<AgentId>>> {
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as("SELECT queue_id, agent_id FROM queue_members WHERE tenant_id = $1 ORDER BY queue_id, agent_id")
        .bind(tenant.uuid())
        .fetch_all(c)
        .await)?;
    Ok(by_queue(rows))
}

fn by_queue(rows: Vec<(Uuid, Uuid)>) -> HashMap<Uuid, Vec<AgentId>> {
    let mut of: HashMap<Uuid, Vec<AgentId>> = HashMap::new();
    for (queue, agent) in rows {
        of.entry(queue).or_default().push(AgentId::new(agent));
    }
    of
}

/// One queue as shown.
pub async fn get_shown(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<Shown> {
    let rows = q!(tx, |c| sqlx::query_as(shown!("AND t.id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_all(c).await)?;
    let members: Vec<(Uuid, Uuid)> =
        q!(tx, |c| sqlx::query_as("SELECT queue_id, agent_id FROM queue_members WHERE tenant_id = $1 AND queue_id = $2 ORDER BY agent_id")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .fetch_all(c)
            .await)?;
    show(rows, by_queue(members))?.pop().ok_or(Error::NotFound)
}

/// Updates a queue; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, queue: &Queue, seen: Ts) -> Result<()> {
    table::update(tx, tenant, queue, seen).await
}

/// What prevents the removal of a queue: the number of sites whose customers wait in it, and of conversations that wait in it, are served from it, or contain a
/// message left for it. Only unfinished conversations are examined, however many were served before.
pub async fn uses(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<(i64, i64)> {
    let (sites, open, left): (i64, i64, i64) = q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT (SELECT COUNT(*) FROM sites WHERE tenant_id = $1 AND queue_id = $2) AS sites,
           (SELECT COUNT(*) FROM conversations WHERE tenant_id = $1 AND queue_id = $2 AND state IN ",
            open_states!(),
            ") AS open,
           (SELECT COUNT(*) FROM left_messages l JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
              WHERE l.tenant_id = $1 AND l.queue_id = $2 AND l.done_at IS NULL AND c.left_at IS NOT NULL
                AND (c.queue_id IS NULL OR c.queue_id <> $2 OR c.state IN ('resolved', 'closed'))) AS left_messages"
        ))
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_one(c)
        .await
    })?;
    Ok((sites, open + left))
}

/// Deletes a queue and its members. Conversations served from it keep its id, and go to the bot when they are reopened.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<()> {
    set_members(tx, tenant, id, &[]).await?;
    let removed = q!(tx, |c| sqlx::query("DELETE FROM queues WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// How many conversations wait in a queue, and since when the first has; `None` if none waits.
pub async fn line(tx: &mut Tx, tenant: TenantId, queue: QueueId) -> Result<(i64, Option<Ts>)> {
    let (waiting, since): (i64, Option<i64>) = q!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*) AS waiting, MIN(queued_at) AS since FROM conversations WHERE tenant_id = $1 AND state = 'queued' AND queue_id = $2"
    )
    .bind(tenant.uuid())
    .bind(queue.uuid())
    .fetch_one(c)
    .await)?;
    Ok((waiting, since.map(Ts)))
}

/// The members who serve a queue; `None` if everyone does, or if the queue no longer exists.
pub async fn members(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<Option<Vec<AgentId>>> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT everybody FROM queues WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_optional(c)
        .await)?;
    if row.is_none_or(|(everybody,)| everybody != 0) {
        return Ok(None);
    }
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT agent_id FROM queue_members WHERE tenant_id = $1 AND queue_id = $2 ORDER BY agent_id")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .fetch_all(c)
        .await)?;
    Ok(Some(rows.into_iter().map(|(agent,)| AgentId::new(agent)).collect()))
}

/// Sets the members of a queue; [`Error::NotFound`] if one of them is not on the staff.
pub async fn set_members(tx: &mut Tx, tenant: TenantId, id: QueueId, agents: &[AgentId]) -> Result<()> {
    let agents: BTreeSet<Uuid> = agents.iter().map(|agent| agent.uuid()).collect();
    q!(tx, |c| sqlx::query("DELETE FROM queue_members WHERE tenant_id = $1 AND queue_id = $2").bind(tenant.uuid()).bind(id.uuid()).execute(c).await.map(drop))?;
    for some in agents.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        let sql = format!(
            "INSERT INTO queue_members (tenant_id, queue_id, agent_id) SELECT tenant_id, $2, id FROM agents WHERE tenant_id = $1 AND is_program = 0 AND id IN ({})",
            places(3, some.len())
        );
        let named = q!(tx, |c| {
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid()).bind(id.uuid());
            some.iter().fold(query, |query, agent| query.bind(*agent)).execute(c).await.map(|done| done.rows_affected())
        })?;
        if named != some.len() as u64 {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

/// Whether anyone who is not disabled serves a queue: one of its members, or everyone.
pub async fn is_attended(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT q.id FROM queues q WHERE q.tenant_id = $1 AND q.id = $2 AND (q.everybody = 1 OR EXISTS (SELECT 1 FROM queue_members m
           JOIN agents a ON a.tenant_id = m.tenant_id AND a.id = m.agent_id WHERE m.tenant_id = $1 AND m.queue_id = $2 AND a.disabled_at IS NULL))"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Whether a different queue has this name in one of the languages.
pub async fn is_taken(tx: &mut Tx, tenant: TenantId, name: &Bilingual, own: QueueId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM queues WHERE tenant_id = $1 AND id <> $2 AND ((name_zh <> '' AND name_zh = $3) OR (name_en <> '' AND name_en = $4)) LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(own.uuid())
    .bind(&name.zh)
    .bind(&name.en)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}
