//! Deliveries of events to webhook endpoints: created from the journal, once each, then attempted and stored.

use db::{Tx, q, row};
use domain::{
    entry::EntryKind,
    id::{DeliveryId, TenantId, WebhookId},
    time::Ts,
    webhook::DeliveryState,
};
use machines::webhook_queue::Verdict;
use store::{Error, Result, table};
use uuid::Uuid;

/// The kind of a test delivery: it reports no event, is attempted once, and never becomes a dead letter.
pub const TEST: &str = "test";

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id.
    pub id: DeliveryId,
    /// The endpoint.
    pub webhook: WebhookId,
    /// The conversation; for a test, the endpoint itself.
    pub stream: Uuid,
    /// The number of the entry; for a test, its time.
    pub seq: i64,
    /// The type of the event, or [`TEST`].
    pub kind: String,
    /// The state.
    pub state: DeliveryState,
    /// The number of attempts made.
    pub attempts: i64,
    /// The number of attempts made before it was last replayed.
    pub attempts_before: i64,
    /// When it was last replayed.
    pub first_at: Option<Ts>,
    /// The time before which it is not attempted.
    pub due_at: Ts,
    /// The result of the last attempt, by name.
    pub last_code: Option<String>,
    /// When it was delivered or given up.
    pub ended_at: Option<Ts>,
    /// When it was created.
    pub created_at: Ts,
}

table! {
    Delivery in "webhook_deliveries" {
        key { id: DeliveryId [id] }
        fixed {
            webhook: WebhookId [webhook_id], stream: Uuid [stream_id], seq: i64 [seq], kind: String [kind], state: DeliveryState [state],
            attempts: i64 [attempts], attempts_before: i64 [attempts_before], first_at: Option<Ts> [first_at], due_at: Ts [due_at],
            last_code: Option<String> [last_code], ended_at: Option<Ts> [ended_at], created_at: Ts [created_at],
        }
    }
}

row! {
    /// One attempt.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Attempt {
        /// The number of the attempt, counting from 1.
        pub number: i64,
        /// When it ended.
        pub at: i64,
        /// The duration in milliseconds.
        pub duration_ms: i64,
        /// The HTTP status of the response, if there was one.
        pub status: Option<i64>,
        /// The result, by name.
        pub code: String,
        /// The beginning of the response.
        pub excerpt: String,
    }
}

/// An entry of a conversation, with what is needed to know which endpoints it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// Its number.
    pub seq: i64,
    /// Its kind; `None` if a later release wrote it.
    pub kind: Option<EntryKind>,
    /// The time of the entry.
    pub at: Ts,
}

/// The entries of a conversation for which no deliveries have been created yet, up to a number. Entries before `since` are skipped.
pub async fn news(tx: &mut Tx, tenant: TenantId, stream: Uuid, up_to: i64, since: Ts) -> Result<Vec<Happened>> {
    let done: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT seq FROM webhook_streams WHERE tenant_id = $1 AND stream_id = $2")
        .bind(tenant.uuid())
        .bind(stream)
        .fetch_optional(c)
        .await)?;
    let rows: Vec<(i64, String, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, kind, at FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 AND seq <= $4 AND at >= $5 ORDER BY seq"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .bind(done.map_or(0, |(seq,)| seq))
    .bind(up_to)
    .bind(since.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(seq, kind, at)| Happened { seq, kind: EntryKind::parse(&kind), at: Ts(at) }).collect())
}

/// Records the number up to which deliveries of a conversation were created; the number never decreases.
pub async fn advance_stream(tx: &mut Tx, tenant: TenantId, stream: Uuid, up_to: i64) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO webhook_streams (tenant_id, stream_id, seq) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, stream_id) DO UPDATE SET
           seq = CASE WHEN excluded.seq > webhook_streams.seq THEN excluded.seq ELSE webhook_streams.seq END"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .bind(up_to)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Adds pending deliveries; existing ones stay as they are.
pub async fn insert(tx: &mut Tx, tenant: TenantId, deliveries: &[Delivery]) -> Result<()> {
    table::insert_new(tx, tenant, deliveries).await
}

