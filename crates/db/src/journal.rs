//! The journal's tables: numbering and appending, pages, heads and marks.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    id::{StreamName, TenantId},
    journal::{Actor, ActorKind, Appended, Body, Effect, EntryKind, Head, Mark, NewEntry, Side, StoredEntry, StreamKind, View},
    time::Ts,
};
use sqlx::{Arguments, AssertSqlSafe, SqlSafeStr, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use crate::{Conn, Error, Result, Tx, feed::Cursor, q, row};

/// What an append demands of, or does to, the head's version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Only if the version is still this one: the hot lane.
    Is(i64),
    /// The version becomes this one: a change that was decided under the head's lock.
    Becomes(i64),
    /// Any version: streams without decisions.
    Any,
}

/// What became of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is in, under these numbers.
    New(Appended),
    /// The same sender said it before; these are the first numbers.
    Known(Appended),
    /// Its `client_id` was used for something else.
    Reused,
    /// The version is not the one it was decided on, or an earlier entry of the stream was refused.
    Stale,
    /// The engine refuses the entry itself.
    Unacceptable,
}

/// A stream's key: clients choose the ids of conversations, so two companies may use the same.
type Key = (Uuid, Uuid);

const COLUMNS: usize = 18;

row! {
    struct HeadRow { tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: i64, version: i64, last_at: i64, from_customer: i64, from_staff: i64, waiting_since: Option<i64> }
}
row! {
    struct KnownRow { tenant_id: Uuid, stream_id: Uuid, client_id: Uuid, seq: i64, pseq: Option<i64>, at: i64, actor_id: Option<Uuid>, send_hash: i64 }
}
row! {
    struct EntryRow {
        tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: Option<i64>, kind: String, v: i64, at: i64, actor_kind: String, actor_id: Option<Uuid>,
        actor_name: Option<String>, client_id: Option<Uuid>, send_hash: i64, ord: Option<i64>, body_state: String, body: Option<String>, body_key: Option<Uuid>,
        staff: Option<String>, facts: String,
    }
}

row! {
    /// An entry as the feed of one company reads it.
    pub(crate) struct FedRow {
        xid: i64, pos: i64, stream_kind: String, tenant_id: Uuid, stream_id: Uuid, seq: i64, pseq: Option<i64>, kind: String, v: i64, at: i64, actor_kind: String,
        actor_id: Option<Uuid>, actor_name: Option<String>, client_id: Option<Uuid>, send_hash: i64, ord: Option<i64>, body_state: String, body: Option<String>,
        body_key: Option<Uuid>, staff: Option<String>, facts: String,
    }
}

/// An entry of the feed and its place.
pub(crate) fn fed(row: FedRow) -> Result<(Cursor, StoredEntry)> {
    let FedRow { xid, pos, stream_kind, tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, .. } = row;
    let FedRow { body_state, body, body_key, staff, facts, .. } = row;
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
    Ok((Cursor { xid, pos }, stored(entry, stream)?))
}

impl From<HeadRow> for Head {
    fn from(row: HeadRow) -> Self {
        let HeadRow { tenant_id: _, stream_id: _, seq, pseq, version, last_at, from_customer, from_staff, waiting_since } = row;
        Self { seq, pseq, version, last_at: Ts(last_at), from_customer, from_staff, waiting_since: waiting_since.map(Ts) }
    }
}

