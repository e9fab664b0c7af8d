//! Backups of the installation that were made or failed.

use db::{Db, Shard, q, row};
use domain::time::{DAY, Ts};
use uuid::Uuid;

use crate::Result;

/// For how long it is kept that a backup was made or failed.
const KEPT_MS: i64 = 365 * DAY;

/// A backup that was made or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedBackup {
    /// When it was begun: it has everything that was acknowledged before.
    pub begun_at: Ts,
    /// When it was complete, or failed.
    pub ended_at: Ts,
    /// The path of its folder, on the node that made it.
    pub place: String,
    /// How many bytes of the record and of files it has.
    pub bytes: i64,
    /// Whether it is sealed under a passphrase.
    pub is_sealed: bool,
    /// Why it failed, in English; `None` if it did not.
    pub failure: Option<String>,
}

row! {
    struct BackupRow { begun_at: i64, ended_at: i64, place: String, bytes: i64, is_sealed: i64, failure: Option<String> }
}

impl From<BackupRow> for NotedBackup {
    fn from(row: BackupRow) -> Self {
        let BackupRow { begun_at, ended_at, place, bytes, is_sealed, failure } = row;
        Self { begun_at: Ts(begun_at), ended_at: Ts(ended_at), place, bytes, is_sealed: is_sealed != 0, failure }
    }
}

/// Notes a backup; what is older than a year is forgotten.
pub async fn note_backup(db: &Db, id: Uuid, backup: NotedBackup) -> Result<()> {
    let writing = db.writer().write_patiently(Shard::Any, move |tx| {
        let NotedBackup { begun_at, ended_at, place, bytes, is_sealed, failure } = backup.clone();
        Box::pin(async move {
            let before = ended_at.0 - KEPT_MS;
            q!(tx, |c| sqlx::query("DELETE FROM backups WHERE ended_at < $1").bind(before).execute(c).await.map(drop))?;
            q!(tx, |c| sqlx::query(
                "INSERT INTO backups (id, begun_at, ended_at, place, bytes, is_sealed, failure) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (id) DO NOTHING"
            )
            .bind(id)
            .bind(begun_at.0)
            .bind(ended_at.0)
            .bind(&place)
            .bind(bytes)
            .bind(i64::from(is_sealed))
            .bind(&failure)
            .execute(c)
            .await
            .map(drop))?;
            Ok::<_, crate::Error>(())
        })
    });
    writing.await
}

/// The last backup that was made, and the last one that failed since; `None` if there is none.
pub async fn last_backups(db: &Db) -> Result<(Option<NotedBackup>, Option<NotedBackup>)> {
    let mut tx = db.read().await?;
    let good: Option<BackupRow> = q!(tx, |c| sqlx::query_as(
        "SELECT begun_at, ended_at, place, bytes, is_sealed, failure FROM backups WHERE failure IS NULL ORDER BY ended_at DESC, id DESC LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    let after = good.as_ref().map_or(0, |good| good.ended_at);
    let failed: Option<BackupRow> = q!(tx, |c| sqlx::query_as(
        "SELECT begun_at, ended_at, place, bytes, is_sealed, failure FROM backups WHERE failure IS NOT NULL AND ended_at > $1
         ORDER BY ended_at DESC, id DESC LIMIT 1"
    )
    .bind(after)
    .fetch_optional(c)
    .await)?;
    Ok((good.map(NotedBackup::from), failed.map(NotedBackup::from)))
}
