//! Alerts of any kind, about conversations and other subjects. What was said is stored in the journal; this stores what waits, and who acknowledged it.

use db::{Tx, q, row};
use domain::{
    alert::{Alert, AlertKind, AlertLevel, Sign},
    id::{AgentId, QueueId, TenantId},
    stream::StreamName,
    time::Ts,
};
use store::{
    Result,
    fragments::{account_columns, account_joins, agent_within, alerts_of_waiting, queues_served_by, readable_by, waiting_states},
    reach::Within,
};
use uuid::Uuid;

/// So many waiting alerts of one network are listed one by one; if there are more, the loudest and newest of them stands for all.
pub const MOST_OF_NETWORK: i64 = 3;

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
        /// What the site says of that customer by a signed token, sealed.
        pub customer_signed: Option<Vec<u8>>,
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
        /// A digest of the network from which it came, where networks are distinguished and the customer has no account.
        pub network: Option<Vec<u8>>,
        /// How many more of that network wait for which it stands.
        pub others: i64,
        /// Of a sign of attack: the address or network from which it came.
        pub address: Option<String>,
        /// Of a sign of attack: how often it was done.
        pub times: Option<i64>,
    }
}

impl AlertRow {
    /// How loud it is: the higher, the more urgent. A level that only a later version knows is the least.
    fn loudness(&self) -> i64 {
        AlertLevel::parse(&self.level).map_or(0, AlertLevel::loudness)
    }
    /// Its place in the list of waiting alerts.
    pub fn place(&self) -> Place {
        let Self { subject_id, seq, kind, raised_at, .. } = self;
        Place { loudness: self.loudness(), at: Ts(*raised_at), subject: *subject_id, seq: *seq, kind: kind.clone() }
    }
}

/// The conversation `c` that an alert `l` is about, if it is about one.
macro_rules! conversation {
    () => {
        "LEFT JOIN conversations c ON l.subject_kind = 'conversation' AND c.tenant_id = l.tenant_id AND c.id = l.subject_id"
    };
}

/// Where the alert came from: the network `v.network` of a visitor. A customer with an account (`cv.customer_id`) counts for themselves, and so does everybody who waits too long.
macro_rules! network {
    () => {
        concat!("CASE WHEN cv.customer_id IS NULL AND l.kind NOT IN ", alerts_of_waiting!(), " THEN v.network END AS network")
    };
}

/// Whether an alert `l` is for the member `$2` with the reaches `$bits`; everything is if no member is given. One about a conversation is seen only where the
/// conversation may be read.
macro_rules! reach {
    ($or:literal, $bits:literal) => {
        concat!(
            "($2 IS NULL OR (c.id IS NULL OR ",
            readable_by!("$2", $bits),
            ") AND (",
            agent_within!("$2", $bits),
            " OR l.done_by = $2 OR l.queue_id IN ",
            queues_served_by!("$2"),
            $or,
            "))"
        )
    };
}

/// What the member `$2` sees: also where somebody may be in danger in another queue, until that is acknowledged.
macro_rules! seen {
    ($bits:literal) => {
        reach!(" OR l.kind = 'danger' AND l.done_at IS NULL AND c.id IS NOT NULL", $bits)
    };
}

/// The columns of an [`AlertRow`], but for the last two.
macro_rules! columns {
    () => {
        concat!(
            "l.kind, l.subject_kind, l.subject_id, l.seq, l.level, c.visitor_id, ",
            account_columns!(),
            ",
               c.lang, c.state, a.name AS agent_name, CASE WHEN e.body_state = 'plain' THEN e.body ELSE NULL END AS body, l.queue_id, l.raised_at, l.due_at,
               l.done_at, d.name AS done_by, l.address, l.times"
        )
    };
}

/// What these columns are read from, beside the alerts `l`.
macro_rules! joins {
    () => {
        concat!(
            conversation!(),
            " LEFT JOIN journal_entries e ON e.tenant_id = c.tenant_id AND e.stream_id = c.id AND e.seq = l.seq
             ",
            account_joins!(),
            " LEFT JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id
             LEFT JOIN agents d ON d.tenant_id = l.tenant_id AND d.id = l.done_by"
        )
    };
}