/// Numbers and stores entries, in order, in as few statements as there can be. Entries of one stream keep their order; each gets its own answer.
/// On PostgreSQL the heads are locked first, sorted, and read in a new statement, so that several nodes neither deadlock nor work on an old snapshot.
pub async fn append(tx: &mut Tx, pending: Vec<(NewEntry, Guard)>) -> Result<Vec<Stored>> {
    let now = tx.now();
    let mut streams: Vec<(Uuid, Uuid, StreamKind)> = pending.iter().map(|(e, _)| (e.tenant.uuid(), e.stream.id, e.stream.kind)).collect();
    streams.sort_unstable();
    streams.dedup();
    if tx.is_postgres() {
        lock(tx, &streams).await?;
    }
    let mut heads = heads_of(tx, &streams).await?;
    let mut known = known_of(tx, &pending).await?;
    let (mut refused, mut touched): (HashSet<Key>, HashSet<Key>) = Default::default();
    let (mut answers, mut fresh) = (Vec::with_capacity(pending.len()), Vec::with_capacity(pending.len()));
    for (entry, guard) in pending {
        let stream = (entry.tenant.uuid(), entry.stream.id);
        if let Some(client_id) = entry.client_id
            && let Some(first) = known.get(&(stream, client_id))
        {
            let same = first.actor_id == entry.actor.id && first.send_hash == entry.send_hash;
            answers.push(if same { Stored::Known(Appended { seq: first.seq, pseq: first.pseq, at: Ts(first.at) }) } else { Stored::Reused });
            continue;
        }
        let fits = match (guard, heads.get(&stream)) {
            (Guard::Is(version), Some(head)) => head.version == version && !refused.contains(&stream),
            (Guard::Is(_), None) => false,
            (Guard::Becomes(_) | Guard::Any, _) => true,
        };
        if !fits {
            refused.insert(stream);
            answers.push(Stored::Stale);
            continue;
        }
        let head = heads.entry(stream).or_default();
        if let Guard::Becomes(version) = guard {
            head.version = version;
        }
        let (seq, pseq, ord, at) = head.count(&entry, now);
        if let Some(client_id) = entry.client_id {
            let row =
                KnownRow { tenant_id: stream.0, stream_id: stream.1, client_id, seq, pseq, at: at.0, actor_id: entry.actor.id, send_hash: entry.send_hash };
            known.insert((stream, client_id), row);
        }
        touched.insert(stream);
        answers.push(Stored::New(Appended { seq, pseq, at }));
        fresh.push(Arc::new(StoredEntry { kind: entry.kind.as_str().to_owned(), entry, seq, pseq, ord, at }));
    }
    insert_entries(tx, &fresh).await?;
    let changed: Vec<_> = streams
        .into_iter()
        .filter(|(tenant, id, _)| touched.contains(&(*tenant, *id)))
        .filter_map(|(tenant, id, kind)| heads.get(&(tenant, id)).map(|head| (tenant, id, kind, *head)))
        .collect();
    save_heads(tx, &changed).await?;
    for entry in fresh {
        tx.effect(Effect::Entry(entry));
    }
    Ok(answers)
}

/// Appends one entry whose numbers nobody waits for, to a stream without decisions.
pub async fn note(tx: &mut Tx, entry: NewEntry) -> Result<()> {
    append(tx, vec![(entry, Guard::Any)]).await.map(drop)
}

/// Stores a stream that was numbered elsewhere, whole: history that is brought along. Nobody is told.
pub async fn import(tx: &mut Tx, entries: Vec<StoredEntry>, head: Head) -> Result<()> {
    let Some(first) = entries.first() else { return Ok(()) };
    let (tenant, stream) = (first.entry.tenant.uuid(), first.entry.stream);
    let entries: Vec<Arc<StoredEntry>> = entries.into_iter().map(Arc::new).collect();
    insert_entries(tx, &entries).await?;
    save_heads(tx, &[(tenant, stream.id, stream.kind, head)]).await
}

/// Locks the heads of streams, in one order everywhere. Nothing to do on SQLite, which has one writer.
pub async fn lock(tx: &mut Tx, streams: &[(Uuid, Uuid, StreamKind)]) -> Result<()> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(()) };
    let mut ordered = streams.to_vec();
    ordered.sort_unstable_by_key(|(_, id, _)| *id);
    let of = |part: fn(&(Uuid, Uuid, StreamKind)) -> Uuid| -> Vec<Uuid> { ordered.iter().map(part).collect() };
    let (tenants, ids) = (of(|s| s.0), of(|s| s.1));
    let kinds: Vec<&str> = ordered.iter().map(|s| s.2.as_str()).collect();
    // A stream that has no head yet would leave nothing to lock, and two could begin it at once.
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
    sqlx::query(
        "SELECT 1 FROM journal_heads h JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (t, s) ON h.tenant_id = wanted.t AND h.stream_id = wanted.s
         ORDER BY h.stream_id FOR UPDATE OF h",
    )
    .bind(&tenants)
    .bind(&ids)
    .execute(&mut ***conn)
    .await?;
    Ok(())
}

