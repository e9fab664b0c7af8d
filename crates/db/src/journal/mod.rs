//! The tables of the journal: numbering and appending, pages, heads and marks.

mod alone;
mod append;
mod page;
mod refusals;
mod rows;
mod withdraw;

use std::sync::Arc;

use domain::{
    entry::EntryKind,
    id::TenantId,
    journal::{Actor, ActorKind, Appended, Head, Mark, Side, StoredEntry, Words, Written},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use uuid::Uuid;

pub use alone::append_alone;
pub use append::append;
pub use page::page;
pub use refusals::{KEPT_MS as REFUSALS_KEPT_MS, MOST as MOST_REFUSALS, RefusedSend, forget as forget_refusals, refusal_of, remember};
pub use withdraw::{WITHDRAWN, Why, is_withdrawn, rename_visitor, set_body, withdraw};

use crate::{Conn, Error, Result, Tx, q, row};

/// The condition that an append places on the head's version, or the change it makes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Append only if the version is still this one: the hot lane.
    Is(i64),
    /// Set the version to this one: a change that was decided under the head's lock.
    Becomes(i64),
    /// Append whatever the version is: streams without decisions.
    Any,
}

/// The result of appending one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The entry was stored, under these numbers.
    New(Appended),
    /// The same sender had already sent it; these are the numbers it got then.
    Known(Appended),
    /// Its `client_id` was already used for something else.
    Reused,
    /// The version is not the one that the entry was decided on, it was refused before, or one of these applied to an earlier entry of the stream.
    Stale,
}

row! {
    struct HeadRow {
        tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: i64, version: i64, last_at: i64, from_customer: i64, from_staff: i64, waiting_since: Option<i64>,
        wait_seq: Option<i64>, answer_seq: Option<i64>,
    }
}
row! {
    struct MarkedRow {
        seq: i64, pseq: i64, version: i64, last_at: i64, from_customer: i64, from_staff: i64, waiting_since: Option<i64>, wait_seq: Option<i64>,
        answer_seq: Option<i64>, customer_received: Option<i64>, customer_read: Option<i64>, staff_received: Option<i64>, staff_read: Option<i64>,
    }
}
row! {
    struct EntryRow {
        tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: Option<i64>, kind: String, v: i64, at: i64, actor_kind: String, actor_id: Option<Uuid>,
        actor_name: Option<String>, client_id: Option<Uuid>, send_hash: i64, ord: Option<i64>, body_state: String, body: Option<String>, body_key: Option<Uuid>,
        staff: Option<String>, facts: String,
    }
}

row! {
    /// An entry in the form in which the feed of one company reads it.
    pub(crate) struct FedRow {
        pub xid: i64, pub pos: i64, stream_kind: String, tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: Option<i64>, kind: String, v: i64, at: i64, actor_kind: String,
        actor_id: Option<Uuid>, actor_name: Option<String>, client_id: Option<Uuid>, send_hash: i64, ord: Option<i64>, body_state: String, body: Option<String>,
        body_key: Option<Uuid>, staff: Option<String>, facts: String,
    }
}

/// Converts a row of the feed to an entry.
pub(crate) fn fed_entry(row: FedRow) -> Result<StoredEntry> {
    let FedRow { xid: _, pos: _, stream_kind, tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, .. } = row;
    let FedRow { ord, body_state, body, body_key, staff, facts, .. } = row;
    let stream = StreamKind::parse(&stream_kind).ok_or_else(|| Error::Corrupt(format!("stream kind {stream_kind}")))?;
    let entry = EntryRow {
        tenant_id,
        stream_id,
        seq,
        pseq,
        kind,
        v,
        at,
        actor_kind,
        actor_id,
        actor_name,
        client_id,
        send_hash,
        ord,
        body_state,
        body,
        body_key,
        staff,
        facts,
    };
    stored_entry(entry, stream)
}

impl From<HeadRow> for Head {
    fn from(row: HeadRow) -> Self {
        let HeadRow { tenant_id: _, stream_id: _, seq, pseq, version, last_at, from_customer, from_staff, waiting_since, wait_seq, answer_seq } = row;
        Self { seq, pseq, version, last_at: Ts(last_at), from_customer, from_staff, waiting_since: waiting_since.map(Ts), wait_seq, answer_seq }
    }
}

/// Appends one entry whose numbers nobody needs, to a stream without decisions.
pub async fn note(tx: &mut Tx, entry: impl Into<Written>) -> Result<()> {
    append(tx, vec![(entry.into(), Guard::Any)]).await.map(drop)
}

/// Stores a complete stream that was numbered elsewhere: imported history. Subscribers are not notified.
pub async fn import(tx: &mut Tx, entries: Vec<StoredEntry>, head: Head) -> Result<()> {
    let Some(first) = entries.first() else { return Ok(()) };
    let (tenant, stream) = (first.entry.tenant.uuid(), first.entry.stream);
    let entries: Vec<Arc<StoredEntry>> = entries.into_iter().map(Arc::new).collect();
    append::insert_entries(tx, &entries).await?;
    append::save_heads(tx, &[(tenant, stream.id, stream.kind, head)]).await
}

