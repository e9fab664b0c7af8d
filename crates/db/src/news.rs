//! What other nodes of a cluster committed: the sweep that makes every faster notification optional.
//!
//! Between two looks, exactly those transactions became visible that the first look's snapshot did not contain yet, or listed as running. Their entries are
//! found by transaction, so the cost of a look depends on what was written since, however long some other transaction stays open. SQLite needs no such look,
//! because only one program serves it.

use std::collections::HashMap;

use domain::{
    entry::EntryKind,
    id::TenantId,
    journal::{Mark, Side},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use uuid::Uuid;

use crate::{Conn, Error, Result, Tx, row};

/// What was visible at a look: PostgreSQL's snapshot, `xmin:xmax:running,…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Transactions below this number were visible, except those that were running.
    below: String,
    running: Vec<String>,
}

impl Seen {
    fn parse(snapshot: &str) -> Result<Self> {
        let mut parts = snapshot.splitn(3, ':').skip(1);
        let below = parts.next().ok_or_else(|| Error::Corrupt(format!("snapshot {snapshot}")))?.to_owned();
        let running = parts.next().unwrap_or_default().split(',').filter(|xid| !xid.is_empty()).map(str::to_owned).collect();
        Ok(Self { below, running })
    }
}

/// A stream with new entries, without their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The stream.
    pub stream: StreamName,
    /// The number of the first new entry.
    pub first: i64,
    /// The number of the last new entry.
    pub seq: i64,
    /// The number of the last new public entry; 0 if none is public.
    pub pseq: i64,
    /// A lower bound of the head's version; 0 if nothing is known about it.
    pub version: i64,
    /// Whether lists say something else of a conversation: a message was sent, or a label was given or taken off.
    pub said: bool,
    /// Whether there is an entry other than a message or note: the state of a conversation may have changed.
    pub changed: bool,
}

/// Whether an entry of this kind is more than a message or note. The statement below uses the same condition.
pub const fn is_change(kind: EntryKind) -> bool {
    !matches!(kind, EntryKind::Message | EntryKind::Note)
}

/// How far both sides of a conversation have got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The conversation.
    pub stream: StreamName,
    /// The customer's mark.
    pub customer: Mark,
    /// The furthest mark of the staff.
    pub staff: Mark,
}

/// The result of a look.
#[derive(Debug)]
pub struct News {
    /// The starting point of the next look.
    pub seen: Seen,
    /// The location and history of the record: see [`home`].
    pub home: String,
    /// Streams with new entries.
    pub moved: Vec<Moved>,
    /// Conversations whose marks rose.
    pub marked: Vec<Marked>,
}

/// The SQL expression for [`home`].
macro_rules! home_sql {
    () => {
        "(SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
         || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
    };
}

/// The location and history of the record: PostgreSQL's own number, the number of the database, and the timeline, which changes after a standby took over or a
/// backup was restored. `None` on SQLite.
pub async fn home(tx: &mut Tx) -> Result<Option<String>> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(None) };
    let (home,): (String,) = sqlx::query_as(concat!("SELECT ", home_sql!())).fetch_one(&mut ***conn).await?;
    Ok(Some(home))
}

/// The time by the database's clock; `None` on SQLite, which uses the program's.
pub async fn time(tx: &mut Tx) -> Result<Option<Ts>> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(None) };
    let (ms,): (i64,) = sqlx::query_as("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").fetch_one(&mut ***conn).await?;
    Ok(Some(Ts(ms)))
}

row! {
    struct MovedRow {
        snapshot: String, home: String, tenant_id: Option<Uuid>, stream_id: Option<Uuid>, kind: Option<String>, first: Option<i64>, seq: Option<i64>,
        pseq: Option<i64>, version: Option<i64>, said: Option<bool>, changed: Option<bool>,
    }
}