/// The first pending delivery of each conversation, for at most `limit` conversations after a place, in order of id. The cost depends on the number of
/// conversations only, however much waits behind the first delivery: one probe of the index `webhook_deliveries_waiting` leads to the next conversation.
/// (`CROSS JOIN` keeps SQLite from reading all deliveries to find the conversations.)
pub async fn heads(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, after: Uuid, limit: i64) -> Result<Vec<Delivery>> {
    let sql = format!(
        "WITH RECURSIVE lanes (stream_id, place) AS (
           SELECT (SELECT stream_id FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'pending' AND stream_id > $3
             ORDER BY stream_id LIMIT 1), CAST(1 AS BIGINT)
           UNION ALL
           SELECT (SELECT w.stream_id FROM webhook_deliveries w WHERE w.tenant_id = $1 AND w.webhook_id = $2 AND w.state = 'pending' AND w.stream_id > l.stream_id
             ORDER BY w.stream_id LIMIT 1), l.place + 1 FROM lanes l WHERE l.stream_id IS NOT NULL AND l.place < $4)
         SELECT {} FROM lanes l CROSS JOIN webhook_deliveries t
         WHERE l.stream_id IS NOT NULL AND t.tenant_id = $1 AND t.webhook_id = $2 AND t.stream_id = l.stream_id
           AND t.seq = (SELECT e.seq FROM webhook_deliveries e WHERE e.tenant_id = $1 AND e.webhook_id = $2 AND e.stream_id = l.stream_id AND e.state = 'pending'
             ORDER BY e.seq LIMIT 1)
         ORDER BY t.stream_id",
        table::columns::<Delivery>()
    );
    let rows = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid()).bind(webhook.uuid()).bind(after).bind(limit).fetch_all(c).await)?;
    table::all(rows)
}

/// A delivery of an endpoint.
pub async fn get(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, id: DeliveryId) -> Result<Delivery> {
    let sql = table::select::<Delivery>("AND webhook_id = $2 AND id = $3");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(webhook.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// Deliveries of an endpoint in a state, most recent first, starting after a place, at most `limit`; a failed test is not a dead letter.
pub async fn list(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, state: DeliveryState, before: (Ts, Uuid), limit: i64) -> Result<Vec<Delivery>> {
    let sql = table::select::<Delivery>(
        "AND webhook_id = $2 AND state = $3 AND (created_at, id) < ($4, $5) AND (kind <> 'test' OR state <> 'dead')
         ORDER BY created_at DESC, id DESC LIMIT $6",
    );
    let rows = q!(tx, |c| sqlx::query_as(sql)
        .bind(tenant.uuid())
        .bind(webhook.uuid())
        .bind(state.as_str())
        .bind(before.0.0)
        .bind(before.1)
        .bind(limit)
        .fetch_all(c)
        .await)?;
    table::all(rows)
}

/// The maximum number of deliveries of a state that are counted; one more stands for "more".
pub const COUNTED: i64 = 1_000;

/// The number of an endpoint's pending deliveries and of its dead letters, not counting tests: each at most [`COUNTED`] and one.
pub async fn counts(tx: &mut Tx, tenant: TenantId, webhook: WebhookId) -> Result<(i64, i64)> {
    let counted: (i64, i64) = q!(tx, |c| {
        sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'pending' AND kind <> 'test' LIMIT $3) w),
                (SELECT COUNT(*) FROM (SELECT 1 FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'dead' AND kind <> 'test' LIMIT $3) d)"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(COUNTED + 1)
    .fetch_one(c)
    .await
    })?;
    Ok(counted)
}

/// The attempts of a delivery, in order.
pub async fn attempts(tx: &mut Tx, tenant: TenantId, id: DeliveryId) -> Result<Vec<Attempt>> {
    let rows = q!(tx, |c| {
        sqlx::query_as("SELECT number, at, duration_ms, status, code, excerpt FROM webhook_attempts WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number")
            .bind(tenant.uuid())
            .bind(id.uuid())
            .fetch_all(c)
            .await
    })?;
    Ok(rows)
}

