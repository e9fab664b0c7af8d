//! SQLite's checkpoints: they run alongside the commits, and, if the log has become long, the log is restarted between two of them.
//!
//! SQLite only reuses the log from its start if a commit begins while everything in the log has been written back. Under steady traffic that never happens by
//! itself: something has always been committed since the last checkpoint, and the log would grow as long as people talk.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::MissedTickBehavior,
};

use super::{
    Stats,
    faults::{die_if_flush_failed, is_full},
};
use crate::{Conn, Error, Result, Tx};

/// A log longer than this is restarted, in bytes; a file that was longer is cut to this length. Each restart makes the writer wait for some milliseconds: under
/// the heaviest traffic that should happen about once a second, not more often.
pub(crate) const LONG_LOG: u64 = 64 << 20;
/// If the disk is nearly full, a log of this length counts as long, in bytes.
const SHORT_LOG: u64 = 1 << 20;
/// The log takes at most one part in this many of the free space on the disk.
const SHARE: u64 = 8;
/// The number of bytes of the log per page of the database: the page, and its header.
const FRAME: u64 = 4_096 + 24;

/// The number of pages that may be left for the writer to write back, and how often this task tries to leave no more than that.
const FEW_LEFT: i64 = 64;
const TRIES: u32 = 4;

/// The result of a checkpoint: whether something was in its way, the number of pages in the log, and how many of them were written back.
type Checkpoint = (i64, i64, i64);

/// The time between checkpoints: short, so that each one has little to flush and no commit waits long behind it.
const EVERY: Duration = Duration::from_millis(200);

/// A handle that ends the checkpoints of a database.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoints(mpsc::Sender<oneshot::Sender<()>>);

impl Checkpoints {
    /// Closes their connection, after all others: the last connection writes everything back and deletes the log, so that the database is a single file.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.0.send(done).await.is_ok() {
            let _ = closed.await;
        }
    }
}

/// Runs passive checkpoints again and again, until they are closed or the handle is gone; requests a restart if the log is long.
pub(crate) fn keep_log_short(mut conn: SqliteConnection, path: PathBuf, stats: Arc<Stats>) -> Checkpoints {
    let wal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let (close, mut closing) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        let asked: Option<oneshot::Sender<()>> = loop {
            tokio::select! {
                asked = closing.recv() => break asked,
                _ = tick.tick() => {}
            }
            let bytes = std::fs::metadata(&wal).map_or(0, |m| m.len());
            stats.wal_bytes.store(bytes, Relaxed);
            if bytes == 0 {
                // The writer has restarted the log: there is nothing that could not be written back.
                stats.log_is_stuck.store(false, Relaxed);
                continue;
            }
            let bound = log_limit(room(&path));
            stats.room_is_short.store(bound < LONG_LOG, Relaxed);
            let done = write_back(&mut conn, bound).await.map_err(Error::Sql);
            stats.log_is_stuck.store(done.as_ref().is_err_and(is_full), Relaxed);
            match &done {
                Ok(is_long) => stats.log_is_long.store(*is_long, Relaxed),
                Err(error) => {
                    die_if_flush_failed(error);
                    // Logged once, not five times a second.
                    if !is_failing {
                        tracing::warn!(error = %error, "checkpoints fail and are tried again");
                    }
                }
            }
            is_failing = done.is_err();
        };
        let _ = conn.close().await;
        if let Some(done) = asked {
            let _ = done.send(());
        }
    });
    Checkpoints(close)
}

