//! The journal in the order in which derived data may read it: nothing is skipped, even while commits overlap.

mod follow;
mod tail;

use domain::{id::TenantId, journal::StoredEntry, time::Ts};
use sqlx::FromRow as _;
use uuid::Uuid;

use crate::{
    Conn, Result, Tx,
    bulk::{self, Value},
    journal, q, row,
};

pub use tail::Fed;
pub(crate) use tail::Tail;

/// A position in the feed. On PostgreSQL the transaction comes before the position: an older transaction may insert later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    /// The transaction (0 on SQLite).
    pub xid: i64,
    /// The position.
    pub pos: i64,
}

row! {
    /// A fact without the text of its entry.
    #[derive(Debug)]
    pub struct Fact {
        /// The transaction.
        pub xid: i64,
        /// The position.
        pub pos: i64,
        /// The company it belongs to.
        pub tenant_id: Uuid,
        /// The id of the stream.
        pub stream_id: Uuid,
        /// The kind of the stream.
        pub stream_kind: String,
        /// The number of the entry in its stream.
        pub seq: i64,
        /// The kind of the entry.
        pub kind: String,
        /// The version of the form in which it was written.
        pub v: i64,
        /// When it was stored, in milliseconds since the epoch.
        pub at: i64,
        /// The kind of actor who caused it.
        pub actor_kind: String,
        /// The id of the actor, if they have one.
        pub actor_id: Option<Uuid>,
        /// What analysis may know, as JSON.
        pub facts: String,
    }
}

row! {
    struct Words {
        words: Option<String>,
    }
}

/// The entries after a cursor: in order and below the horizon, or the last ones whatever is still running. `$columns` come after those of a [`Fact`].
macro_rules! after_sql {
    (sqlite, $columns:literal, $rest:literal) => {
        concat!(
            "SELECT 0 AS xid, e.pos, e.tenant_id, e.stream_id, h.kind AS stream_kind, e.seq, e.kind, e.v, e.at, e.actor_kind, e.actor_id, e.facts",
            $columns,
            " FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id WHERE e.pos > $1 ",
            $rest,
            " LIMIT $2"
        )
    };
    (postgres, $columns:literal, $rest:literal) => {
        concat!(
            "SELECT e.xid::text::bigint AS xid, e.pos, e.tenant_id, e.stream_id, h.kind AS stream_kind, e.seq, e.kind, e.v, e.at, e.actor_kind, e.actor_id, e.facts",
            $columns,
            " FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
             WHERE (e.xid, e.pos) > ($1::text::xid8, $2) ",
            $rest,
            " LIMIT $3"
        )
    };
    (sqlite, first, $columns:literal) => {
        after_sql!(sqlite, $columns, "ORDER BY e.pos")
    };
    (postgres, first, $columns:literal) => {
        after_sql!(postgres, $columns, "AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xid, e.pos")
    };
    (sqlite, last, $columns:literal) => {
        after_sql!(sqlite, $columns, "ORDER BY e.pos DESC")
    };
    (postgres, last, $columns:literal) => {
        after_sql!(postgres, $columns, "ORDER BY e.xid DESC, e.pos DESC")
    };
}

/// Reads the first or the last entries after a cursor, each row by `$read`.
macro_rules! read_after {
    ($tx:expr, $which:ident, $cursor:expr, $limit:expr, $columns:literal, $read:expr) => {
        match $tx.conn() {
            Conn::Sqlite(conn) => {
                let rows = sqlx::query(after_sql!(sqlite, $which, $columns)).bind($cursor.pos).bind($limit).fetch_all(&mut ***conn).await?;
                rows.iter().map($read).collect::<sqlx::Result<Vec<_>>>()?
            }
            Conn::Postgres(conn) => {
                let query = sqlx::query(after_sql!(postgres, $which, $columns)).bind($cursor.xid.to_string()).bind($cursor.pos).bind($limit);
                query.fetch_all(&mut ***conn).await?.iter().map($read).collect::<sqlx::Result<Vec<_>>>()?
            }
        }
    };
}

