//! The bulk append: reads heads and known ids, assigns numbers in memory, and writes entries and heads, in as few statements as possible.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    effect::Effect,
    journal::{Appended, Head, StoredEntry, Words, Written},
    stream::StreamKind,
    time::Ts,
};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use super::{
    Guard, HeadRow, Stored, lock_heads,
    rows::{Bind, chunks, many, placeholders},
    withdraw::WITHDRAWN,
};
use crate::{Conn, Result, Tx, row};

/// A stream's key: clients choose the ids of conversations, so two companies may use the same.
type Key = (Uuid, Uuid);

/// The columns of an entry, in the order of [`bind_entry`].
macro_rules! entry_columns {
    () => {
        "tenant_id, stream_id, seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts"
    };
}
/// Their number.
const COLUMNS: usize = 18;
/// The columns of a head besides its stream, in the order of [`bind_head`].
macro_rules! head_columns {
    () => {
        "seq, pseq, version, last_at, from_customer, from_staff, waiting_since, wait_seq, answer_seq"
    };
}
pub(super) use {entry_columns, head_columns};

row! {
    struct KnownRow { tenant_id: Uuid, stream_id: Uuid, client_id: Uuid, seq: i64, pseq: Option<i64>, at: i64, actor_id: Option<Uuid>, send_hash: i64 }
}
/// Stored instead of a number: the send was refused, and stays refused.
const REFUSED: i64 = 0;

