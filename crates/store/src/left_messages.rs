//! Messages that were left for later. Their words stand in the journal; here stands who takes care of them.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId, VisitorId},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    customers::{account_columns, account_joins},
};

/// A message that was just left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLeftMessage {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Which episode it ended.
    pub episode: i64,
    /// The number of its words.
    pub seq: i64,
    /// For which queue.
    pub queue: QueueId,
    /// By when an answer was promised.
    pub promised_by: Option<Ts>,
}

row! {
    /// A left message as a row of a list.
    pub struct LeftMessageRow {
        /// In which conversation.
        pub conversation_id: Uuid,
        /// Which episode it ended.
        pub episode: i64,
        /// Whose.
        pub visitor_id: Uuid,
        /// The account they belong to.
        pub customer_id: Option<Uuid>,
        /// The name that customer goes by, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the address.
        pub customer_identifier: Option<Vec<u8>>,
        /// In which language.
        pub lang: String,
        /// Its body, as JSON; empty where the words were taken back.
        pub body: Option<String>,
        /// For which queue.
        pub queue_id: Uuid,
        /// When it was left.
        pub left_at: i64,
        /// By when an answer was promised.
        pub promised_by: Option<i64>,
        /// Who said they take care of it.
        pub owner_id: Option<Uuid>,
        /// Their name.
        pub owner_name: Option<String>,
        /// When it was taken care of.
        pub done_at: Option<i64>,
        /// By whom.
        pub done_by: Option<String>,
        /// Whether by an answer.
        pub answered: i64,
    }
}

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT l.conversation_id, l.episode, c.visitor_id, ",
            account_columns!(),
            ",
               c.lang, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, l.queue_id, l.left_at,
               l.promised_by, l.owner_id, o.name AS owner_name, l.done_at, d.name AS done_by, l.answered
             FROM left_messages l
             JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
             LEFT JOIN journal_entries e ON e.tenant_id = l.tenant_id AND e.stream_id = l.conversation_id AND e.seq = l.seq
             ",
            account_joins!(),
            "
             LEFT JOIN agents o ON o.tenant_id = l.tenant_id AND o.id = l.owner_id
             LEFT JOIN agents d ON d.tenant_id = l.tenant_id AND d.id = l.done_by
             WHERE l.tenant_id = $1 ",
            $rest
        )
    };
}

/// Notes that a message was left.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: NewLeftMessage) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO left_messages (tenant_id, conversation_id, episode, seq, queue_id, left_at, promised_by) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(tenant.uuid())
    .bind(new.conversation.uuid())
    .bind(new.episode)
    .bind(new.seq)
    .bind(new.queue.uuid())
    .bind(now.0)
    .bind(new.promised_by.map(|at| at.0))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// How many messages of a visitor wait to be taken care of; and how many that were left since a time by visitors of the same network.