/// The head of one stream; all zero before its first entry.
pub async fn head(tx: &mut Tx, tenant: TenantId, stream: Uuid) -> Result<Head> {
    let row: Option<HeadRow> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT tenant_id, stream_id, seq, pseq, version, last_at, from_customer, from_staff, waiting_since FROM journal_heads WHERE tenant_id = $1 AND stream_id = $2"
    )
    .bind(tenant.uuid())
    .bind(stream)
    .fetch_optional(c)
    .await
    })?;
    Ok(row.map(Head::from).unwrap_or_default())
}

/// Entries after a number, oldest first, at most `limit`.
pub async fn page(tx: &mut Tx, tenant: TenantId, stream: StreamName, view: View, after: i64, limit: i64) -> Result<Vec<StoredEntry>> {
    let rows: Vec<EntryRow> = match view {
        View::Staff => q!(tx, |c| {
            sqlx::query_as(
            "SELECT tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts
             FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 ORDER BY seq LIMIT $4"
        )
        .bind(tenant.uuid())
        .bind(stream.id)
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await
        })?,
        View::Customer => q!(tx, |c| {
            sqlx::query_as(
            "SELECT tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts
             FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND pseq > $3 ORDER BY pseq LIMIT $4"
        )
        .bind(tenant.uuid())
        .bind(stream.id)
        .bind(after)
        .bind(limit)
        .fetch_all(c)
        .await
        })?,
    };
    rows.into_iter().map(|row| stored(row, stream.kind)).collect()
}

/// Raises a member's mark of a conversation; a mark never falls. `member` is the visitor or the agent.
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

/// How far both sides have got: the customer, and the furthest of the staff.
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

fn stored(row: EntryRow, stream: StreamKind) -> Result<StoredEntry> {
    let body = match row.body_state.as_str() {
        "plain" => Body::Plain(row.body.unwrap_or_default()),
        "sealed" => Body::Sealed { key: row.body_key.unwrap_or_default(), data: row.body.unwrap_or_default() },
        "gone" => Body::Gone(row.body.unwrap_or_default()),
        other => return Err(Error::Corrupt(format!("body_state {other}"))),
    };
    let actor_kind = ActorKind::parse(&row.actor_kind).ok_or_else(|| Error::Corrupt(format!("actor_kind {}", row.actor_kind)))?;
    // A kind of a later release is kept under its own name; to this version it is a plain fact of the staff's or of everybody's.
    let kind = EntryKind::parse(&row.kind).unwrap_or(if row.pseq.is_some() { EntryKind::Queued } else { EntryKind::Routing });
    let side = row.ord.map(|_| if actor_kind == ActorKind::Customer { Side::Customer } else { Side::Staff });
    Ok(StoredEntry {
        entry: NewEntry {
            stream: StreamName { kind: stream, id: row.stream_id },
            tenant: TenantId::new(row.tenant_id),
            kind,
            v: row.v,
            actor: Actor { kind: actor_kind, id: row.actor_id, name: row.actor_name },
            client_id: row.client_id,
            send_hash: row.send_hash,
            side,
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

/// Sizes that statements over many rows come in, so that few of them are ever prepared.
fn chunk_size(left: usize) -> usize {
    let mut size = 64;
    while size > left {
        size /= 2;
    }
    size
}

/// The rows in such sizes, in order.
fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = if rest.is_empty() { return None } else { chunk_size(rest.len()) };
        let (chunk, later) = rest.split_at(size);
        rest = later;
        Some(chunk)
    })
}

/// `($1,$2),($3,$4)…`
fn placeholders(rows: usize, columns: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 1..=columns {
            if column > 1 {
                sql.push(',');
            }
            sql.push('$');
            sql.push_str(&(row * columns + column).to_string());
        }
        sql.push(')');
    }
    sql
}