/// The facts after a cursor, at most `limit`, but never beyond a transaction that may still commit.
pub async fn after(tx: &mut Tx, cursor: Cursor, limit: i64) -> Result<Vec<Fact>> {
    Ok(read_after!(tx, first, cursor, limit, "", Fact::from_row))
}

/// The same, with the words of customers' messages, ratings and details of what it is about.
async fn after_with_words(tx: &mut Tx, cursor: Cursor, limit: i64) -> Result<Vec<Fed>> {
    Ok(read_after!(
        tx,
        first,
        cursor,
        limit,
        ", CASE WHEN e.kind IN ('message', 'rated', 'asked_about') AND e.actor_kind = 'customer' AND e.body_state = 'plain' THEN e.body END AS words",
        |row| Ok(Fed::new(Fact::from_row(row)?, Words::from_row(row)?.words))
    ))
}

/// The position of the last entry; 0 if there is none.
pub async fn last_position(tx: &mut Tx) -> Result<i64> {
    let (last,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COALESCE(MAX(pos), 0) FROM journal_entries").fetch_one(c).await)?;
    Ok(last)
}

/// The cursor of the last entry that this transaction sees, its own among them: whoever goes on from there hears none of it.
///
/// # Errors
/// If the record cannot be read.
pub async fn end(tx: &mut Tx) -> Result<Cursor> {
    let last = read_after!(tx, last, Cursor::default(), 1_i64, "", Fact::from_row);
    Ok(last.first().map(|fact| Cursor { xid: fact.xid, pos: fact.pos }).unwrap_or_default())
}

/// How many streams are looked at together.
const STREAMS: i64 = 128;

/// Shows every fact of a company's conversations and of its agents' work in a stretch of time, whose end is not included, stream by stream. Positions do not tell when
/// something happened, because a past that is imported comes later; time never runs backwards within a stream.
pub async fn in_window(tx: &mut Tx, tenant: TenantId, [from, to]: [Ts; 2], mut show: impl FnMut(&Fact) + Send) -> Result<()> {
    let head = format!(
        "SELECT CAST(0 AS BIGINT) AS xid, e.pos, e.tenant_id, e.stream_id, h.kind AS stream_kind, e.seq, e.kind, e.v, e.at, e.actor_kind, e.actor_id, e.facts
         FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
         WHERE e.at >= {} AND e.at < {} AND (e.tenant_id, e.stream_id) IN (VALUES",
        from.0, to.0
    );
    let mut after = Uuid::nil();
    loop {
        let sql = "SELECT stream_id FROM journal_heads
             WHERE tenant_id = $1 AND stream_id > $2 AND kind IN ('conversation', 'work') AND last_at >= $3 ORDER BY stream_id LIMIT $4";
        let streams: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(after).bind(from.0).bind(STREAMS).fetch_all(c).await)?;
        let Some((last,)) = streams.last() else { return Ok(()) };
        after = *last;
        let keys: Vec<_> = streams.iter().map(|(stream,)| vec![Value::Uuid(tenant.uuid()), Value::Uuid(*stream)]).collect();
        bulk::select::<Fact>(tx, &head, &keys, ")").await?.iter().for_each(&mut show);
    }
}

/// For how long the oldest committed entry has been waiting for an older transaction to end, in milliseconds. The feed makes no progress during that time; chat
/// does not wait for it. `None` if no entry waits, and always on SQLite, which has one writer.
pub async fn horizon_lag_ms(tx: &mut Tx) -> Result<Option<i64>> {
    let now = tx.now();
    let Conn::Postgres(conn) = tx.conn() else { return Ok(None) };
    let (oldest,): (Option<i64>,) =
        sqlx::query_as("SELECT MIN(at) FROM journal_entries WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())").fetch_one(&mut ***conn).await?;
    Ok(oldest.map(|at| now.since(Ts(at)).max(0)))
}

/// Gives every entry of a record that was moved to a different PostgreSQL server a new position, in the old order: transactions are counted from scratch there,
/// and entries with higher transaction numbers would stay beyond the horizon for ever. Cursors from before become invalid: the generation has to change in the
/// same transaction.
pub async fn renumber(tx: &mut Tx) -> Result<()> {
    let Conn::Postgres(conn) = tx.conn() else { return Ok(()) };
    for sql in [
        "LOCK TABLE journal_entries IN EXCLUSIVE MODE",
        // Negative positions first, because positions have to be unique at every moment.
        "UPDATE journal_entries e SET pos = -n.place, xid = '0'::xid8
         FROM (SELECT pos, row_number() OVER (ORDER BY xid, pos) AS place FROM journal_entries) AS n WHERE e.pos = n.pos",
        "UPDATE journal_entries SET pos = -pos WHERE pos < 0",
        "SELECT setval(pg_get_serial_sequence('journal_entries', 'pos'), (SELECT COALESCE(MAX(pos), 0) + 1 FROM journal_entries), false)",
    ] {
        sqlx::query(sql).execute(&mut ***conn).await?;
    }
    Ok(())
}

/// Lets the places of followers hold for a record that was copied from SQLite, with the positions of its entries: there is no transaction in these places, and so
/// the entries get none. New entries come after them. Only on PostgreSQL ([`crate::Db::maintain`]).
pub async fn keep_positions(tx: &mut Tx) -> Result<()> {
    for sql in [
        "UPDATE journal_entries SET xid = '0'::xid8 WHERE xid <> '0'::xid8",
        "SELECT setval(pg_get_serial_sequence('journal_entries', 'pos'), (SELECT COALESCE(MAX(pos), 0) + 1 FROM journal_entries), false)",
    ] {
        q!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// The entries of one company after a cursor, each with its position, at most `limit`, but never beyond a transaction that may still commit. Entries of its
/// audit and of the work of its agents are left out.
pub async fn of_company(tx: &mut Tx, tenant: TenantId, cursor: Cursor, limit: i64) -> Result<Vec<(Cursor, StoredEntry)>> {
    let rows: Vec<journal::FedRow> = match tx.conn() {
        Conn::Sqlite(conn) => {
            sqlx::query_as(
                "SELECT 0 AS xid, e.pos, h.kind AS stream_kind, e.tenant_id, e.stream_id, e.seq, e.pseq, e.kind, e.v, e.at, e.actor_kind, e.actor_id, e.actor_name,
                   e.client_id, e.send_hash, e.ord, e.body_state, e.body, e.body_key, e.staff, e.facts
                 FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
                 WHERE e.tenant_id = $1 AND e.pos > $2 AND h.kind NOT IN ('audit', 'work') ORDER BY e.pos LIMIT $3",
            )
            .bind(tenant.uuid())
            .bind(cursor.pos)
            .bind(limit)
            .fetch_all(&mut ***conn)
            .await?
        }
        Conn::Postgres(conn) => {
            sqlx::query_as(
                "SELECT e.xid::text::bigint AS xid, e.pos, h.kind AS stream_kind, e.tenant_id, e.stream_id, e.seq, e.pseq, e.kind, e.v, e.at, e.actor_kind, e.actor_id,
                   e.actor_name, e.client_id, e.send_hash, e.ord, e.body_state, e.body, e.body_key, e.staff, e.facts
                 FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
                 WHERE e.tenant_id = $1 AND (e.xid, e.pos) > ($2::text::xid8, $3) AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) AND h.kind NOT IN ('audit', 'work')
                 ORDER BY e.xid, e.pos LIMIT $4",
            )
            .bind(tenant.uuid())
            .bind(cursor.xid.to_string())
            .bind(cursor.pos)
            .bind(limit)
            .fetch_all(&mut ***conn)
            .await?
        }
    };
    rows.into_iter().map(|row| Ok((Cursor { xid: row.xid, pos: row.pos }, journal::fed_entry(row)?))).collect()
}
