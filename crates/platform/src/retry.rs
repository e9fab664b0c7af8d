//! Retries writes while the database is busy.

use std::time::Duration;

/// How many attempts are made. Used while the program starts: on a machine that is still booting the database may be slow.
const START_ATTEMPTS: u32 = 20;

/// Performs a write, and retries it after a moment while the database is busy.
pub async fn while_busy<T, F: Future<Output = store::Result<T>>>(mut write: impl FnMut() -> F) -> store::Result<T> {
    for _ in 1..START_ATTEMPTS {
        match write().await {
            Err(store::Error::Db(db::Error::Busy)) => tokio::time::sleep(Duration::from_millis(250)).await,
            other => return other,
        }
    }
    write().await
}
