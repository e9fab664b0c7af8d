//! The append of a single entry together with its commit: one statement instead of a transaction of six.
//!
//! The numbers follow from a guess: the head as this connection last saved it, or else as it is read without a lock. The statement writes nothing unless the head is
//! still the guessed one, in every column: so it does not matter who has changed it, nor how (another node, a closure that was rolled back, a restore).

use std::sync::Arc;

use domain::{
    effect::Effect,
    journal::{Appended, Head, StoredEntry, Written},
};
use sqlx::{postgres::PgArguments, sqlite::SqliteArguments};

use super::{
    append::{bind_entry, bind_head, entry_columns, head_columns},
    rows::Bind,
};
use crate::{Conn, Result, Tx};

/// The head of stream `$1`, `$2` is the guessed one, and the sender's own id is new to the stream.
macro_rules! fits {
    () => {
        concat!(
            "tenant_id = $1 AND stream_id = $2 AND (",
            head_columns!(),
            ") IS NOT DISTINCT FROM ($3, $4, $5, $6, $7, $8, $9, $10, $11)
             AND NOT EXISTS (SELECT 1 FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $31)
             AND NOT EXISTS (SELECT 1 FROM journal_refusals WHERE tenant_id = $1 AND stream_id = $2 AND client_id = $31)"
        )
    };
}
macro_rules! next_head {
    () => {
        concat!("(", head_columns!(), ") = ($12, $13, $14, $15, $16, $17, $18, $19, $20)")
    };
}
/// Followed by where it comes from.
macro_rules! insert {
    () => {
        concat!(
            "INSERT INTO journal_entries (",
            entry_columns!(),
            ") SELECT $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38"
        )
    };
}

/// SQLite runs several statements as one; there is no other writer.
const ON_SQLITE: &str =
    concat!("BEGIN IMMEDIATE; UPDATE journal_heads SET ", next_head!(), " WHERE ", fits!(), "; ", insert!(), " WHERE changes() = 1 RETURNING seq; COMMIT");

/// On PostgreSQL the update may have to wait for another transaction, and the rest of the statement does not see what that has committed. So the head has to be
/// the very row that the statement saw at its beginning: whoever adds an entry or a refusal to the stream writes a new one (PostgreSQL, "Read Committed": the
/// condition is evaluated again on the new row).
const ON_POSTGRES: &str = concat!(
    "WITH seen AS MATERIALIZED (SELECT xmin AS born FROM journal_heads WHERE ",
    fits!(),
    "), head AS (UPDATE journal_heads h SET ",
    next_head!(),
    " FROM seen WHERE h.tenant_id = $1 AND h.stream_id = $2 AND h.xmin = seen.born RETURNING 1) ",
    insert!(),
    " FROM head RETURNING seq"
);

/// Stores an entry that was decided on this version of its stream's head, and commits; there is no transaction yet. `None` if something is in its way: then
/// nothing was changed, and [`super::append`] says what it is.
pub async fn append_alone(tx: &mut Tx, entry: &Written, version: i64) -> Result<Option<Appended>> {
    let stream = (entry.tenant.uuid(), entry.stream.id);
    let saved = tx.saved_head(stream).map(Some);
    for guess in saved.into_iter().chain([None]) {
        let before = match guess {
            Some(head) => head,
            None => super::head(tx, entry.tenant, entry.stream.id).await?,
        };
        if before.version != version {
            continue;
        }
        let mut after = before;
        let stored = after.number(entry.clone(), tx.now());
        if store(tx, &stored, &before, &after).await? {
            tx.note_heads([(stream, after)].into_iter());
            let StoredEntry { seq, pseq, at, .. } = stored;
            tx.effect(Effect::Entry(Arc::new(stored)));
            return Ok(Some(Appended { seq, pseq, at }));
        }
    }
    Ok(None)
}

/// Returns whether the entry and the head are written, and durable.
async fn store(tx: &mut Tx, stored: &StoredEntry, before: &Head, after: &Head) -> Result<bool> {
    let bind = |args: &mut dyn Bind| -> Result<()> {
        args.uuid(Some(stored.entry.tenant.uuid()))?;
        args.uuid(Some(stored.entry.stream.id))?;
        bind_head(args, before)?;
        bind_head(args, after)?;
        bind_entry(args, stored)
    };
    // All of the answer is awaited: what follows the row says whether it was committed.
    let written = match tx.conn() {
        Conn::Sqlite(conn) => {
            let mut args = SqliteArguments::default();
            bind(&mut args)?;
            sqlx::query_with(ON_SQLITE, args).fetch_all(&mut ***conn).await?.len()
        }
        Conn::Postgres(conn) => {
            let mut args = PgArguments::default();
            bind(&mut args)?;
            sqlx::query_with(ON_POSTGRES, args).fetch_all(&mut ***conn).await?.len()
        }
    };
    Ok(written > 0)
}