/// Numbers and stores entries, in order, in as few statements as possible. Entries of one stream keep their order; each gets its own answer. On PostgreSQL the
/// heads are first locked in sorted order, and what depends on them is read in a new statement, so that several nodes neither deadlock nor work on an old snapshot.
pub async fn append(tx: &mut Tx, pending: Vec<(Written, Guard)>) -> Result<Vec<Stored>> {
    let now = tx.now();
    let mut streams: Vec<(Uuid, Uuid, StreamKind)> = pending.iter().map(|(e, _)| (e.tenant.uuid(), e.stream.id, e.stream.kind)).collect();
    streams.sort_unstable();
    streams.dedup();
    // What was decided on a version of a head has one.
    let may_begin = pending.iter().any(|(_, guard)| !matches!(guard, Guard::Is(_)));
    let mut heads = match lock_heads(tx, &streams, may_begin).await? {
        Some(locked) => by_stream(locked).collect(),
        None => heads_of(tx, &streams).await?,
    };
    let mut known = known_of(tx, &pending).await?;
    let (mut refused, mut touched): (HashSet<Key>, HashSet<Key>) = Default::default();
    let (mut answers, mut fresh) = (Vec::with_capacity(pending.len()), Vec::with_capacity(pending.len()));
    for (entry, guard) in pending {
        let stream = (entry.tenant.uuid(), entry.stream.id);
        if let Some(client_id) = entry.client_id
            && let Some(first) = known.get(&(stream, client_id))
        {
            if first.seq == REFUSED {
                refused.insert(stream);
                answers.push(Stored::Stale);
                continue;
            }
            let same = first.actor_id == entry.actor.id && (first.send_hash == entry.send_hash || first.send_hash == WITHDRAWN);
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
        let stored = head.number(entry, now);
        let StoredEntry { entry, seq, pseq, at, .. } = &stored;
        if let Some(client_id) = entry.client_id {
            let (actor_id, send_hash) = (entry.actor.id, entry.send_hash);
            let row = KnownRow { tenant_id: stream.0, stream_id: stream.1, client_id, seq: *seq, pseq: *pseq, at: at.0, actor_id, send_hash };
            known.insert((stream, client_id), row);
        }
        touched.insert(stream);
        answers.push(Stored::New(Appended { seq: *seq, pseq: *pseq, at: *at }));
        fresh.push(Arc::new(stored));
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

// These look up each row of a list by an index, one after the other. SQLite would read `(a, b, c) IN (VALUES …)` as any of the `a` with any of the `b` and any of
// the `c`, and takes no index for that which leaves rows without a `c` out: it would read every entry of a stream.
async fn heads_of(tx: &mut Tx, streams: &[(Uuid, Uuid, StreamKind)]) -> Result<HashMap<Key, Head>> {
    let mut heads = HashMap::with_capacity(streams.len());
    for chunk in chunks(streams) {
        let sql = format!(
            "SELECT h.tenant_id, h.stream_id, h.seq, h.pseq, h.version, h.last_at, h.from_customer, h.from_staff, h.waiting_since, h.wait_seq, h.answer_seq
             FROM (VALUES {}) AS a CROSS JOIN journal_heads h WHERE h.tenant_id = a.column1 AND h.stream_id = a.column2",
            placeholders(tx, 0, chunk.len(), 2)
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
        heads.extend(by_stream(rows));
    }
    Ok(heads)
}

fn by_stream(rows: Vec<HeadRow>) -> impl Iterator<Item = (Key, Head)> {
    rows.into_iter().map(|row| ((row.tenant_id, row.stream_id), Head::from(row)))
}

async fn known_of(tx: &mut Tx, pending: &[(Written, Guard)]) -> Result<HashMap<(Key, Uuid), KnownRow>> {
    let asked: Vec<(Uuid, Uuid, Uuid)> = pending.iter().filter_map(|(e, _)| e.client_id.map(|client_id| (e.tenant.uuid(), e.stream.id, client_id))).collect();
    let mut known = HashMap::new();
    for chunk in chunks(&asked) {
        let sql = format!(
            "SELECT e.tenant_id, e.stream_id, e.client_id, e.seq, e.pseq, e.at, e.actor_id, e.send_hash
             FROM (VALUES {}) AS a CROSS JOIN journal_entries e WHERE e.tenant_id = a.column1 AND e.stream_id = a.column2 AND e.client_id = a.column3
             UNION ALL
             SELECT r.tenant_id, r.stream_id, r.client_id, {REFUSED}, NULL, r.at, r.actor_id, r.send_hash
             FROM (VALUES {}) AS a CROSS JOIN journal_refusals r WHERE r.tenant_id = a.column1 AND r.stream_id = a.column2 AND r.client_id = a.column3",
            placeholders(tx, 0, chunk.len(), 3),
            placeholders(tx, chunk.len(), chunk.len(), 3)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for (tenant, stream, client_id) in chunk.iter().chain(chunk) {
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

pub(super) async fn insert_entries(tx: &mut Tx, entries: &[Arc<StoredEntry>]) -> Result<()> {
    for chunk in chunks(entries) {
        let sql = format!(concat!("INSERT INTO journal_entries (", entry_columns!(), ") VALUES {}"), placeholders(tx, 0, chunk.len(), COLUMNS));
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for stored in chunk {
                bind_entry(args, stored)?;
            }
            Ok(())
        };
        many!(tx, sql, bind, |query, conn| query.execute(conn).await.map(drop)?);
    }
    Ok(())
}

pub(super) fn bind_entry(args: &mut dyn Bind, stored: &StoredEntry) -> Result<()> {
    let e = &stored.entry;
    let (state, body, key) = match &e.body {
        Words::Plain(text) => ("plain", text, None),
        Words::Sealed { key, data } => ("sealed", data, Some(*key)),
        Words::Gone(why) => ("gone", why, None),
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
    args.text(Some(&e.facts))
}

pub(super) async fn save_heads(tx: &mut Tx, heads: &[(Uuid, Uuid, StreamKind, Head)]) -> Result<()> {
    for chunk in chunks(heads) {
        let sql = format!(
            concat!(
                "INSERT INTO journal_heads (tenant_id, stream_id, kind, ",
                head_columns!(),
                ") VALUES {}
             ON CONFLICT (tenant_id, stream_id) DO UPDATE SET seq = excluded.seq, pseq = excluded.pseq, version = excluded.version, last_at = excluded.last_at,
               from_customer = excluded.from_customer, from_staff = excluded.from_staff, waiting_since = excluded.waiting_since,
               wait_seq = excluded.wait_seq, answer_seq = excluded.answer_seq"
            ),
            placeholders(tx, 0, chunk.len(), 12)
        );
        let bind = |args: &mut dyn Bind| -> Result<()> {
            for (tenant, id, kind, head) in chunk {
                args.uuid(Some(*tenant))?;
                args.uuid(Some(*id))?;
                args.text(Some(kind.as_str()))?;
                bind_head(args, head)?;
            }
            Ok(())
        };
        many!(tx, sql, bind, |query, conn| query.execute(conn).await.map(drop)?);
    }
    tx.note_heads(heads.iter().map(|(tenant, id, _, head)| ((*tenant, *id), *head)));
    Ok(())
}

pub(super) fn bind_head(args: &mut dyn Bind, head: &Head) -> Result<()> {
    args.int(Some(head.seq))?;
    args.int(Some(head.pseq))?;
    args.int(Some(head.version))?;
    args.int(Some(head.last_at.0))?;
    args.int(Some(head.from_customer))?;
    args.int(Some(head.from_staff))?;
    args.int(head.waiting_since.map(|at| at.0))?;
    args.int(head.wait_seq)?;
    args.int(head.answer_seq)
}