/// The alerts `l`, each as a row of its own: none of them stands for others.
macro_rules! each {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", ",
            network!(),
            ", CAST(0 AS BIGINT) AS others FROM alerts l ",
            joins!(),
            " LEFT JOIN visitors v ON v.tenant_id = c.tenant_id AND v.id = c.visitor_id"
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

/// Whether an entry has raised an alert about its stream, whether it waits or not.
pub async fn has_raised(tx: &mut Tx, tenant: TenantId, subject: StreamName, seq: i64) -> Result<bool> {
    let found: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT seq FROM alerts WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND seq = $4 LIMIT 1")
            .bind(tenant.uuid())
            .bind(subject.kind.as_str())
            .bind(subject.id)
            .bind(seq)
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}

/// Says of an alert that is a sign of attack from where it came, and how often.
pub async fn describe(tx: &mut Tx, tenant: TenantId, alert: &Alert, sign: &Sign) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "UPDATE alerts SET address = $6, times = $7 WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND kind = $4 AND seq = $5"
    )
    .bind(tenant.uuid())
    .bind(alert.subject.kind.as_str())
    .bind(alert.subject.id)
    .bind(alert.kind.as_str())
    .bind(alert.seq)
    .bind(&sign.network)
    .bind(sign.times)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Lets an alert that was acknowledged wait again, for the members of its queue; nothing happens if one of the kind waits about the subject already.
pub async fn wait_again(tx: &mut Tx, tenant: TenantId, alert: &Alert) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "UPDATE alerts SET done_at = NULL, done_by = NULL, raised_at = $6, queue_id = $7, due_at = $8
         WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND kind = $4 AND seq = $5 AND NOT EXISTS (
           SELECT 1 FROM alerts o WHERE o.tenant_id = $1 AND o.subject_kind = $2 AND o.subject_id = $3 AND o.kind = $4 AND o.done_at IS NULL)"
    )
    .bind(tenant.uuid())
    .bind(alert.subject.kind.as_str())
    .bind(alert.subject.id)
    .bind(alert.kind.as_str())
    .bind(alert.seq)
    .bind(now.0)
    .bind(alert.queue.map(QueueId::uuid))
    .bind(alert.due_at.map(|at| at.0))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A place in a list of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How loud the alert is; acknowledged ones are not sorted by it.
    pub loudness: i64,
    /// When the alert was raised or, in the list of acknowledged ones, when that was done.
    pub at: Ts,
    /// Its subject.
    pub subject: Uuid,
    /// The number of the entry that raised it.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
}

impl Place {
    /// The place before all others.
    const fn top() -> Self {
        Self { loudness: i64::MAX, at: Ts(i64::MAX), subject: Uuid::max(), seq: i64::MAX, kind: String::new() }
    }
}

/// Which waiting alerts to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Chosen<'a> {
    /// Only those of one member: of the queues the member serves, and of the conversations whose agent they reach.
    pub of: Option<Within>,
    /// Only those of this network, and each of them.
    pub network: Option<&'a [u8]>,
}

