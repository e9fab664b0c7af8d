//! Reads pages of a stream.

use domain::{
    id::TenantId,
    journal::{StoredEntry, View},
    stream::StreamName,
};
use uuid::Uuid;

use super::{EntryRow, stored_entry};
use crate::{Conn, Error, Result, Tx};

/// The columns of a page's entries, besides the stream they belong to; they match [`Packed`].
macro_rules! columns {
    () => {
        "seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts"
    };
}

/// The statement for a page: entries whose number in one of the two numberings is greater than `$3`.
macro_rules! page_sql {
    ($number:literal) => {
        concat!(
            "SELECT tenant_id, stream_id, ",
            columns!(),
            " FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND ",
            $number,
            " > $3 ORDER BY ",
            $number,
            " LIMIT $4"
        )
    };
}

/// The same page as one text.
macro_rules! packed_sql {
    ($number:literal) => {
        concat!(
            "SELECT json_group_array(json_array(seq, pseq, kind, v, at, actor_kind, nullif(hex(actor_id), ''), actor_name, nullif(hex(client_id), ''), send_hash, ord, ",
            "body_state, body, nullif(hex(body_key), ''), staff, facts)) FROM (SELECT ",
            columns!(),
            " FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND ",
            $number,
            " > $3 ORDER BY ",
            $number,
            " LIMIT $4)"
        )
    };
}

/// An entry of a page that was read as one text.
type Packed = (
    i64,
    Option<i64>,
    String,
    i64,
    i64,
    String,
    Option<Uuid>,
    Option<String>,
    Option<Uuid>,
    i64,
    Option<i64>,
    String,
    Option<String>,
    Option<Uuid>,
    Option<String>,
    String,
);

/// Entries after a number, oldest first, at most `limit`.
pub async fn page(tx: &mut Tx, tenant: TenantId, stream: StreamName, view: View, after: i64, limit: i64) -> Result<Vec<StoredEntry>> {
    let rows = match tx.conn() {
        // SQLite's rows come from a different thread, one by one and value by value, which costs several times as much as finding them.
        Conn::Sqlite(conn) => {
            let sql = match view {
                View::Staff => packed_sql!("seq"),
                View::Customer => packed_sql!("pseq"),
            };
            let text: String = sqlx::query_scalar(sql).bind(tenant.uuid()).bind(stream.id).bind(after).bind(limit).fetch_one(&mut ***conn).await?;
            unpack(&text, tenant, stream)?
        }
        Conn::Postgres(conn) => {
            let sql = match view {
                View::Staff => page_sql!("seq"),
                View::Customer => page_sql!("pseq"),
            };
            sqlx::query_as(sql).bind(tenant.uuid()).bind(stream.id).bind(after).bind(limit).fetch_all(&mut ***conn).await?
        }
    };
    rows.into_iter().map(|row| stored_entry(row, stream.kind)).collect()
}

fn unpack(text: &str, tenant: TenantId, stream: StreamName) -> Result<Vec<EntryRow>> {
    let packed: Vec<Packed> = serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("a page of {stream}: {error}")))?;
    let row = |(seq, pseq, kind, v, at, actor_kind, actor_id, actor_name, client_id, send_hash, ord, body_state, body, body_key, staff, facts)| EntryRow {
        tenant_id: tenant.uuid(),
        stream_id: stream.id,
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
    Ok(packed.into_iter().map(row).collect())
}
