//! What an engine's error means for a write: again, never, or not now.

use std::any::Any;

use crate::Error;

/// Marks an error after which the whole batch is run again.
pub(super) const RETRY: &str = "serialization failure";

pub(super) fn connection_lost(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed)
        || error.as_database_error().and_then(|e| e.code()).is_some_and(|code| code.starts_with("57P0") || code.starts_with("08"))
}

pub(super) fn retryable(error: &Error) -> bool {
    let Error::Sql(sql) = error else { return false };
    match sql {
        sqlx::Error::Protocol(text) => text == RETRY,
        // Only PostgreSQL gives these codes.
        sqlx::Error::Database(e) => e.code().is_some_and(|code| matches!(&*code, "40001" | "40P01" | "25P02")) || connection_lost(sql),
        _ => connection_lost(sql),
    }
}

/// The engine refuses the values themselves; trying again changes nothing.
pub(super) fn is_data(error: &Error) -> bool {
    let Error::Sql(sql) = error else { return false };
    match sql {
        sqlx::Error::Encode(_) => true,
        sqlx::Error::Database(e) => {
            let by_code = e.code().is_some_and(|code| code.starts_with("22"));
            by_code
                || matches!(e.kind(), sqlx::error::ErrorKind::CheckViolation | sqlx::error::ErrorKind::NotNullViolation)
                || e.code().is_some_and(|code| code == "1811")
        }
        _ => false,
    }
}

pub(super) fn panicked(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = said.as_deref().unwrap_or("?"), "a write panicked");
    Error::Panicked
}
