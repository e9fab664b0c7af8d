//! An embedded record as a file that nobody serves: made as a copy beside whoever serves the original, examined, and changed before anybody does.

use std::{path::Path, time::Duration};

use domain::time::Ts;
use sqlx::{
    ConnectOptions as _, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{Conn, Error, Result, Tx, q, tx::Owned};

/// How long a copy waits for a lock of whoever serves the original; that one never holds them for long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes a copy of the record to a path where nothing lies yet, as of one moment, while it may be served and changed. What was deleted in it is not in the copy. For as
/// long as it takes the original's log is only added to. The copy is not flushed.
pub async fn copy(record: &Path, to: &Path) -> Result<()> {
    let mut conn = SqliteConnectOptions::new().filename(record).read_only(true).busy_timeout(PATIENCE).disable_statement_logging().connect().await?;
    let to = to.to_str().ok_or_else(|| Error::Io(std::io::Error::new(std::io::ErrorKind::InvalidFilename, "a path has to be UTF-8 here")))?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut conn).await?;
    Ok(conn.close().await?)
}

/// Opens a record that nobody serves. Each change is on disk, in the file itself, when its statement is done: there is no log beside it.
pub async fn open(record: &Path, now: Ts) -> Result<Tx> {
    let options = SqliteConnectOptions::new().filename(record).journal_mode(SqliteJournalMode::Delete).synchronous(SqliteSynchronous::Extra);
    let conn = options.pragma("secure_delete", "ON").busy_timeout(PATIENCE).disable_statement_logging().connect().await?;
    Ok(Tx::new(Conn::Sqlite(Box::new(Owned(conn))), now))
}

/// The last step of the schema that was applied to a record; `None` if it is none.
pub async fn schema(tx: &mut Tx) -> Result<Option<i64>> {
    let (tables,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'").fetch_one(c).await)?;
    if tables == 0 {
        return Ok(None);
    }
    let (last,): (Option<i64>,) = q!(tx, |c| sqlx::query_as("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(c).await)?;
    Ok(last)
}