/// The alerts that nobody has acknowledged, the loudest first, and of equally loud ones the newest, after a place. Of a network with more than
/// [`MOST_OF_NETWORK`], one stands for all.
pub async fn waiting(tx: &mut Tx, tenant: TenantId, which: Chosen<'_>, after: Option<Place>, limit: i64) -> Result<Vec<AlertRow>> {
    let after = after.unwrap_or_else(Place::top);
    if !store::can_be_stored(&after.kind) {
        return Ok(Vec::new());
    }
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "WITH waiting AS (
           SELECT l.tenant_id, l.subject_kind, l.subject_id, l.kind, l.seq, l.level, l.queue_id, l.raised_at, l.due_at, l.done_at, l.done_by,
             l.address, l.times, CAST(CASE l.level WHEN 'urgent' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END AS BIGINT) AS loudness, ",
        network!(),
        "
           FROM alerts l ",
        conversation!(),
        "
           LEFT JOIN visitors v ON v.tenant_id = c.tenant_id AND v.id = c.visitor_id
           LEFT JOIN customer_visitors cv ON cv.tenant_id = c.tenant_id AND cv.visitor_id = c.visitor_id
           WHERE l.tenant_id = $1 AND l.done_at IS NULL AND ",
        seen!("$11"),
        "
         ), ranked AS (
           SELECT w.*, COUNT(*) OVER (PARTITION BY w.network) AS near,
             ROW_NUMBER() OVER (PARTITION BY w.network ORDER BY w.loudness DESC, w.raised_at DESC, w.subject_id DESC, w.seq DESC, w.kind DESC) AS nth
           FROM waiting w
         ), listed AS (
           SELECT r.*, CASE WHEN $3 IS NOT NULL OR r.network IS NULL OR r.near <= $4 THEN 0 ELSE r.near - 1 END AS others FROM ranked r
           WHERE CASE WHEN $3 IS NOT NULL THEN r.network = $3 ELSE r.network IS NULL OR r.near <= $4 OR r.nth = 1 END
         )
         SELECT ",
        columns!(),
        ", l.network, l.others FROM listed l ",
        joins!(),
        "
         WHERE (l.loudness, l.raised_at, l.subject_id, l.seq, l.kind) < ($5, $6, $7, $8, $9)
         ORDER BY l.loudness DESC, l.raised_at DESC, l.subject_id DESC, l.seq DESC, l.kind DESC LIMIT $10"
    ))
    .bind(tenant.uuid())
    .bind(which.of.map(|of| of.agent.uuid()))
    .bind(which.network.map(<[u8]>::to_vec))
    .bind(MOST_OF_NETWORK)
    .bind(after.loudness)
    .bind(after.at.0)
    .bind(after.subject)
    .bind(after.seq)
    .bind(&after.kind)
    .bind(limit)
    .bind(which.of.map_or(0, |of| of.bits))
    .fetch_all(c)
    .await)?)
}

/// The alert that has waited longest of those of a network, of one member if given as in [`Chosen`].
pub async fn oldest_waiting(tx: &mut Tx, tenant: TenantId, of: Option<Within>, network: &[u8]) -> Result<Option<AlertRow>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        each!(),
        " WHERE l.tenant_id = $1 AND l.done_at IS NULL AND v.network = $3 AND cv.customer_id IS NULL AND l.kind NOT IN ",
        alerts_of_waiting!(),
        " AND ",
        seen!("$4"),
        " ORDER BY l.raised_at, l.subject_id, l.seq, l.kind LIMIT 1"
    ))
    .bind(tenant.uuid())
    .bind(of.map(|of| of.agent.uuid()))
    .bind(network.to_vec())
    .bind(of.map_or(0, |of| of.bits))
    .fetch_optional(c)
    .await)?)
}

/// The number of all alerts that nobody has acknowledged, of one member if given as in [`Chosen`].
pub async fn count_waiting(tx: &mut Tx, tenant: TenantId, of: Option<Within>) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT COUNT(*) FROM alerts l ",
        conversation!(),
        " WHERE l.tenant_id = $1 AND l.done_at IS NULL AND ",
        seen!("$3")
    ))
    .bind(tenant.uuid())
    .bind(of.map(|of| of.agent.uuid()))
    .bind(of.map_or(0, |of| of.bits))
    .fetch_one(c)
    .await)?;
    Ok(count)
}

/// Whether an alert about a subject waits for this member, among others: a colleague's is not theirs to acknowledge.
pub async fn is_waiting_for(tx: &mut Tx, tenant: TenantId, subject: StreamName, of: Within) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT l.seq FROM alerts l ",
        conversation!(),
        " WHERE l.tenant_id = $1 AND l.subject_kind = $3 AND l.subject_id = $4 AND l.done_at IS NULL AND ",
        reach!("", "$5"),
        " LIMIT 1"
    ))
    .bind(tenant.uuid())
    .bind(of.agent.uuid())
    .bind(subject.kind.as_str())
    .bind(subject.id)
    .bind(of.bits)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// The acknowledged alerts, latest first, after a place; of one member as in [`Chosen`], and those that the member acknowledged.
