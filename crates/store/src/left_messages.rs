//! Messages left for later. Their text is stored in the journal; this stores who handles them, and the contact, which is not in the journal.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId, VisitorId},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    fragments::{account_columns, account_joins, agent_within, queues_served_by},
    reach::Within,
};

/// A message that was just left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLeftMessage<'a> {
    /// The conversation it was left in.
    pub conversation: ConversationId,
    /// The number of the episode it ended.
    pub episode: i64,
    /// The number of its entry in the conversation.
    pub seq: i64,
    /// The queue it is for.
    pub queue: QueueId,
    /// When an answer was promised by.
    pub promised_by: Option<Ts>,
    /// Where else the customer can be answered, sealed by the company's key.
    pub contact: Option<&'a [u8]>,
}

row! {
    /// A left message as a row of a list.
    pub struct LeftMessageRow {
        /// The conversation it was left in.
        pub conversation_id: Uuid,
        /// The number of the episode it ended.
        pub episode: i64,
        /// The number of its entry in the conversation.
        pub seq: i64,
        /// The visitor who left it.
        pub visitor_id: Uuid,
        /// The account of that visitor, if any.
        pub customer_id: Option<Uuid>,
        /// That customer's name, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the e-mail address.
        pub customer_identifier: Option<Vec<u8>>,
        /// What the site says of that customer by a signed token, sealed.
        pub customer_signed: Option<Vec<u8>>,
        /// The language of the conversation.
        pub lang: String,
        /// The body as JSON; empty if the message was recalled. The contact in it is masked, except in older ones.
        pub body: Option<String>,
        /// The contact, sealed by the company's key; empty if there is none, or if it is in the body.
        pub contact: Option<Vec<u8>>,
        /// The queue it is for.
        pub queue_id: Uuid,
        /// When it was left.
        pub left_at: i64,
        /// When an answer was promised by.
        pub promised_by: Option<i64>,
        /// The member who takes care of it, if anyone.
        pub owner_id: Option<Uuid>,
        /// That member's name.
        pub owner_name: Option<String>,
        /// When it was handled.
        pub done_at: Option<i64>,
        /// The name of the member who handled it.
        pub done_by: Option<String>,
        /// Whether it was handled by an answer.
        pub answered: i64,
    }
}

macro_rules! rows {
    ($($rest:tt)+) => {
        concat!(
            "SELECT l.conversation_id, l.episode, l.seq, c.visitor_id, ",
            account_columns!(),
            ",
               c.lang, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, l.contact, l.queue_id, l.left_at,
               l.promised_by, l.owner_id, o.name AS owner_name, l.done_at, d.name AS done_by, l.answered
             FROM left_messages l
             JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
             LEFT JOIN journal_entries e ON e.tenant_id = l.tenant_id AND e.stream_id = l.conversation_id AND e.seq = l.seq
             ",
            account_joins!(),
            "
             LEFT JOIN agents o ON o.tenant_id = l.tenant_id AND o.id = l.owner_id
             LEFT JOIN agents d ON d.tenant_id = l.tenant_id AND d.id = l.done_by
             WHERE l.tenant_id = $1 AND c.erasing_at IS NULL ",
            $($rest)+
        )
    };
}

/// Records that a message was left.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: NewLeftMessage<'_>) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO left_messages (tenant_id, conversation_id, episode, seq, queue_id, left_at, promised_by, contact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(tenant.uuid())
    .bind(new.conversation.uuid())
    .bind(new.episode)
    .bind(new.seq)
    .bind(new.queue.uuid())
    .bind(now.0)
    .bind(new.promised_by.map(|at| at.0))
    .bind(new.contact)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Records a message of an imported conversation, and when it was handled, by whom, and whether by an answer.
