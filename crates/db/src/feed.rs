//! The journal in the order in which it may be read by what is derived from it: nothing is skipped, also while commits overlap.

use sqlx::FromRow as _;
use uuid::Uuid;

use crate::{Conn, Result, Tx, row};

/// A place in the feed. On PostgreSQL the transaction comes before the position: an older transaction may insert later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The transaction (0 on SQLite).
    pub xid: i64,
    /// The position.
    pub pos: i64,
}

row! {
    /// A fact without its words.
    pub struct Fact {
        /// The transaction.
        pub xid: i64,
        /// The position.
        pub pos: i64,
        /// Whose.
        pub tenant_id: Uuid,
        /// Which stream.
        pub stream_id: Uuid,
        /// Which sort of stream.
        pub stream_kind: String,
        /// Its number.
        pub seq: i64,
        /// What happened.
        pub kind: String,
        /// When.
        pub at: i64,
        /// Who, by sort.
        pub actor_kind: String,
        /// Who.
        pub actor_id: Option<Uuid>,
        /// What analysis may know.
        pub facts: String,
    }
}

/// The facts after a cursor, at most `limit`, never past a transaction that may still commit.
pub async fn after(tx: &mut Tx, cursor: Cursor, limit: i64) -> Result<Vec<Fact>> {
    let facts = match tx.conn() {
        Conn::Sqlite(conn) => sqlx::query(
            "SELECT 0 AS xid, e.pos, e.tenant_id, e.stream_id, h.kind AS stream_kind, e.seq, e.kind, e.at, e.actor_kind, e.actor_id, e.facts
             FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
             WHERE e.pos > $1 ORDER BY e.pos LIMIT $2",
        )
        .bind(cursor.pos)
        .bind(limit)
        .fetch_all(&mut ***conn)
        .await?
        .iter()
        .map(Fact::from_row)
        .collect::<std::result::Result<_, _>>()?,
        Conn::Postgres(conn) => sqlx::query(
            "SELECT e.xid::text::bigint AS xid, e.pos, e.tenant_id, e.stream_id, h.kind AS stream_kind, e.seq, e.kind, e.at, e.actor_kind, e.actor_id, e.facts
             FROM journal_entries e JOIN journal_heads h ON h.tenant_id = e.tenant_id AND h.stream_id = e.stream_id
             WHERE (e.xid, e.pos) > ($1::text::xid8, $2) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY e.xid, e.pos LIMIT $3",
        )
        .bind(cursor.xid.to_string())
        .bind(cursor.pos)
        .bind(limit)
        .fetch_all(&mut ***conn)
        .await?
        .iter()
        .map(Fact::from_row)
        .collect::<std::result::Result<_, _>>()?,
    };
    Ok(facts)
}
