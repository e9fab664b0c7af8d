//! Engine plumbing: one SQL text on SQLite and PostgreSQL, one write path with two lanes, and the journal's tables. No other table is known here.
//!
//! - [`Db`]: opens an engine, hands out readers, takes writes
//! - [`Tx`] and the macros [`q!`] and [`row!`]: a statement written once
//! - [`bulk`]: a statement over many rows
//! - [`aside`]: an embedded record that nobody serves, such as a backup
//! - [`journal`]: numbering, the bulk append, pages, heads, marks
//! - [`feed`]: the journal in commit order, for what is derived from it
//! - [`news`]: what other nodes of a cluster committed
//! - [`writer`]: the task that commits; nothing is acknowledged before it is durable

pub mod aside;
pub mod bulk;
pub mod feed;
pub mod journal;
pub mod migrations;
pub mod news;
pub mod open;
pub mod tx;
pub mod writer;

pub use open::{Config, Db, Engine, SqliteFiles, empty_log, look};
pub use tx::{Conn, Tx};
pub use writer::{Append, Reply, Shard, Stats};

/// Why a statement, transaction or write did not go through.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine said no.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// Too much is waiting, or it took too long; nothing was changed, the same may be tried again.
    #[error("the database is busy")]
    Busy,
    /// The database does not answer; whether the last commit went through is not known.
    #[error("the database does not answer")]
    Silent,
    /// The engine is set up so that it could lose what it acknowledged, or is too old.
    #[error("{0}")]
    Unsafe(String),
    /// A closure panicked; its changes were rolled back.
    #[error("a write panicked")]
    Panicked,
    /// A stored value has a form this program does not know.
    #[error("stored value of unknown form: {0}")]
    Corrupt(String),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A file could not be opened.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Whether the engine cannot be reached, is busy or refuses all work for now: nothing was changed, and the same may be tried again.
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

/// Declares a struct that a row of either engine is read into, column by column, by name.
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