pub async fn import(tx: &mut Tx, tenant: TenantId, new: NewLeftMessage<'_>, left_at: Ts, done: Option<(Ts, AgentId, bool)>) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO left_messages (tenant_id, conversation_id, episode, seq, queue_id, left_at, promised_by, done_at, done_by, answered, contact)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(tenant.uuid())
    .bind(new.conversation.uuid())
    .bind(new.episode)
    .bind(new.seq)
    .bind(new.queue.uuid())
    .bind(left_at.0)
    .bind(new.promised_by.map(|at| at.0))
    .bind(done.map(|(at, ..)| at.0))
    .bind(done.map(|(_, by, _)| by.uuid()))
    .bind(i64::from(done.is_some_and(|(.., is_answered)| is_answered)))
    .bind(new.contact)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The number of a visitor's unhandled messages, and the number of those left since a time by visitors of the same network.
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

/// Which messages to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Only those for this queue.
    pub queue: Option<QueueId>,
    /// Only those this member may see: for the queues that they serve, in conversations whose agent they reach and, of the handled ones, those that they handled.
    pub known_to: Option<Within>,
}

/// A place in a list: the time it is sorted by, the conversation, the episode.
pub type Place = (Ts, Uuid, i64);

/// The unhandled messages, oldest first, after a place.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, chosen: Chosen, after: Option<Place>, limit: i64) -> Result<Vec<LeftMessageRow>> {
    let (at, conversation, episode) = after.unwrap_or((Ts(i64::MIN), Uuid::nil(), 0));
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NULL AND c.left_at IS NOT NULL AND ($2 IS NULL OR l.queue_id = $2) AND (l.left_at, l.conversation_id, l.episode) > ($3, $4, $5)
           AND ($7 IS NULL OR ",
        agent_within!("$7", "$8"),
        " OR ($8 & 4) <> 0 AND l.queue_id IN ",
        queues_served_by!("$7"),
        ") ORDER BY l.left_at, l.conversation_id, l.episode LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(at.0)
    .bind(conversation)
    .bind(episode)
    .bind(limit)
    .bind(chosen.known_to.map(|reader| reader.agent.uuid()))
    .bind(chosen.known_to.map_or(0, |reader| reader.bits))
    .fetch_all(c)
    .await)?)
}

/// The handled messages, most recent first, after a place.
pub async fn list_done(tx: &mut Tx, tenant: TenantId, chosen: Chosen, after: Option<Place>, limit: i64) -> Result<Vec<LeftMessageRow>> {
    let (at, conversation, episode) = after.unwrap_or((Ts(i64::MAX), Uuid::max(), i64::MAX));
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NOT NULL AND ($2 IS NULL OR l.queue_id = $2) AND (l.done_at, l.conversation_id, l.episode) < ($3, $4, $5)
             AND ($7 IS NULL OR l.done_by = $7 OR ",
        agent_within!("$7", "$8"),
        " OR ($8 & 4) <> 0 AND l.queue_id IN ",
        queues_served_by!("$7"),
        ")
             ORDER BY l.done_at DESC, l.conversation_id DESC, l.episode DESC LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(chosen.queue.map(QueueId::uuid))
    .bind(at.0)
    .bind(conversation)
    .bind(episode)
    .bind(limit)
    .bind(chosen.known_to.map(|reader| reader.agent.uuid()))
    .bind(chosen.known_to.map_or(0, |reader| reader.bits))
    .fetch_all(c)
    .await)?)
}

/// Whether a member may see a message in a conversation that was handled without an answer: it was for a queue the member serves, or the member handled it.
pub async fn is_known_to(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, reader: Within) -> Result<bool> {
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT l.episode FROM left_messages l WHERE l.tenant_id = $1 AND l.conversation_id = $2 AND l.done_at IS NOT NULL AND l.answered = 0
           AND (l.done_by = $3 OR ($4 & 4) <> 0 AND l.queue_id IN ",
        queues_served_by!("$3"),
        ") LIMIT 1"
    ))
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(reader.agent.uuid())
    .bind(reader.bits)
    .fetch_optional(c)
    .await)?;
    Ok(row.is_some())
}

/// The messages left in a conversation, most recent first.
pub async fn of(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Vec<LeftMessageRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND l.conversation_id = $2 ORDER BY l.episode DESC"))
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .fetch_all(c)
        .await)?)
}

/// The number of unhandled messages per queue.
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

/// Sets which member takes care of the unhandled messages in a conversation, or that nobody does.
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

/// Records that the messages in a conversation were handled, by an answer or otherwise.
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

/// Marks the last message left in a conversation as unhandled again, if it was not
/// answered; returns when it was left. [`Error::NotFound`] if there is no such message.
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
