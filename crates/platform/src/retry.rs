//! Retries writes while the database is busy, and the emptying of logs while somebody reads.

use std::{fmt::Display, time::Duration};

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

/// How often emptying the log of an embedded database is tried, and the time between tries: a checkpoint or a reader is in the way for moments only.
const LOG_ATTEMPTS: u32 = 60;
const BETWEEN_LOG_ATTEMPTS: Duration = Duration::from_millis(50);

/// Has the logs of embedded databases emptied, which still contain what was deleted or overwritten, until `empty` returns that nothing was in the way. Returns
/// whether it did.
pub async fn until_empty<E: Display, F: Future<Output = Result<bool, E>>>(mut empty: impl FnMut() -> F) -> bool {
    for attempt in 0..LOG_ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(BETWEEN_LOG_ATTEMPTS).await;
        }
        match empty().await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(error) => tracing::debug!(error = %error, "the log could not be emptied"),
        }
    }
    false
}
