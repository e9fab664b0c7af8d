//! Queues: where customers wait for an agent, who serves them, and when they are open.

use std::collections::{BTreeSet, HashMap};

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId},
    opening_hours::OpeningHours,
    policy::{Grants, OverConversations, Reach, Reaches},
    routing::rules::QueueRules,
    staff::Role,
    text::Bilingual,
    time::Ts,
};
use uuid::Uuid;

use crate::{
    AT_ONCE, Error, Result,
    fragments::{open_states, waiting_states},
    places, table,
    table::With,
};

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
    /// Who gets what waits in it, and what happens if nobody does.
    pub rules: QueueRules,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Queue in "queues" {
        key { id: QueueId [id] }
        changing {
            name: Bilingual [name_zh, name_en], everybody: bool [everybody], hours: Option<OpeningHours> [hours], rules: QueueRules [rules],
            updated_at: Ts [updated_at]
        }
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
            concat!(
                "(SELECT COUNT(*) FROM conversations c WHERE c.tenant_id = t.tenant_id AND c.queue_id = t.id AND c.state IN ",
                waiting_states!(),
                ") AS waiting,
               COALESCE(l.waiting, 0) AS left_messages"
            ),
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

/// All queues by their ids, as routing needs them.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<QueueId, Queue>> {
    let sql = table::select::<Queue>("ORDER BY id");
    let all: Vec<Queue> = table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)?;
    Ok(all.into_iter().map(|queue| (queue.id, queue)).collect())
}