/// Locks the heads of streams, in the same order everywhere. Does nothing on SQLite, which has one writer.
pub async fn lock(tx: &mut Tx, streams: &[(Uuid, Uuid, StreamKind)]) -> Result<()> {
    lock_heads(tx, streams, true).await.map(drop)
}

/// The same; returns the heads as they are once they are locked, and `None` on SQLite. `may_begin` is whether a stream may be one that has no head yet.
async fn lock_heads(tx: &mut Tx, streams: &[(Uuid, Uuid, StreamKind)], may_begin: bool) -> Result<Option<Vec<HeadRow>>> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(None) };
    let mut ordered = streams.to_vec();
    ordered.sort_unstable_by_key(|(_, id, _)| *id);
    let of = |part: fn(&(Uuid, Uuid, StreamKind)) -> Uuid| -> Vec<Uuid> { ordered.iter().map(part).collect() };
    let (tenants, ids) = (of(|s| s.0), of(|s| s.1));
    if may_begin {
        let kinds: Vec<&str> = ordered.iter().map(|s| s.2.as_str()).collect();
        // A stream without a head would leave nothing to lock, and two transactions could begin it at once.
        sqlx::query(
            "INSERT INTO journal_heads (tenant_id, stream_id, kind, seq, pseq, version, last_at, from_customer, from_staff)
             SELECT t, s, k, 0, 0, 0, 0, 0, 0 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS new (t, s, k) ORDER BY s
             ON CONFLICT (tenant_id, stream_id) DO NOTHING",
        )
        .bind(&tenants)
        .bind(&ids)
        .bind(&kinds)
        .execute(&mut ***conn)
        .await?;
    }
    // Whoever waits for a lock gets the row as it was committed meanwhile, not as it was when the statement began (PostgreSQL, "Read Committed").
    let heads = sqlx::query_as(
        "SELECT h.tenant_id, h.stream_id, h.seq, h.pseq, h.version, h.last_at, h.from_customer, h.from_staff, h.waiting_since, h.wait_seq, h.answer_seq
         FROM journal_heads h JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (t, s) ON h.tenant_id = wanted.t AND h.stream_id = wanted.s
         ORDER BY h.stream_id FOR UPDATE OF h",
    );
    Ok(Some(heads.bind(&tenants).bind(&ids).fetch_all(&mut ***conn).await?))
}

/// Locks the head of a stream that has one, unless another transaction has locked it; returns whether it is locked by this one now.
pub async fn try_lock(tx: &mut Tx, tenant: TenantId, stream: Uuid) -> Result<bool> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(true) };
    let free = sqlx::query("SELECT 1 FROM journal_heads WHERE tenant_id = $1 AND stream_id = $2 FOR UPDATE SKIP LOCKED")
        .bind(tenant.uuid())
        .bind(stream)
        .fetch_optional(&mut ***conn)
        .await?;
    Ok(free.is_some())
}

/// The head of one stream; all zero before its first entry.
pub async fn head(tx: &mut Tx, tenant: TenantId, stream: Uuid) -> Result<Head> {
    let row: Option<HeadRow> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT tenant_id, stream_id, seq, pseq, version, last_at, from_customer, from_staff, waiting_since, wait_seq, answer_seq FROM journal_heads WHERE tenant_id = $1 AND stream_id = $2"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .fetch_optional(c)
    .await
    })?;
    Ok(row.map(Head::from).unwrap_or_default())
}

/// Transfers what a customer said in a stream, and the customer's marks there, to a different id of the same customer, so that a repeated send is still
/// recognised. The caller holds the lock of the stream.
pub async fn pass_on(tx: &mut Tx, tenant: TenantId, stream: Uuid, from: Uuid, to: Uuid) -> Result<()> {
    for sql in [
        "UPDATE journal_entries SET actor_id = $4 WHERE tenant_id = $1 AND stream_id = $2 AND actor_kind = 'customer' AND actor_id = $3",
        "UPDATE journal_marks SET member_id = $4 WHERE tenant_id = $1 AND stream_id = $2 AND side = 'customer' AND member_id = $3",
        "UPDATE journal_refusals SET actor_id = $4 WHERE tenant_id = $1 AND stream_id = $2 AND actor_id = $3",
    ] {
        q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(stream).bind(from).bind(to).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Raises a member's mark in a conversation; a mark never falls. `member` is the visitor or the agent.
pub async fn raise_mark(tx: &mut Tx, tenant: TenantId, stream: StreamName, side: Side, member: Uuid, mark: Mark) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO journal_marks (tenant_id, stream_id, side, member_id, received, read) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, stream_id, side, member_id) DO UPDATE SET
           received = CASE WHEN excluded.received > journal_marks.received THEN excluded.received ELSE journal_marks.received END,
           read = CASE WHEN excluded.read > journal_marks.read THEN excluded.read ELSE journal_marks.read END"
    )
    .bind(tenant.uuid())
    .bind(stream.id)
    .bind(side_text(side))
    .bind(member)
    .bind(mark.received)
    .bind(mark.read)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The head of one stream, and how far both sides have got in it: a single lookup for every connection that returns.