pub async fn list_done(tx: &mut Tx, tenant: TenantId, of: Option<Within>, after: Option<Place>, limit: i64) -> Result<Vec<AlertRow>> {
    let after = after.unwrap_or_else(Place::top);
    if !store::can_be_stored(&after.kind) {
        return Ok(Vec::new());
    }
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        each!(),
        " WHERE l.tenant_id = $1 AND l.done_at IS NOT NULL AND (l.done_at, l.subject_id, l.seq, l.kind) < ($3, $4, $5, $6) AND ",
        seen!("$8"),
        " ORDER BY l.done_at DESC, l.subject_id DESC, l.seq DESC, l.kind DESC LIMIT $7"
    ))
    .bind(tenant.uuid())
    .bind(of.map(|of| of.agent.uuid()))
    .bind(after.at.0)
    .bind(after.subject)
    .bind(after.seq)
    .bind(&after.kind)
    .bind(limit)
    .bind(of.map_or(0, |of| of.bits))
    .fetch_all(c)
    .await)?)
}

/// Lets what waits about a subject wait for the members of another queue. Returns whether anything does.
pub async fn hand_on(tx: &mut Tx, tenant: TenantId, subject: StreamName, to: QueueId) -> Result<bool> {
    let changed =
        q!(tx, |c| sqlx::query("UPDATE alerts SET queue_id = $4 WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND done_at IS NULL")
            .bind(tenant.uuid())
            .bind(subject.kind.as_str())
            .bind(subject.id)
            .bind(to.uuid())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

/// Has the alerts of a queue that nobody has acknowledged belong to another. Returns whether there were any.
pub async fn hand_on_all(tx: &mut Tx, tenant: TenantId, from: QueueId, to: QueueId) -> Result<bool> {
    let changed = q!(tx, |c| sqlx::query("UPDATE alerts SET queue_id = $3 WHERE tenant_id = $1 AND queue_id = $2 AND done_at IS NULL")
        .bind(tenant.uuid())
        .bind(from.uuid())
        .bind(to.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

/// Records that a member acknowledged what waits about a subject. That a customer waits too long is acknowledged by itself ([`finish_kind`]).
pub async fn finish(tx: &mut Tx, tenant: TenantId, subject: StreamName, by: AgentId) -> Result<()> {
    let now = tx.now();
    let sql = concat!(
        "UPDATE alerts SET done_at = $4, done_by = $5 WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND done_at IS NULL AND kind NOT IN ",
        alerts_of_waiting!()
    );
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(subject.kind.as_str()).bind(subject.id).bind(now.0).bind(by.uuid()).execute(c).await.map(drop))?;
    Ok(())
}

row! {
    /// Somebody who has waited too long.
    #[derive(Debug, PartialEq, Eq)]
    pub struct WaitingRow {
        /// The conversation.
        pub id: Uuid,
        /// The queue it waits in, or was served from.
        pub queue_id: Option<Uuid>,
        /// The number of the entry since which it waits.
        pub seq: i64,
    }
}

/// The conversations whose customer has waited in a queue since before a time, and about which no alert of that waits; at most 500.
pub async fn long_waits(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<Vec<WaitingRow>> {
    Ok(q!(tx, |c| sqlx::query_as(concat!(
        "SELECT c.id, c.queue_id, COALESCE(h.wait_seq, h.seq) AS seq FROM conversations c
         JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
         WHERE c.tenant_id = $1 AND c.state IN ",
        waiting_states!(),
        " AND c.queued_at <= $2 AND c.erasing_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM alerts l WHERE l.tenant_id = c.tenant_id AND l.subject_kind = 'conversation' AND l.subject_id = c.id AND l.kind = 'long_wait'
             AND (l.done_at IS NULL OR l.seq = COALESCE(h.wait_seq, h.seq)))
         ORDER BY c.queued_at, c.id LIMIT 500"
    ))
    .bind(tenant.uuid())
    .bind(before.0)
    .fetch_all(c)
    .await)?)
}

/// The conversations that agents serve whose customer has waited for a reply from their agent since before a time, and about which no alert of that waits; at most 500. The entry
/// is the first message that has no reply. Those that their agent has put aside do not count.
pub async fn slow_replies(tx: &mut Tx, tenant: TenantId, before: Ts) -> Result<Vec<WaitingRow>> {
    // The message is looked up only where no alert waits, and none was raised since this wait began.
    Ok(q!(tx, |c| {
        sqlx::query_as(
        "SELECT s.id, s.queue_id, s.seq FROM (
           SELECT c.tenant_id, c.id, c.queue_id, h.waiting_since, COALESCE((SELECT MIN(e.seq) FROM journal_entries e WHERE e.tenant_id = c.tenant_id
             AND e.stream_id = c.id AND e.ord IS NOT NULL AND e.actor_kind = 'customer' AND e.at >= h.waiting_since), h.seq) AS seq
           FROM conversations c JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
           WHERE c.tenant_id = $1 AND c.state = 'active' AND h.waiting_since <= $2 AND COALESCE(c.assigned_at, 0) <= $2 AND c.erasing_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM alerts l WHERE l.tenant_id = c.tenant_id AND l.subject_kind = 'conversation' AND l.subject_id = c.id AND l.kind = 'slow_reply'
               AND (l.done_at IS NULL OR l.raised_at > h.waiting_since))) s
         WHERE NOT EXISTS (
           SELECT 1 FROM alerts l WHERE l.tenant_id = s.tenant_id AND l.subject_kind = 'conversation' AND l.subject_id = s.id AND l.kind = 'slow_reply'
             AND l.seq = s.seq)
         ORDER BY s.waiting_since, s.id LIMIT 500"
    )
    .bind(tenant.uuid())
    .bind(before.0)
    .fetch_all(c)
    .await
    })?)
}

/// Whether an alert is about somebody who does not wait any more: of a wait that has ended, or of a reply that came.
macro_rules! wait_is_over {
    () => {
        concat!(
            "subject_kind = 'conversation' AND (
           kind = 'long_wait' AND NOT EXISTS (
             SELECT 1 FROM conversations c WHERE c.tenant_id = alerts.tenant_id AND c.id = alerts.subject_id AND c.state IN ",
            waiting_states!(),
            ")
           OR kind = 'slow_reply' AND NOT EXISTS (
             SELECT 1 FROM conversations c JOIN journal_heads h ON h.tenant_id = c.tenant_id AND h.stream_id = c.id
             WHERE c.tenant_id = alerts.tenant_id AND c.id = alerts.subject_id AND c.state = 'active' AND h.waiting_since <= alerts.raised_at))"
        )
    };
}

/// Whether [`end_waits`] would end anything.
pub async fn has_waits_to_end(tx: &mut Tx, tenant: TenantId) -> Result<bool> {
    let sql = concat!("SELECT seq FROM alerts WHERE tenant_id = $1 AND done_at IS NULL AND ", wait_is_over!(), " LIMIT 1");
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Ends the alerts about those who do not wait any more: of a wait that has ended, and of a reply that came. Returns how many.
pub async fn end_waits(tx: &mut Tx, tenant: TenantId) -> Result<u64> {
    let (now, sql) = (tx.now(), concat!("UPDATE alerts SET done_at = $2 WHERE tenant_id = $1 AND done_at IS NULL AND ", wait_is_over!()));
    Ok(q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(now.0).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Records that a member acknowledged one kind of what waits about a subject. Returns whether something did.
pub async fn finish_kind(tx: &mut Tx, tenant: TenantId, subject: StreamName, kind: AlertKind, by: AgentId) -> Result<bool> {
    let now = tx.now();
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE alerts SET done_at = $5, done_by = $6 WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3 AND kind = $4 AND done_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(subject.kind.as_str())
    .bind(subject.id)
    .bind(kind.as_str())
    .bind(now.0)
    .bind(by.uuid())
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}