/// The number of free bytes on the disk; the maximum if that cannot be determined.
fn room(path: &Path) -> u64 {
    rustix::fs::statvfs(path).map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The length from which on a log is long. Pages that are not written back yet need the same space again in the database: a log that had grown to the last byte
/// of the disk would use up whatever is freed.
fn log_limit(room: u64) -> u64 {
    (room / SHARE).clamp(SHORT_LOG, LONG_LOG)
}

/// Writes back the content of the log; returns whether the log is long. It leaves little of a long log to the writer: more is committed while this writes, so
/// it tries again.
async fn write_back(conn: &mut SqliteConnection, bound: u64) -> sqlx::Result<bool> {
    for _ in 0..TRIES {
        let (_, pages, written) = sqlx::query_as::<_, Checkpoint>("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&mut *conn).await?;
        if u64::try_from(pages).unwrap_or(0) * FRAME <= bound {
            return Ok(false);
        }
        if pages - written <= FEW_LEFT {
            break;
        }
    }
    Ok(true)
}

/// Writes the rest of the log back and restarts the log, on the writer's own connection between two transactions. Little is left to write, because a checkpoint
/// has just been made; it waits for readers, but not for long: the next checkpoint is the next opportunity. The file keeps its length, because bytes that
/// already exist are flushed faster, unless its space is needed.
pub(super) async fn begin_anew(tx: &mut Tx, room_is_short: bool) -> Result<()> {
    let Conn::Sqlite(conn) = tx.conn() else { return Ok(()) };
    let how = if room_is_short { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(RESTART)" };
    sqlx::query("PRAGMA busy_timeout = 50").execute(&mut ***conn).await?;
    let done = sqlx::query_as::<_, Checkpoint>(how).fetch_one(&mut ***conn).await;
    sqlx::query("PRAGMA busy_timeout = 5000").execute(&mut ***conn).await?;
    done?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::time::Ts;
    use sqlx::{
        ConnectOptions as _,
        sqlite::{SqliteConnectOptions, SqliteJournalMode},
    };

    use super::*;
    use crate::{Shard, tx::Owned, writer::start};

    #[test]
    fn the_less_room_the_shorter_the_log() {
        let mib = 1 << 20;
        assert_eq!([u64::MAX, 512 * mib, 100 * mib, 32 * mib, 0].map(log_limit), [LONG_LOG, LONG_LOG, 100 * mib / 8, 4 * mib, SHORT_LOG]);
        assert!(room(Path::new("/")) > 0);
        assert_eq!(room(Path::new("/nowhere")), u64::MAX);
    }

    async fn two_connections(folder: &Path) -> (SqliteConnection, SqliteConnection) {
        let options = SqliteConnectOptions::new().filename(folder.join("record.db")).create_if_missing(true).pragma("wal_autocheckpoint", "0");
        let options = options.journal_mode(SqliteJournalMode::Wal);
        let (mut writer, checkpointer) = (options.connect().await.unwrap(), options.connect().await.unwrap());
        sqlx::query("CREATE TABLE words (said BLOB)").execute(&mut writer).await.unwrap();
        (writer, checkpointer)
    }

    #[tokio::test]
    async fn nothing_is_taken_into_a_log_that_cannot_be_written_back() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _) = two_connections(folder.path()).await;
        let tx = Tx::new(Conn::Sqlite(Box::new(Owned(conn))), Ts(0));
        let writer = start(vec![tx], 0, None, Arc::new(testkit::TestClock::default()), Arc::new(|_| {}));
        let write = || writer.write(Shard::Any, |tx| Box::pin(async move { tx.control("INSERT INTO words VALUES (x'00')").await }));
        writer.stats().log_is_stuck.store(true, Relaxed);
        assert!(matches!(write().await, Err(Error::Busy)));
        writer.stats().log_is_stuck.store(false, Relaxed);
        write().await.unwrap();
        writer.close().await;
    }

    #[tokio::test]
    async fn a_stuck_log_that_the_writer_began_anew_is_written_to_again() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, checkpointer) = two_connections(folder.path()).await;
        let tx = Tx::new(Conn::Sqlite(Box::new(Owned(conn))), Ts(0));
        let writer = start(vec![tx], 0, None, Arc::new(testkit::TestClock::default()), Arc::new(|_| {}));
        let write = || writer.write(Shard::Any, |tx| Box::pin(async move { tx.control("INSERT INTO words VALUES (x'00')").await }));
        write().await.unwrap();
        // One pass found the log long, the next had no room to write it back; then room was made, and a write came first.
        let stats = writer.stats();
        for flag in [&stats.log_is_long, &stats.room_is_short, &stats.log_is_stuck] {
            flag.store(true, Relaxed);
        }
        assert!(matches!(write().await, Err(Error::Busy)));
        let wal = folder.path().join("record.db-wal");
        testkit::eventually("a log without anything in it", async || (std::fs::metadata(&wal).unwrap().len() == 0).then_some(())).await;
        let checkpoints = keep_log_short(checkpointer, folder.path().join("record.db"), stats);
        testkit::eventually("a write that is taken", async || write().await.ok()).await;
        writer.close().await;
        checkpoints.close().await;
    }

    #[tokio::test]
    async fn a_log_gives_its_room_back_where_that_is_short_and_keeps_it_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, mut checkpointer) = two_connections(folder.path()).await;
        let length = || std::fs::metadata(folder.path().join("record.db-wal")).unwrap().len();
        let mut tx = Tx::new(Conn::Sqlite(Box::new(Owned(writer))), Ts(0));
        for room_is_short in [false, true] {
            let Conn::Sqlite(conn) = tx.conn() else { panic!("another engine") };
            sqlx::query("INSERT INTO words VALUES (zeroblob(6 << 20))").execute(&mut ***conn).await.unwrap();
            assert!(!write_back(&mut checkpointer, LONG_LOG).await.unwrap());
            assert!(write_back(&mut checkpointer, SHORT_LOG).await.unwrap());
            let before = length();
            begin_anew(&mut tx, room_is_short).await.unwrap();
            assert_eq!(length(), if room_is_short { 0 } else { before });
        }
    }
}
