//! Alerts of any kind, about conversations and other subjects. What was said is stored in the journal; this stores what waits, and who acknowledged it.

use db::{Tx, q, row};
use domain::{
    alert::Alert,
    id::{AgentId, QueueId, TenantId},
    stream::StreamName,
    time::Ts,
};
use store::{
    Result,
    fragments::{account_columns, account_joins, queues_served_by},
};
use uuid::Uuid;

row! {
    /// An alert as a row of a list. What belongs to a conversation is empty if it is about something else.
    pub struct AlertRow {
        /// The kind of alert.
        pub kind: String,
        /// The kind of its subject.
        pub subject_kind: String,
        /// Its subject.
        pub subject_id: Uuid,
        /// The number of the entry that raised it, in the stream of its subject.
        pub seq: i64,
        /// How urgent it is.
        pub level: String,
        /// The visitor who wrote it.
        pub visitor_id: Option<Uuid>,
        /// The account of that visitor, if any.
        pub customer_id: Option<Uuid>,
        /// That customer's name, sealed.
        pub customer_name: Option<Vec<u8>>,
        /// What that customer signs in with, sealed: the mobile number before the e-mail address.
        pub customer_identifier: Option<Vec<u8>>,
        /// The language of the conversation.
        pub lang: Option<String>,
        /// The state of the conversation.
        pub state: Option<String>,
        /// The name of the member who serves the conversation, or served it last.
        pub agent_name: Option<String>,
        /// The body of that entry of the conversation as JSON; empty if it was recalled.
        pub body: Option<String>,
        /// The queue whose members see it.
        pub queue_id: Option<Uuid>,
        /// When it was raised.
        pub raised_at: i64,
        /// When somebody has to have seen to it.
        pub due_at: Option<i64>,
        /// When it was acknowledged.
        pub done_at: Option<i64>,
        /// The name of the member who acknowledged it.
        pub done_by: Option<String>,
    }
}

macro_rules! rows {
    ($($rest:tt)+) => {
        concat!(
            "SELECT l.kind, l.subject_kind, l.subject_id, l.seq, l.level, c.visitor_id, ",
            account_columns!(),
            ",
               c.lang, c.state, a.name AS agent_name, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, l.queue_id, l.raised_at, l.due_at,
               l.done_at, d.name AS done_by
             FROM alerts l
             LEFT JOIN conversations c ON l.subject_kind = 'conversation' AND c.tenant_id = l.tenant_id AND c.id = l.subject_id
             LEFT JOIN journal_entries e ON e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.seq = l.seq
             ",
            account_joins!(),
            "
             LEFT JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id
             LEFT JOIN agents d ON d.tenant_id = l.tenant_id AND d.id = l.done_by
             WHERE l.tenant_id = $1 AND ($2 IS NULL OR c.agent_id = $2 OR l.done_by = $2 OR l.queue_id IN ",
            queues_served_by!("$2"),
            ") ",
            $($rest)+
        )
    };
}

/// Records that an alert is raised now. Returns whether that is new: an entry raises one of a kind only once, and only one of a kind waits about a subject.
pub async fn insert(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<bool> {
    let now = tx.now();
    let added = q!(tx, |c| sqlx::query(
        "INSERT INTO alerts (tenant_id, subject_kind, subject_id, kind, seq, level, queue_id, raised_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(alert.subject.kind.as_str())
    .bind(alert.subject.id)
    .bind(alert.kind.as_str())
    .bind(alert.seq)
    .bind(alert.level.as_str())
    .bind(alert.queue.map(QueueId::uuid))
    .bind(now.0)
    .bind(alert.due_at.map(|at| at.0))
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added > 0)
}

/// The alerts that nobody has acknowledged, oldest first; of one member if given: those of the queues the member serves and of the member's conversations.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, of: Option<AgentId>, limit: i64) -> Result<Vec<AlertRow>> {
    Ok(q!(tx, |c| sqlx::query_as(rows!("AND l.done_at IS NULL ORDER BY l.raised_at, l.subject_id, l.seq, l.kind LIMIT $3"))
        .bind(tenant.uuid())
        .bind(of.map(AgentId::uuid))
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// A place in the list of acknowledged alerts.
#[derive(Debug, Clone)]
pub struct Place {
    /// When the alert was acknowledged.
    pub at: Ts,
    /// Its subject.
    pub subject: Uuid,
    /// The number of the entry that raised it.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
}

/// The acknowledged alerts, latest first, after a place; of one member as with [`waiting`], and those that the member acknowledged.
pub async fn list_done(tx: &mut Tx, tenant: TenantId, of: Option<AgentId>, after: Option<Place>, limit: i64) -> Result<Vec<AlertRow>> {
    let after = after.unwrap_or(Place { at: Ts(i64::MAX), subject: Uuid::max(), seq: i64::MAX, kind: String::new() });
    if !store::can_be_stored(&after.kind) {
        return Ok(Vec::new());
    }
    Ok(q!(tx, |c| sqlx::query_as(rows!(
        "AND l.done_at IS NOT NULL AND (l.done_at, l.subject_id, l.seq, l.kind) < ($3, $4, $5, $6)
             ORDER BY l.done_at DESC, l.subject_id DESC, l.seq DESC, l.kind DESC LIMIT $7"
    ))
    .bind(tenant.uuid())
    .bind(of.map(AgentId::uuid))
    .bind(after.at.0)
    .bind(after.subject)
    .bind(after.seq)
    .bind(&after.kind)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// Records that a member acknowledged what waits about a subject.
pub async fn finish(tx: &mut Tx, tenant: TenantId, subject: StreamName, by: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("UPDATE alerts SET done_at = $4, done_by = $5 WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND done_at IS NULL")
        .bind(tenant.uuid())
        .bind(subject.kind.as_str())
        .bind(subject.id)
        .bind(now.0)
        .bind(by.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
