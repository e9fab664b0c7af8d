//! What an engine's error means for a write: retry it, never retry it, or retry it later.

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
        // Only PostgreSQL returns these codes.
        sqlx::Error::Database(e) => e.code().is_some_and(|code| matches!(&*code, "40001" | "40P01" | "25P02")) || connection_lost(sql),
        _ => connection_lost(sql),
    }
}

/// The engine refuses the values themselves; a retry changes nothing.
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

/// The disk is full or accepts no writes: nothing of the batch can be stored, and the engine may recover by itself later.
pub(super) fn storage_refuses(error: &Error) -> bool {
    let Error::Sql(sqlx::Error::Database(e)) = error else { return false };
    e.code().is_some_and(|code| match code.len() {
        5 => POSTGRES_STORAGE.iter().any(|class| code.starts_with(class)),
        // The lowest byte of an extended code is the primary one.
        _ => code.parse::<u32>().is_ok_and(|code| SQLITE_STORAGE.contains(&(code & 0xFF))),
    })
}

/// SQLite has no space left on the disk.
pub(super) fn is_full(error: &Error) -> bool {
    matches!(error, Error::Sql(sqlx::Error::Database(e)) if e.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xFF == SQLITE_FULL))
}

/// The engine is unreachable, or refuses all work: nothing was changed, and the same may be tried again.
pub(crate) fn is_away(error: &Error) -> bool {
    matches!(error, Error::Sql(sqlx::Error::PoolTimedOut)) || retryable(error) || storage_refuses(error)
}

/// Insufficient resources, system error, read-only (PostgreSQL, appendix A).
const POSTGRES_STORAGE: [&str; 3] = ["53", "58", "25006"];
/// SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL (sqlite.org/rescode.html).
const SQLITE_STORAGE: [u32; 3] = [8, 10, SQLITE_FULL];
const SQLITE_FULL: u32 = 13;
/// SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC.
const FLUSH_FAILED: [&str; 2] = ["1034", "1290"];
/// The exit status of the program if the disk does not flush: EX_IOERR of sysexits.h.
const EX_IOERR: i32 = 74;

/// After a failed flush, nobody knows what is on the disk: the kernel may have dropped the pages and report the next flush as a success. So nothing is retried;
/// the program exits, and its supervisor restarts it with what the disk really holds. (PostgreSQL does the same by itself.)
pub(crate) fn die_if_flush_failed(error: &Error) {
    if let Error::Sql(sqlx::Error::Database(e)) = error
        && e.code().is_some_and(|code| FLUSH_FAILED.contains(&&*code))
    {
        tracing::error!(error = %error, "the disk did not flush; the program ends and has to be started again");
        std::process::exit(EX_IOERR);
    }
}

pub(super) fn report_panic(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = said.as_deref().unwrap_or("?"), "a write panicked");
    Error::Panicked
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn an_engine_that_cannot_be_reached_is_away_and_a_wrong_statement_is_not() {
        let gone = || sqlx::Error::Io(io::ErrorKind::ConnectionRefused.into());
        for away in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed, gone()] {
            assert!(Error::Sql(away).is_away());
        }
        assert!(Error::Busy.is_away());
        for wrong in [sqlx::Error::RowNotFound, sqlx::Error::ColumnNotFound("x".to_owned())] {
            assert!(!Error::Sql(wrong).is_away());
        }
        assert!(!Error::Panicked.is_away());
    }
}
