//! Alerts: messages that say that somebody may be in danger. Their text is stored in the journal; this stores who acknowledged them.

use db::{Tx, q, row};
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{
    Result,
    customers::{account_columns, account_joins},
    fragments::queues_served_by,
};

row! {
    /// An alert as a row of a list.
    pub struct AlertRow {
        /// The conversation.
        pub conversation_id: Uuid,
        /// The number of the message in it.
        pub seq: i64,
        /// The visitor who wrote it.
        pub visitor_id: Uuid,
        /// The account of that visitor, if any.
        pub customer_id: Option<Uuid>,
        /// That customer's name, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the e-mail address.
        pub customer_identifier: Option<Vec<u8>>,
        /// The language of the conversation.
        pub lang: String,
        /// The state of the conversation.
        pub state: String,
        /// The name of the member who serves the conversation, or served it last.
        pub agent_name: Option<String>,
        /// The body of the message as JSON; empty if it was recalled.
        pub body: Option<String>,
        /// The queue of the site.
        pub queue_id: Uuid,
        /// When it was raised.
        pub raised_at: i64,
        /// When it was acknowledged.
        pub done_at: Option<i64>,
        /// The name of the member who acknowledged it.
        pub done_by: Option<String>,
    }
}

macro_rules! rows {
    ($($rest:tt)+) => {
        concat!(
            "SELECT l.conversation_id, l.seq, c.visitor_id, ",
            account_columns!(),
            ",
               c.lang, c.state, a.name AS agent_name, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, l.queue_id, l.raised_at,
               l.done_at, d.name AS done_by
             FROM alerts l
             JOIN conversations c ON c.tenant_id = l.tenant_id AND c.id = l.conversation_id
             LEFT JOIN journal_entries e ON e.tenant_id = l.tenant_id AND e.stream_id = l.conversation_id AND e.seq = l.seq
             ",
            account_joins!(),
            "
             LEFT JOIN agents a ON a.tenant_id = l.tenant_id AND a.id = c.agent_id
             LEFT JOIN agents d ON d.tenant_id = l.tenant_id AND d.id = l.done_by
             WHERE l.tenant_id = $1 AND ($2 IS NULL OR c.agent_id = $2 OR l.done_by = $2 OR l.queue_id IN ",
            queues_served_by!("$2"),
            ") ",
            $($rest)+
        )
    };
}

/// Records that the message `seq` raised an alert now. Returns whether that is new: the same message raises one only once.
pub async fn insert(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64, queue: QueueId) -> Result<bool> {
    let now = tx.now();
    let added = q!(tx, |c| sqlx::query(
        "INSERT INTO alerts (tenant_id, conversation_id, seq, queue_id, raised_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .bind(queue.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added > 0)
}

/// The alerts that nobody has acknowledged, oldest first; of one member if given: those of the queues the member serves and of the member's conversations.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, of: Option<AgentId>, limit: i64) -> Result<Vec<AlertRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND l.done_at IS NULL ORDER BY l.raised_at, l.conversation_id, l.seq LIMIT $3"))
        .bind(tenant.uuid())
        .bind(of.map(AgentId::uuid))
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// A place in the list of acknowledged alerts: when, the conversation, the message.
pub type Place = (Ts, Uuid, i64);

/// The acknowledged alerts, latest first, after a place; of one member as with [`waiting`], and those that the member acknowledged.
pub async fn list_done(tx: &mut Tx, tenant: TenantId, of: Option<AgentId>, after: Option<Place>, limit: i64) -> Result<Vec<AlertRow>> {
    let (at, conversation, seq) = after.unwrap_or((Ts(i64::MAX), Uuid::max(), i64::MAX));
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NOT NULL AND (l.done_at, l.conversation_id, l.seq) < ($3, $4, $5)
             ORDER BY l.done_at DESC, l.conversation_id DESC, l.seq DESC LIMIT $6"
    ))
    .bind(tenant.uuid())
    .bind(of.map(AgentId::uuid))
    .bind(at.0)
    .bind(conversation)
    .bind(seq)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// Records that the alerts of a conversation were acknowledged.
pub async fn finish(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, by: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE alerts SET done_at = $3, done_by = $4 WHERE tenant_id = $1 AND conversation_id = $2 AND done_at IS NULL")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(now.0)
        .bind(by.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
