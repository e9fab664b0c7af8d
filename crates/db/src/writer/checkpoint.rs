//! SQLite's checkpoints, away from anybody's commit.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection};

use super::{Stats, faults::die_if_flush_failed};
use crate::Error;

/// Passive, each second.
pub(crate) fn checkpoint_each_second(mut conn: SqliteConnection, path: PathBuf, stats: Arc<Stats>) {
    let stats = Arc::downgrade(&stats);
    let wal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        loop {
            tick.tick().await;
            let Some(stats) = stats.upgrade() else { break };
            let bytes = std::fs::metadata(&wal).map_or(0, |m| m.len());
            stats.wal_bytes.store(bytes, Relaxed);
            if bytes > 0
                && let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut conn).await
            {
                let error = Error::Sql(error);
                die_if_flush_failed(&error);
                tracing::warn!(error = %error, "a checkpoint failed");
            }
        }
        let _ = conn.close().await;
    });
}
