//! An embedded record as a file that no program serves: a copy made while the original is being served, examined and changed before anybody serves it. And
//! databases that nobody serves at all.

use std::{collections::BTreeSet, path::Path, time::Duration};

use domain::time::Ts;
use sqlx::{
    ConnectOptions as _, Connection as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{Conn, Error, Result, Tx, q, tx::Owned};

/// How long a copy waits for a lock of the program that serves the original; that program never holds its locks for long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes a copy of the record to a path where no file exists yet, in the state of one point in time, while the record may be served and changed. What was
/// deleted from the record is not in the copy. While the copy is being made, the original's log can only grow. The copy is not flushed.
pub async fn copy(record: &Path, to: &Path) -> Result<()> {
    let mut conn = SqliteConnectOptions::new().filename(record).read_only(true).busy_timeout(PATIENCE).disable_statement_logging().connect().await?;
    let to = to.to_str().ok_or_else(|| Error::Io(std::io::Error::new(std::io::ErrorKind::InvalidFilename, "a path has to be UTF-8 here")))?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut conn).await?;
    Ok(conn.close().await?)
}

/// Opens a record that no program serves. Each change is on disk, in the file itself, when its statement returns: there is no separate log.
pub async fn open(record: &Path, now: Ts) -> Result<Tx> {
    let options = SqliteConnectOptions::new().filename(record).journal_mode(SqliteJournalMode::Delete).synchronous(SqliteSynchronous::Extra);
    let conn = options.pragma("secure_delete", "ON").busy_timeout(PATIENCE).disable_statement_logging().connect().await?;
    Ok(Tx::new(Conn::Sqlite(Box::new(Owned(conn))), now))
}

/// An empty database in memory, for one computation. It is gone when the connection is closed.
pub async fn scratch(now: Ts) -> Result<Tx> {
    let conn = "sqlite::memory:".parse::<SqliteConnectOptions>()?.disable_statement_logging().connect().await?;
    Ok(Tx::new(Conn::Sqlite(Box::new(Owned(conn))), now))
}

/// The numbers of the steps of the schema that were applied to an embedded record; none if the file is not a record.
pub async fn steps_of_file(tx: &mut Tx) -> Result<BTreeSet<i64>> {
    let (tables,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'").fetch_one(c).await)?;
    if tables == 0 { Ok(BTreeSet::new()) } else { steps(tx).await }
}

/// The numbers of the steps of the schema that were applied, where there is a table of them.
pub async fn steps(tx: &mut Tx) -> Result<BTreeSet<i64>> {
    let numbers: Vec<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT version FROM _sqlx_migrations").fetch_all(c).await)?;
    Ok(numbers.into_iter().map(|(number,)| number).collect())
}