/// What became visible since a look; only the starting point of the next look if there was no look before. `None` on SQLite.
pub async fn since(tx: &mut Tx, seen: Option<&Seen>) -> Result<Option<News>> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(None) };
    let rows: Vec<MovedRow> = sqlx::query_as(concat!(
        "WITH fresh AS (
           SELECT tenant_id, stream_id, seq, pseq, ord, kind FROM journal_entries WHERE xid >= $1::text::xid8
           UNION ALL SELECT tenant_id, stream_id, seq, pseq, ord, kind FROM journal_entries WHERE xid = ANY ($2::text[]::xid8[])
         ), moved AS (
           SELECT tenant_id, stream_id, MIN(seq) AS first, MAX(seq) AS seq, COALESCE(MAX(pseq), 0) AS pseq, BOOL_OR(ord IS NOT NULL OR kind = 'labelled') AS said,
             BOOL_OR(kind NOT IN ('message', 'note')) AS changed
           FROM fresh GROUP BY tenant_id, stream_id
         )
         SELECT pg_current_snapshot()::text AS snapshot, ",
        home_sql!(),
        " AS home,
           m.tenant_id, m.stream_id, h.kind, m.first, m.seq, m.pseq, h.version, m.said, m.changed
         FROM (VALUES (1)) AS one (n) LEFT JOIN (moved m JOIN journal_heads h ON h.tenant_id = m.tenant_id AND h.stream_id = m.stream_id) ON TRUE",
    ))
    // Without an earlier look, the number of a transaction that will never exist is used.
    .bind(seen.map_or(u64::MAX.to_string(), |seen| seen.below.clone()))
    .bind(seen.map(|seen| seen.running.clone()).unwrap_or_default())
    .fetch_all(&mut ***conn)
    .await?;
    let now = rows.first().ok_or_else(|| Error::Corrupt("no snapshot".to_owned()))?;
    let (next, home) = (Seen::parse(&now.snapshot)?, now.home.clone());
    let moved = rows.into_iter().filter_map(moved_stream).collect();
    let marked = match seen {
        Some(seen) => marks_since(tx, seen).await?,
        None => Vec::new(),
    };
    Ok(Some(News { seen: next, home, moved, marked }))
}

fn moved_stream(row: MovedRow) -> Option<Moved> {
    let MovedRow { snapshot: _, home: _, tenant_id, stream_id, kind, first, seq, pseq, version, said, changed } = row;
    // Nobody here follows a stream of a kind from a later release.
    let stream = StreamName { kind: StreamKind::parse(&kind?)?, id: stream_id? };
    Some(Moved { tenant: TenantId::new(tenant_id?), stream, first: first?, seq: seq?, pseq: pseq?, version: version?, said: said?, changed: changed? })
}

async fn marks_since(tx: &mut Tx, seen: &Seen) -> Result<Vec<Marked>> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(Vec::new()) };
    let rows: Vec<(Uuid, Uuid, String, i64, i64)> = sqlx::query_as(
        "SELECT tenant_id, stream_id, side, MAX(received), MAX(read) FROM journal_marks WHERE (tenant_id, stream_id) IN (
           SELECT tenant_id, stream_id FROM journal_marks WHERE xid >= $1::text::xid8
           UNION SELECT tenant_id, stream_id FROM journal_marks WHERE xid = ANY ($2::text[]::xid8[])
         ) GROUP BY tenant_id, stream_id, side",
    )
    .bind(&seen.below)
    .bind(&seen.running)
    .fetch_all(&mut ***conn)
    .await?;
    let mut all: HashMap<(Uuid, Uuid), Marked> = HashMap::new();
    for (tenant, stream, side, received, read) in rows {
        let stream_name = StreamName { kind: StreamKind::Conversation, id: stream };
        let none = Marked { tenant: TenantId::new(tenant), stream: stream_name, customer: Mark::default(), staff: Mark::default() };
        let known = all.entry((tenant, stream)).or_insert(none);
        let mark = Mark { received, read };
        match crate::journal::side_of(&side) {
            Side::Customer => known.customer = mark,
            Side::Staff => known.staff = mark,
        }
    }
    Ok(all.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_what_is_below_and_what_ran() {
        let seen = Seen::parse("10:20:10,14,15").unwrap();
        assert_eq!((seen.below.as_str(), seen.running.len()), ("20", 3));
        assert_eq!(Seen::parse("10:10:").unwrap(), Seen { below: "10".into(), running: Vec::new() });
        assert!(Seen::parse("nonsense").is_err());
    }
}