/// Arguments of either engine, bound by the same lines.
trait Bind {
    fn uuid(&mut self, value: Option<Uuid>) -> Result<()>;
    fn int(&mut self, value: Option<i64>) -> Result<()>;
    fn text(&mut self, value: Option<&str>) -> Result<()>;
}
macro_rules! bind {
    ($type:ty) => {
        impl Bind for $type {
            fn uuid(&mut self, value: Option<Uuid>) -> Result<()> {
                self.add(value).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
            fn int(&mut self, value: Option<i64>) -> Result<()> {
                self.add(value).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
            fn text(&mut self, value: Option<&str>) -> Result<()> {
                self.add(value.map(str::to_owned)).map_err(|e| Error::Sql(sqlx::Error::Encode(e)))
            }
        }
    };
}
bind!(SqliteArguments);
bind!(PgArguments);

/// Runs a statement with a variable number of rows of parameters on either engine.
macro_rules! many {
    ($tx:expr, $sql:expr, $bind:expr, |$query:ident, $conn:ident| $run:expr) => {
        match $tx.conn() {
            Conn::Sqlite(conn) => {
                let mut args = SqliteArguments::default();
                $bind(&mut args)?;
                let ($query, $conn) = (sqlx::query_with(AssertSqlSafe($sql).into_sql_str(), args), &mut ***conn);
                $run
            }
            Conn::Postgres(conn) => {
                let mut args = PgArguments::default();
                $bind(&mut args)?;
                let ($query, $conn) = (sqlx::query_with(AssertSqlSafe($sql).into_sql_str(), args), &mut ***conn);
                $run
            }
        }
    };
}

async fn heads_of(tx: &mut Tx, streams: &[(Uuid, Uuid, StreamKind)]) -> Result<HashMap<Key, Head>> {
    let mut heads = HashMap::with_capacity(streams.len());
    for chunk in chunks(streams) {
        let sql = format!(
            "SELECT tenant_id, stream_id, seq, pseq, version, last_at, from_customer, from_staff, waiting_since FROM journal_heads WHERE (tenant_id, stream_id) IN (VALUES {})",
            placeholders(chunk.len(), 2)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for (tenant, id, _) in chunk {
                args.uuid(Some(*tenant))?;
                args.uuid(Some(*id))?;
            }
            Ok(())
        };
        let rows: Vec<HeadRow> = many!(tx, sql, bind, |query, conn| {
            let mut found = Vec::new();
            for row in query.fetch_all(conn).await? {
                found.push(sqlx::FromRow::from_row(&row)?);
            }
            found
        });
        heads.extend(rows.into_iter().map(|row| ((row.tenant_id, row.stream_id), Head::from(row))));
    }
    Ok(heads)
}

async fn known_of(tx: &mut Tx, pending: &[(NewEntry, Guard)]) -> Result<HashMap<(Key, Uuid), KnownRow>> {
    let asked: Vec<(Uuid, Uuid, Uuid)> = pending.iter().filter_map(|(e, _)| e.client_id.map(|client_id| (e.tenant.uuid(), e.stream.id, client_id))).collect();
    let mut known = HashMap::new();
    for chunk in chunks(&asked) {
        let sql = format!(
            "SELECT tenant_id, stream_id, client_id, seq, pseq, at, actor_id, send_hash FROM journal_entries WHERE (tenant_id, stream_id, client_id) IN (VALUES {})",
            placeholders(chunk.len(), 3)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for (tenant, stream, client_id) in chunk {
                args.uuid(Some(*tenant))?;
                args.uuid(Some(*stream))?;
                args.uuid(Some(*client_id))?;
            }
            Ok(())
        };
        let rows: Vec<KnownRow> = many!(tx, sql, bind, |query, conn| {
            let mut found = Vec::new();
            for row in query.fetch_all(conn).await? {
                found.push(sqlx::FromRow::from_row(&row)?);
            }
            found
        });
        known.extend(rows.into_iter().map(|row| (((row.tenant_id, row.stream_id), row.client_id), row)));
    }
    Ok(known)
}

async fn insert_entries(tx: &mut Tx, entries: &[Arc<StoredEntry>]) -> Result<()> {
    for chunk in chunks(entries) {
        let sql = format!(
            "INSERT INTO journal_entries (tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts) VALUES {}",
            placeholders(chunk.len(), COLUMNS)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for stored in chunk {
                let e = &stored.entry;
                let (state, body, key) = match &e.body {
                    Body::Plain(text) => ("plain", text, None),
                    Body::Sealed { key, data } => ("sealed", data, Some(*key)),
                    Body::Gone(why) => ("gone", why, None),
                };
                args.uuid(Some(e.tenant.uuid()))?;
                args.uuid(Some(e.stream.id))?;
                args.int(Some(stored.seq))?;
                args.int(stored.pseq)?;
                args.text(Some(&stored.kind))?;
                args.int(Some(e.v))?;
                args.int(Some(stored.at.0))?;
                args.text(Some(e.actor.kind.as_str()))?;
                args.uuid(e.actor.id)?;
                args.text(e.actor.name.as_deref())?;
                args.uuid(e.client_id)?;
                args.int(Some(e.send_hash))?;
                args.int(stored.ord)?;
                args.text(Some(state))?;
                args.text(Some(body))?;
                args.uuid(key)?;
                args.text(e.staff.as_deref())?;
                args.text(Some(&e.facts))?;
            }
            Ok(())
        };
        many!(tx, sql, bind, |query, conn| query.execute(conn).await.map(drop)?);
    }
    Ok(())
}

async fn save_heads(tx: &mut Tx, heads: &[(Uuid, Uuid, StreamKind, Head)]) -> Result<()> {
    for chunk in chunks(heads) {
        let sql = format!(
            "INSERT INTO journal_heads (tenant_id, stream_id, kind, seq, pseq, version, last_at, from_customer, from_staff, waiting_since) VALUES {}
             ON CONFLICT (tenant_id, stream_id) DO UPDATE SET seq = excluded.seq, pseq = excluded.pseq, version = excluded.version, last_at = excluded.last_at,
               from_customer = excluded.from_customer, from_staff = excluded.from_staff, waiting_since = excluded.waiting_since",
            placeholders(chunk.len(), 10)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for (tenant, id, kind, head) in chunk {
                args.uuid(Some(*tenant))?;
                args.uuid(Some(*id))?;
                args.text(Some(kind.as_str()))?;
                args.int(Some(head.seq))?;
                args.int(Some(head.pseq))?;
                args.int(Some(head.version))?;
                args.int(Some(head.last_at.0))?;
                args.int(Some(head.from_customer))?;
                args.int(Some(head.from_staff))?;
                args.int(head.waiting_since.map(|at| at.0))?;
            }
            Ok(())
        };
        many!(tx, sql, bind, |query, conn| query.execute(conn).await.map(drop)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_on_through_the_rows() {
        assert_eq!(placeholders(2, 3), "($1,$2,$3),($4,$5,$6)");
    }

    #[test]
    fn chunks_cover_everything_in_few_sizes() {
        for n in 1..500_usize {
            let (mut left, mut sizes) = (n, Vec::new());
            while left > 0 {
                sizes.push(chunk_size(left));
                left -= chunk_size(left);
            }
            assert_eq!(sizes.iter().sum::<usize>(), n);
            assert!(sizes.iter().all(|s| s.is_power_of_two()));
        }
    }
}