/// Records a delivery's new state, and the attempt that led to it, if there was one. Deliveries waiting behind it are untouched: [`heads`] does not see them.
pub async fn record(tx: &mut Tx, tenant: TenantId, delivery: &Delivery, verdict: Verdict, attempt: Option<&Attempt>) -> Result<()> {
    let now = tx.now();
    let (state, due, ended) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, delivery.due_at, Some(now.0)),
        Verdict::Dead => (DeliveryState::Dead, delivery.due_at, Some(now.0)),
        Verdict::Retry(at) => (DeliveryState::Pending, at, None),
    };
    let noted = q!(tx, |c| sqlx::query(
        "UPDATE webhook_deliveries SET state = $4, attempts = COALESCE($5, attempts), due_at = $6, ended_at = $7, last_code = COALESCE($8, last_code)
         WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND state = 'pending'"
    )
    .bind(tenant.uuid())
    .bind(delivery.webhook.uuid())
    .bind(delivery.id.uuid())
    .bind(state.as_str())
    .bind(attempt.map(|attempt| attempt.number))
    .bind(due.0)
    .bind(ended)
    .bind(attempt.map(|attempt| attempt.code.as_str()))
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    let Some(attempt) = attempt.filter(|_| noted > 0) else { return Ok(()) };
    q!(tx, |c| sqlx::query(
        "INSERT INTO webhook_attempts (tenant_id, delivery_id, number, at, duration_ms, status, code, excerpt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, delivery_id, number) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(delivery.id.uuid())
    .bind(attempt.number)
    .bind(attempt.at)
    .bind(attempt.duration_ms)
    .bind(attempt.status)
    .bind(&attempt.code)
    .bind(&attempt.excerpt)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Retries a dead letter from the beginning; [`Error::Stale`] if it is not dead.
pub async fn replay(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, id: DeliveryId) -> Result<()> {
    let now = tx.now();
    let replayed = q!(tx, |c| sqlx::query(
        "UPDATE webhook_deliveries SET state = 'pending', attempts_before = attempts, first_at = $4, due_at = $4, ended_at = NULL
         WHERE tenant_id = $1 AND webhook_id = $2 AND id = $3 AND state = 'dead' AND kind <> 'test'"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(id.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if replayed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Retries the oldest dead letters of an endpoint, at most `limit`; returns how many.
pub async fn replay_dead(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, limit: i64) -> Result<u64> {
    let now = tx.now();
    let replayed = q!(tx, |c| sqlx::query(
        "UPDATE webhook_deliveries SET state = 'pending', attempts_before = attempts, first_at = $3, due_at = $3, ended_at = NULL
         WHERE tenant_id = $1 AND id IN (SELECT id FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'dead' AND kind <> 'test'
           ORDER BY created_at, id LIMIT $4)"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(now.0)
    .bind(limit)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(replayed)
}

/// Gives up deliveries that were due before a time, at most `limit` at once, because their endpoint is disabled.
pub async fn give_up(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, before: Ts, limit: i64) -> Result<u64> {
    let now = tx.now();
    let given_up = q!(tx, |c| sqlx::query(
        "UPDATE webhook_deliveries SET state = 'dead', ended_at = $4 WHERE tenant_id = $1 AND id IN (SELECT id FROM webhook_deliveries
           WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'pending' AND due_at <= $3 LIMIT $5)"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(before.0)
    .bind(now.0)
    .bind(limit)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(given_up)
}

/// Deletes deliveries of an endpoint that was removed, at most `limit`; returns how many.
pub async fn forget(tx: &mut Tx, tenant: TenantId, webhook: WebhookId, limit: i64) -> Result<u64> {
    let forgotten = q!(tx, |c| {
        sqlx::query(
        "DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND id IN (SELECT id FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 LIMIT $3)"
    )
    .bind(tenant.uuid())
    .bind(webhook.uuid())
    .bind(limit)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(forgotten)
}