pub async fn head_and_marks(tx: &mut Tx, tenant: TenantId, stream: Uuid) -> Result<(Head, (Mark, Mark))> {
    let row: Option<MarkedRow> = q!(tx, |c| sqlx::query_as(
        "SELECT h.seq, h.pseq, h.version, h.last_at, h.from_customer, h.from_staff, h.waiting_since, h.wait_seq, h.answer_seq,
           MAX(CASE WHEN m.side = 'customer' THEN m.received END) AS customer_received, MAX(CASE WHEN m.side = 'customer' THEN m.read END) AS customer_read,
           MAX(CASE WHEN m.side = 'staff' THEN m.received END) AS staff_received, MAX(CASE WHEN m.side = 'staff' THEN m.read END) AS staff_read
         FROM journal_heads h LEFT JOIN journal_marks m ON m.tenant_id = h.tenant_id AND m.stream_id = h.stream_id
         WHERE h.tenant_id = $1 AND h.stream_id = $2 GROUP BY h.tenant_id, h.stream_id"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .fetch_optional(c)
    .await)?;
    let Some(MarkedRow {
        seq,
        pseq,
        version,
        last_at,
        from_customer,
        from_staff,
        waiting_since,
        wait_seq,
        answer_seq,
        customer_received,
        customer_read,
        staff_received,
        staff_read,
    }) = row
    else {
        return Ok(Default::default());
    };
    let head = Head { seq, pseq, version, last_at: Ts(last_at), from_customer, from_staff, waiting_since: waiting_since.map(Ts), wait_seq, answer_seq };
    let mark = |received: Option<i64>, read: Option<i64>| Mark { received: received.unwrap_or(0), read: read.unwrap_or(0) };
    Ok((head, (mark(customer_received, customer_read), mark(staff_received, staff_read))))
}

/// How far both sides have got: the customer, and the furthest member of staff.
pub async fn marks(tx: &mut Tx, tenant: TenantId, stream: Uuid) -> Result<(Mark, Mark)> {
    let rows: Vec<(String, i64, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT side, MAX(received), MAX(read) FROM journal_marks WHERE tenant_id = $1 AND stream_id = $2 GROUP BY side")
            .bind(tenant.uuid())
            .bind(stream)
            .fetch_all(c)
            .await)?;
    let of =
        |side| rows.iter().find(|(s, _, _)| s == side_text(side)).map_or_else(Mark::default, |(_, received, read)| Mark { received: *received, read: *read });
    Ok((of(Side::Customer), of(Side::Staff)))
}

const fn side_text(side: Side) -> &'static str {
    match side {
        Side::Customer => "customer",
        Side::Staff => "staff",
    }
}

pub(crate) fn side_of(text: &str) -> Side {
    if text == side_text(Side::Customer) { Side::Customer } else { Side::Staff }
}

fn stored_entry(row: EntryRow, stream: StreamKind) -> Result<StoredEntry> {
    let body = match row.body_state.as_str() {
        "plain" => Words::Plain(row.body.unwrap_or_default()),
        "sealed" => Words::Sealed { key: row.body_key.unwrap_or_default(), data: row.body.unwrap_or_default() },
        "gone" => Words::Gone(row.body.unwrap_or_default()),
        other => return Err(Error::Corrupt(format!("body_state {other}"))),
    };
    let actor_kind = ActorKind::parse(&row.actor_kind).ok_or_else(|| Error::Corrupt(format!("actor_kind {}", row.actor_kind)))?;
    // A kind of a later release is kept under its own name; this version treats it as a plain fact, for the staff only or for everybody.
    let kind = EntryKind::parse(&row.kind).unwrap_or(if row.pseq.is_some() { EntryKind::Queued } else { EntryKind::Routing });
    let side = row.ord.map(|_| if actor_kind == ActorKind::Customer { Side::Customer } else { Side::Staff });
    Ok(StoredEntry {
        entry: Written {
            stream: StreamName { kind: stream, id: row.stream_id },
            tenant: TenantId::new(row.tenant_id),
            kind,
            v: row.v,
            actor: Actor { kind: actor_kind, id: row.actor_id, name: row.actor_name },
            client_id: row.client_id,
            send_hash: row.send_hash,
            side,
            is_answer: false,
            body,
            staff: row.staff,
            facts: row.facts,
        },
        kind: row.kind,
        seq: row.seq,
        pseq: row.pseq,
        ord: row.ord,
        at: Ts(row.at),
    })
}