/// The members at work of the queues that not everybody serves.
pub async fn members_at_work(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<QueueId, BTreeSet<AgentId>>> {
    let rows: Vec<(Uuid, Uuid)> = q!(tx, |c| sqlx::query_as(
        "SELECT m.queue_id, m.agent_id FROM agents a JOIN queue_members m ON m.tenant_id = a.tenant_id AND m.agent_id = a.id
         WHERE a.tenant_id = $1 AND a.state <> 'offline'"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    let mut members: HashMap<QueueId, BTreeSet<AgentId>> = HashMap::new();
    for (queue, agent) in rows {
        members.entry(QueueId::new(queue)).or_default().insert(AgentId::new(agent));
    }
    Ok(members)
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
        concat!(
            "LEFT JOIN (SELECT queue_id, COUNT(*) AS waiting, MIN(queued_at) AS since FROM conversations WHERE tenant_id = $1 AND state IN ",
            waiting_states!(),
            " GROUP BY queue_id) w
           ON w.queue_id = t.id"
        ),
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

row! {
    /// What belongs to a queue, or leads to it. Only unfinished conversations are counted, however many were served before.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Uses {
        /// Conversations that wait in it, those that are offered to somebody included.
        pub waiting: i64,
        /// Conversations that agents serve from it.
        pub active: i64,
        /// Those that are on hold.
        pub on_hold: i64,
        /// Those that are snoozed.
        pub snoozed: i64,
        /// Those that the bot has again.
        pub with_bot: i64,
        /// Left messages that nobody has handled.
        pub left_messages: i64,
        /// Sites whose customers wait in it.
        pub sites: i64,
        /// Kinds of question that lead to it.
        pub question_kinds: i64,
        /// Skills that it asks for.
        pub skills: i64,
    }
}

/// What belongs to a queue, or leads to it.
pub async fn uses(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<Uses> {
    q!(tx, |c| {
        sqlx::query_as(concat!(
            "SELECT o.waiting, o.active, o.on_hold, o.snoozed, o.with_bot,
               (SELECT COUNT(*) FROM left_messages l JOIN conversations m ON m.tenant_id = l.tenant_id AND m.id = l.conversation_id
                  WHERE l.tenant_id = $1 AND l.queue_id = $2 AND l.done_at IS NULL AND m.left_at IS NOT NULL) AS left_messages,
               (SELECT COUNT(*) FROM sites WHERE tenant_id = $1 AND queue_id = $2) AS sites,
               (SELECT COUNT(*) FROM question_kinds WHERE tenant_id = $1 AND queue_id = $2) AS question_kinds,
               (SELECT COUNT(*) FROM needed_skills WHERE tenant_id = $1 AND of_kind = 'queue' AND of_key = $3) AS skills
             FROM (SELECT COUNT(CASE WHEN c.state IN ('queued', 'offered') THEN 1 END) AS waiting, COUNT(CASE WHEN c.state = 'active' THEN 1 END) AS active,
               COUNT(CASE WHEN c.state = 'on_hold' THEN 1 END) AS on_hold, COUNT(CASE WHEN c.state = 'snoozed' THEN 1 END) AS snoozed,
               COUNT(CASE WHEN c.state = 'bot' THEN 1 END) AS with_bot
               FROM conversations c WHERE c.tenant_id = $1 AND c.queue_id = $2 AND c.state IN ",
            open_states!(),
            ") o"
        ))
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(id.to_string())
        .fetch_one(c)
        .await
    })
    .map_err(Error::from)
}

/// The unfinished conversations of a queue, and those with a left message that nobody has handled.
pub async fn conversations_of(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND queue_id = $2 AND (state = 'resolved' AND left_at IS NOT NULL OR state IN ",
        open_states!(),
        ") ORDER BY id"
    ))
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// Has the sites, the kinds of question and the left messages of a queue lead to another.
pub async fn lead_to(tx: &mut Tx, tenant: TenantId, from: QueueId, to: QueueId) -> Result<()> {
    let now = tx.now();
    for sql in [
        "UPDATE sites SET queue_id = $3, updated_at = CASE WHEN updated_at < $4 THEN $4 ELSE updated_at + 1 END WHERE tenant_id = $1 AND queue_id = $2",
        "UPDATE question_kinds SET queue_id = $3, updated_at = CASE WHEN updated_at < $4 THEN $4 ELSE updated_at + 1 END WHERE tenant_id = $1 AND queue_id = $2",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(from.uuid()).bind(to.uuid()).bind(now.0).execute(c).await.map(drop))?;
    }
    for sql in [
        "UPDATE conversations SET queue_id = $3 WHERE tenant_id = $1 AND queue_id = $2 AND state = 'closed' AND left_at IS NOT NULL
           AND id IN (SELECT conversation_id FROM left_messages WHERE tenant_id = $1 AND queue_id = $2 AND done_at IS NULL)",
        "UPDATE left_messages SET queue_id = $3 WHERE tenant_id = $1 AND queue_id = $2 AND done_at IS NULL",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(from.uuid()).bind(to.uuid()).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes a queue, its members, and what it asks for. Conversations served from it keep its id, and go to the bot when they are reopened; kinds of question that
/// led to it lead to the queue of the site.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<()> {
    set_members(tx, tenant, id, &[]).await?;
    let now = tx.now();
    q!(tx, |c| {
        let sql = "UPDATE question_kinds SET queue_id = NULL, updated_at = CASE WHEN updated_at < $3 THEN $3 ELSE updated_at + 1 END
             WHERE tenant_id = $1 AND queue_id = $2";
        sqlx::query(sql).bind(tenant.uuid()).bind(id.uuid()).bind(now.0).execute(c).await.map(drop)
    })?;
    q!(tx, |c| sqlx::query("DELETE FROM needed_skills WHERE tenant_id = $1 AND of_kind = 'queue' AND of_key = $2")
        .bind(tenant.uuid())
        .bind(id.to_string())
        .execute(c)
        .await
        .map(drop))?;
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
    let (waiting, since): (i64, Option<i64>) = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT COUNT(*) AS waiting, MIN(queued_at) AS since FROM conversations WHERE tenant_id = $1 AND state IN ",
        waiting_states!(),
        " AND queue_id = $2"
    ))
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

/// The members who read or serve what waits in a queue because it is theirs, disabled ones included: who reaches the whole company is none of them.
pub async fn serving(tx: &mut Tx, tenant: TenantId, id: QueueId) -> Result<BTreeSet<AgentId>> {
    let rows: Vec<(Uuid, String, Option<String>)> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT a.id, a.role, a.role_grants FROM agents a JOIN queues q ON q.tenant_id = a.tenant_id AND q.id = $2
         WHERE a.tenant_id = $1 AND (q.everybody = 1 OR EXISTS (SELECT 1 FROM queue_members m WHERE m.tenant_id = $1 AND m.queue_id = $2 AND m.agent_id = a.id))"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_all(c)
    .await
    })?;
    let reaches = |(_, role, grants): &(Uuid, String, Option<String>)| {
        let held = grants.as_deref().and_then(Grants::from_stored).or_else(|| Role::parse(role).map(Grants::of)).unwrap_or(Grants::NONE);
        let is_needed = |held: Reaches| held.contains(Reach::Queue) && !held.contains(Reach::Company);
        is_needed(held.reach(OverConversations::Desk)) || is_needed(held.reach(OverConversations::Read))
    };
    Ok(rows.into_iter().filter(reaches).map(|(agent, ..)| AgentId::new(agent)).collect())
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
