//! SQLite's checkpoints: beside the commits, and, where the log has become long, begun anew between two of them.
//!
//! SQLite uses the log from its start again only when a commit begins while everything in it is written back. Under steady traffic that never happens by
//! itself: something was always committed since the last checkpoint, and the log would grow as long as people talk.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection};
use tokio::time::MissedTickBehavior;

use super::{Stats, faults::die_if_flush_failed};
use crate::{Conn, Error, Result, Tx};

/// A log longer than this is begun anew, in bytes; a file that was longer is cut to this. Each beginning keeps the writer waiting for some milliseconds: under
/// the heaviest traffic that should be once a second or so, not more often.
pub(crate) const LONG_LOG: u64 = 64 << 20;
/// Bytes of the log per page of the database: the page, and its header.
const FRAME: u64 = 4_096 + 24;

/// Pages that may be left for the writer to write back, and times this task tries to leave no more than that.
const FEW_LEFT: i64 = 64;
const TRIES: u32 = 4;

/// What a checkpoint says: whether somebody was in its way, pages in the log, pages of them written back.
type Checkpoint = (i64, i64, i64);

/// Time between checkpoints: short, so that what one flushes is little and no commit waits long behind it.
const EVERY: Duration = Duration::from_millis(200);

/// Passive, again and again; asks for a new beginning where the log is long.
pub(crate) fn keep_log_short(mut conn: SqliteConnection, path: PathBuf, stats: Arc<Stats>) {
    let stats = Arc::downgrade(&stats);
    let wal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        loop {
            tick.tick().await;
            let Some(stats) = stats.upgrade() else { break };
            let bytes = std::fs::metadata(&wal).map_or(0, |m| m.len());
            stats.wal_bytes.store(bytes, Relaxed);
            if bytes == 0 {
                continue;
            }
            let done = write_back(&mut conn).await.map_err(Error::Sql);
            match &done {
                Ok(is_long) => stats.log_is_long.store(*is_long, Relaxed),
                Err(error) => {
                    die_if_flush_failed(error);
                    // Once, not five times a second.
                    if !is_failing {
                        tracing::warn!(error = %error, "checkpoints fail and are tried again");
                    }
                }
            }
            is_failing = done.is_err();
        }
        let _ = conn.close().await;
    });
}

/// Writes back what is in the log; whether it is long. Of a long one little is left for the writer: while this writes, more is committed, so it tries again.
async fn write_back(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    for _ in 0..TRIES {
        let (_, pages, written) = sqlx::query_as::<_, Checkpoint>("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut *conn).await?;
        if u64::try_from(pages).unwrap_or(0) * FRAME <= LONG_LOG {
            return Ok(false);
        }
        if pages - written <= FEW_LEFT {
            break;
        }
    }
    Ok(true)
}

/// Writes the rest of the log back and begins it anew, on the writer's own connection between two transactions. Little is left to write, for a checkpoint has
/// just been made; readers are waited for, but not for long: the next checkpoint is another occasion.
pub(super) async fn begin_anew(tx: &mut Tx) -> Result<()> {
    let Conn::Sqlite(conn) = tx.conn() else { return Ok(()) };
    sqlx::query("PRAGMA busy_timeout = 50").execute(&mut ***conn).await?;
    let done = sqlx::query_as::<_, Checkpoint>("PRAGMA wal_checkpoint(RESTART)").fetch_one(&mut ***conn).await;
    sqlx::query("PRAGMA busy_timeout = 5000").execute(&mut ***conn).await?;
    done?;
    Ok(())
}
