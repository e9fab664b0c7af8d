//! Database access: one SQL text for SQLite and PostgreSQL, one write path with two lanes, and the tables of the journal. This crate knows no other tables.
//!
//! - [`Db`]: opens an engine, provides readers, accepts writes
//! - [`Tx`] and the macros [`q!`] and [`row!`]: a statement written once for both engines
//! - [`bulk`]: a statement over many rows
//! - [`cells`]: rows of any table, for copying
//! - [`aside`]: an embedded record that no program serves, such as a backup
//! - [`journal`]: numbering, the bulk append, pages, heads, marks
//! - [`feed`]: the journal in commit order, for derived data
//! - [`news`]: what other nodes of a cluster committed
//! - `row_security`: on PostgreSQL, what is read for one company is apart from what belongs to others
//! - [`writer`]: the task that commits; nothing is acknowledged before it is durable

pub mod aside;
pub mod bulk;
pub mod cells;
pub mod feed;
pub mod journal;
pub mod migrations;
pub mod news;
pub mod open;
mod row_security;
pub mod tx;
pub mod writer;

pub use open::{Config, Db, Engine, Schema, SqliteFiles, empty_log, look};
pub use tx::{Conn, Tx};
pub use writer::{Append, Reply, Shard, Stats};

/// Why a statement, transaction or write failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine reported an error.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// Too much is waiting, or it took too long; nothing was changed, and the same may be tried again.
    #[error("the database is busy")]
    Busy,
    /// The database does not respond; it is not known whether the last commit succeeded.
    #[error("the database does not answer")]
    Silent,
    /// The engine is configured so that it could lose acknowledged data, or is too old.
    #[error("{0}")]
    Unsafe(String),
    /// A closure panicked; its changes were rolled back.
    #[error("a write panicked")]
    Panicked,
    /// A stored value has a form that this program does not know.
    #[error("stored value of unknown form: {0}")]
    Corrupt(String),
    /// The schema could not be migrated.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A file could not be opened.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Whether the engine is unreachable, busy or refusing all work at the moment: nothing was changed, and the same may be tried again.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Busy) || writer::is_away(self)
    }
}

/// The result of database work.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs one statement, written once, on whichever engine the transaction is on. The expression is compiled for both.
#[macro_export]
macro_rules! q {
    ($tx:expr, |$c:ident| $body:expr) => {
        match $tx.conn() {
            $crate::Conn::Sqlite(conn) => {
                let $c = &mut ***conn;
                $body
            }
            $crate::Conn::Postgres(conn) => {
                let $c = &mut ***conn;
                $body
            }
        }
    };
}

/// Declares a struct for rows of either engine, which are read column by column, by name.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* }
        impl<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &'r sqlx::sqlite::SqliteRow) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self { $($field: row.try_get(stringify!($field))?),* })
            }
        }
        impl<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> for $name {
            fn from_row(row: &'r sqlx::postgres::PgRow) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self { $($field: row.try_get(stringify!($field))?),* })
            }
        }
    };
}