pub async fn waiting_of(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, since: Ts) -> Result<(i64, i64)> {
    let (own,): (i64,) = q!(tx, |c| sqlx::query_as(
        "SELECT COUNT(*) FROM conversations c JOIN left_messages l ON l.tenant_id = c.tenant_id AND l.conversation_id = c.id
         WHERE c.tenant_id = $1 AND c.visitor_id = $2 AND c.left_at IS NOT NULL AND l.done_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .fetch_one(c)
    .await)?;
    let (near,): (i64,) = q!(tx, |c| {
        sqlx::query_as(
        "SELECT COUNT(*) FROM left_messages l
         JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
         JOIN visitors v ON v.tenant_id = c.tenant_id AND v.id = c.visitor_id
         WHERE l.tenant_id = $1 AND l.done_at IS NULL AND c.left_at IS NOT NULL AND l.left_at > $3 AND v.network = (SELECT o.network FROM visitors o WHERE o.tenant_id = $1 AND o.id = $2)"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(since.0)
    .fetch_one(c)
    .await
    })?;
    Ok((own, near))
}

/// Which of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Those for a queue.
    pub queue: Option<QueueId>,
    /// Those that this member may know once they were taken care of: for queues the member serves, and what the member took care of.
    pub known_to: Option<AgentId>,
}

/// A place in a list: the time it is sorted by, the conversation, the episode.
pub type Place = (Ts, Uuid, i64);

/// Those that wait to be taken care of, the oldest first, behind a place.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, chosen: Chosen, after: Option<Place>, limit: i64) -> Result<Vec<LeftMessageRow>> {
    let (at, conversation, episode) = after.unwrap_or((Ts(i64::MIN), Uuid::nil(), 0));
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NULL AND c.left_at IS NOT NULL AND ($2 IS NULL OR l.queue_id = $2) AND (l.left_at, l.conversation_id, l.episode) > ($3, $4, $5)
             ORDER BY l.left_at, l.conversation_id, l.episode LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(at.0)
    .bind(conversation)
    .bind(episode)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// Those that were taken care of, the last first, behind a place.
pub async fn done(tx: &mut Tx, tenant: TenantId, chosen: Chosen, after: Option<Place>, limit: i64) -> Result<Vec<LeftMessageRow>> {
    let (at, conversation, episode) = after.unwrap_or((Ts(i64::MAX), Uuid::max(), i64::MAX));
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NOT NULL AND ($2 IS NULL OR l.queue_id = $2) AND (l.done_at, l.conversation_id, l.episode) < ($3, $4, $5)
             AND ($7 IS NULL OR l.done_by = $7 OR l.queue_id IN (SELECT q.id FROM queues q WHERE q.tenant_id = $1 AND (q.everybody = 1
                  OR EXISTS (SELECT 1 FROM queue_members m WHERE m.tenant_id = $1 AND m.queue_id = q.id AND m.agent_id = $7))))
             ORDER BY l.done_at DESC, l.conversation_id DESC, l.episode DESC LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(at.0)
    .bind(conversation)
    .bind(episode)
    .bind(limit)
    .bind(chosen.known_to.map(AgentId::uuid))
    .fetch_all(c)
    .await)?)
}

/// Whether a member knows of a message in a conversation that was taken care of without an answer: it was for a queue the member serves, or the member took care of it.
pub async fn is_known_to(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, agent: AgentId) -> Result<bool> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "SELECT l.episode FROM left_messages l WHERE l.tenant_id = $1 AND l.conversation_id = $2 AND l.done_at IS NOT NULL AND l.answered = 0
           AND (l.done_by = $3 OR l.queue_id IN (SELECT q.id FROM queues q WHERE q.tenant_id = $1 AND (q.everybody = 1
                OR EXISTS (SELECT 1 FROM queue_members m WHERE m.tenant_id = $1 AND m.queue_id = q.id AND m.agent_id = $3)))) LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(agent.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(row.is_some())
}

/// The messages left in one conversation, the last first.
pub async fn of(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Vec<LeftMessageRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND l.conversation_id = $2 ORDER BY l.episode DESC"))
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .fetch_all(c)
        .await)?)
}

/// How many wait in each queue.
pub async fn counts(tx: &mut Tx, tenant: TenantId) -> Result<Vec<(QueueId, i64)>> {
    let rows: Vec<(Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT l.queue_id, COUNT(*) FROM left_messages l JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
         WHERE l.tenant_id = $1 AND l.done_at IS NULL AND c.left_at IS NOT NULL GROUP BY l.queue_id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(queue, count)| (QueueId::new(queue), count)).collect())
}

/// Says who takes care of what waits in a conversation, or nobody.
pub async fn set_owner(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, owner: Option<AgentId>) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query("UPDATE left_messages SET owner_id = $3 WHERE tenant_id = $1 AND conversation_id = $2 AND done_at IS NULL")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(owner.map(AgentId::uuid))
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// What waited in a conversation was taken care of: by an answer, or otherwise.
pub async fn finish(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, by: AgentId, answered: bool) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "UPDATE left_messages SET done_at = $3, done_by = $4, answered = $5 WHERE tenant_id = $1 AND conversation_id = $2 AND done_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(now.0)
    .bind(by.uuid())
    .bind(i64::from(answered))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The last message left in a conversation waits again, if it was not answered; returns since when. [`Error::NotFound`] if there is none such.
pub async fn reopen(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Ts> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "UPDATE left_messages SET done_at = NULL, done_by = NULL WHERE tenant_id = $1 AND conversation_id = $2 AND done_at IS NOT NULL AND answered = 0
           AND episode = (SELECT MAX(l.episode) FROM left_messages l WHERE l.tenant_id = $1 AND l.conversation_id = $2) RETURNING left_at"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .fetch_optional(c)
    .await)?;
    let (left_at,) = row.ok_or(Error::NotFound)?;
    Ok(Ts(left_at))
}
