//! Opens an engine safely, and provides readers.

use std::{
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use domain::{
    effect::Effect,
    id::TenantId,
    time::{Clock, Ts},
};
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Postgres, SqlSafeStr as _, SqlStr, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions, PgTransactionManager},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use sqlx_core::transaction::TransactionManager as _;

use crate::{
    Conn, Error, Result, Tx,
    feed::Tail,
    migrations::{Migrations, migrate},
    row_security,
    tx::{Held, Owned},
    writer::{self, Checkpoints, Stats, Writer},
};

/// The oldest SQLite without the WAL-reset corruption (sqlite.org, changes of 3.51.3).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// The page cache of SQLite's writer, as a negative number of KiB: it holds the inner pages of the indexes that every append goes through. Derived data has fewer.
const WRITER_CACHE: &str = "-32768";
const WRITER_CACHE_OF_DERIVED: &str = "-8192";
/// How many rows SQLite's thread may be ahead of whoever reads them: with few, the two wait for each other again and again.
const ROWS_AHEAD: usize = 1_024;
/// The session settings for PostgreSQL: a node that was cut off must not hold its locks for the hours that TCP would wait.
const SESSION: [(&str, &str); 5] = [
    ("idle_in_transaction_session_timeout", "15000"),
    ("tcp_user_timeout", "15000"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "2"),
];
/// A reader that was kept for longer than this is not reused.
const READER_LIFE: Duration = Duration::from_secs(5);
/// The most readers on PostgreSQL.
const READERS: u32 = 8;
/// The most readers of derived data on PostgreSQL.
const READERS_OF_DERIVED: u32 = 4;
/// The number of writers on PostgreSQL, one for each shard.
const POSTGRES_WRITERS: usize = 4;
/// The number of additional writers for writes that belong to no conversation: chat does not wait behind them, nor for the rows they lock.
const POSTGRES_WRITERS_ASIDE: usize = 2;

/// Where the record is stored.
#[derive(Debug, Clone)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite(SqliteFiles),
    /// A PostgreSQL database.
    Postgres {
        /// The database URL `postgres://…`.
        url: String,
        /// The schema to use.
        schema: Schema,
    },
}

/// A schema in a PostgreSQL database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// The record's.
    Record(&'static str),
    /// One of derived data, of which there may be several beside the record: it is written by one connection and read by few.
    Derived(String),
}

impl Schema {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Record(name) => name,
            Self::Derived(name) => name,
        }
    }
    /// The most readers, the writers, and how many of these are for writes that belong to no conversation.
    const fn connections(&self) -> (u32, usize, usize) {
        match self {
            Self::Record(_) => (READERS, POSTGRES_WRITERS + POSTGRES_WRITERS_ASIDE, POSTGRES_WRITERS_ASIDE),
            Self::Derived(_) => (READERS_OF_DERIVED, 1, 0),
        }
    }
}

impl Engine {
    /// The record in the PostgreSQL database with this URL.
    pub fn record_in(url: impl Into<String>) -> Self {
        Self::Postgres { url: url.into(), schema: Schema::Record("yingda") }
    }

    /// Whether the database is a file that one program has for itself; other databases may be shared by several programs.
    pub const fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// The file of an embedded database.
#[derive(Debug, Clone)]
pub struct SqliteFiles {
    /// The path of the database file.
    pub path: PathBuf,
    /// Whether a commit is on disk before it is acknowledged: required for the record, not needed for data that can be rebuilt.
    pub durable: bool,
}

/// The configuration for opening a database.
pub struct Config {
    /// The engine.
    pub engine: Engine,
    /// The steps of the schema.
    pub migrations: Migrations,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Called with the effects of each commit, in commit order, after the commit is durable.
    pub on_commit: Arc<dyn Fn(Vec<Effect>) + Send + Sync>,
}

/// An open database: readers, and the writer with its two lanes. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    writer: Writer,
    tail: Tail,
    clock: Arc<dyn Clock>,
    statements: Arc<AtomicU64>,
    engine: Engine,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool, Checkpoints),
    /// And whether rows are kept apart by company.
    Postgres(PgPool, bool),
}

impl Db {
    /// Opens the engine, refuses one that could lose acknowledged data, runs the migrations, and starts the writer.
    pub async fn open(config: Config) -> Result<Self> {
        let Config { engine, migrations, clock, on_commit } = config;
        let statements = Arc::<AtomicU64>::default();
        let opened = engine.clone();
        match engine {
            Engine::Sqlite(files) => {
                let options = sqlite_options(&files);
                let mut conn = options.clone().pragma("cache_size", if files.durable { WRITER_CACHE } else { WRITER_CACHE_OF_DERIVED }).connect().await?;
                check_sqlite(&mut conn).await?;
                migrate(migrations.sqlite, &mut conn).await?;
                let pool =
                    SqlitePoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(5)).connect_with(options.clone().read_only(true)).await?;
                let checkpointer = options.connect().await?;
                let tx = Tx::new(Conn::Sqlite(Box::new(Owned(conn))), clock.now()).counted(&statements);
                let writer = writer::start(vec![tx], 0, None, clock.clone(), on_commit);
                let checkpoints = writer::keep_log_short(checkpointer, files.path, writer.stats());
                Ok(Self { pool: Pool::Sqlite(pool, checkpoints), writer, tail: Tail::default(), clock, statements, engine: opened })
            }
            Engine::Postgres { url, schema } => {
                let (readers, writers, aside) = schema.connections();
                let schema = schema.name();
                let options = postgres_options(&url, schema)?;
                let mut conn = PgConnection::connect_with(&options).await?;
                check_postgres(&mut conn).await?;
                create_schema(&mut conn, schema).await?;
                migrate(migrations.postgres, &mut conn).await?;
                let rows_apart = row_security::arrange(&mut conn, schema).await?;
                let pool = PgPoolOptions::new().max_connections(readers).acquire_timeout(Duration::from_secs(5)).connect_with(options.clone()).await?;
                let mut shards = vec![Tx::new(Conn::Postgres(Box::new(Owned(conn))), clock.now()).counted(&statements)];
                for _ in 1..writers {
                    let conn = PgConnection::connect_with(&options).await?;
                    shards.push(Tx::new(Conn::Postgres(Box::new(Owned(conn))), clock.now()).counted(&statements));
                }
                let writer = writer::start(shards, aside, Some(options), clock.clone(), on_commit);
                Ok(Self { pool: Pool::Postgres(pool, rows_apart), writer, tail: Tail::default(), clock, statements, engine: opened })
            }
        }
    }

    /// A connection for single reads, each of which sees the latest commit.
    pub async fn read(&self) -> Result<Tx> {
        let conn = match &self.pool {
            Pool::Sqlite(pool, _) => Conn::Sqlite(Box::new(pool.acquire().await?)),
            Pool::Postgres(pool, _) => Conn::Postgres(Box::new(Reader { conn: pool.acquire().await?, since: Instant::now() })),
        };
        Ok(Tx::new(conn, self.clock.now()).counted(&self.statements))
    }

    /// The same for what belongs to one company: on a PostgreSQL that keeps rows apart, no row of another company is seen.
    pub async fn read_of(&self, tenant: TenantId) -> Result<Tx> {
        match &self.pool {
            Pool::Postgres(pool, true) => self.begin(pool, row_security::begin_for(tenant, "READ COMMITTED")).await,
            _ => self.read().await,
        }
    }

    /// The same as [`Db::snapshot`] for what belongs to one company: on a PostgreSQL that keeps rows apart, no row of another company is seen.
    pub async fn snapshot_of(&self, tenant: TenantId) -> Result<Tx> {
        match &self.pool {
            Pool::Postgres(pool, true) => self.begin(pool, row_security::begin_for(tenant, "REPEATABLE READ")).await,
            _ => self.snapshot().await,
        }
    }

    /// A reader in a transaction that begins with this.
    async fn begin(&self, pool: &PgPool, statement: SqlStr) -> Result<Tx> {
        let mut reader = Reader { conn: pool.acquire().await?, since: Instant::now() };
        if let Err(error) = PgTransactionManager::begin(&mut reader, Some(statement)).await {
            // It may be within a transaction that failed.
            reader.conn.close_on_drop();
            return Err(error.into());
        }
        Ok(Tx::new(Conn::Postgres(Box::new(reader)), self.clock.now()).counted(&self.statements))
    }

    /// Whether the database itself keeps apart what is read for different companies. SQLite cannot; a PostgreSQL has to permit it.
    pub const fn keeps_rows_apart(&self) -> bool {
        matches!(self.pool, Pool::Postgres(_, true))
    }

    /// A connection whose reads all see the same state. Keep it short: it holds back SQLite's checkpoints.
    pub async fn snapshot(&self) -> Result<Tx> {
        let conn = match &self.pool {
            Pool::Sqlite(pool, _) => Conn::Sqlite(Box::new(pool.begin().await?)),
            Pool::Postgres(pool, _) => return self.begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".into_sql_str()).await,
        };
        Ok(Tx::new(conn, self.clock.now()).counted(&self.statements))
    }

    /// A transaction outside the writers and their limits, for work that has to be done before anybody is served. It has to be ended with [`Tx::commit`],
    /// otherwise it is rolled back. `None` on SQLite.
    pub async fn maintain(&self) -> Result<Option<Tx>> {
        let Pool::Postgres(pool, _) = &self.pool else { return Ok(None) };
        Ok(Some(Tx::new(Conn::Postgres(Box::new(pool.begin().await?)), self.clock.now()).counted(&self.statements)))
    }

    /// Has SQLite's log written back and emptied: after that, none of its files contains what was overwritten or deleted before. Returns whether that succeeded
    /// because nobody was reading; there is nothing to do on PostgreSQL.
    pub async fn empty_log(&self) -> Result<bool> {
        empty_log(&self.engine).await
    }

    /// The number of statements that were run through it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Relaxed)
    }

    /// The write path.
    pub const fn writer(&self) -> &Writer {
        &self.writer
    }

    /// What is kept of the feed in memory.
    pub(crate) const fn tail(&self) -> &Tail {
        &self.tail
    }

    /// What the writer has done so far.
    pub fn stats(&self) -> Arc<Stats> {
        self.writer.stats()
    }

    /// The name of the engine.
    pub const fn engine(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(..) => "sqlite",
            Pool::Postgres(..) => "postgres",
        }
    }

    /// The time of the injected clock.
    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// Finishes the accepted work, then closes every connection, and returns when they have ended: an embedded database that no other program has open is then
    /// a single file.
    pub async fn close(&self) {
        self.writer.close().await;
        match &self.pool {
            Pool::Sqlite(pool, checkpoints) => {
                pool.close().await;
                checkpoints.close().await;
            }
            Pool::Postgres(pool, _) => pool.close().await,
        }
    }
}

/// Creates a schema unless it exists. One connection at a time: `IF NOT EXISTS` alone fails if two create it at the same moment.
async fn create_schema(conn: &mut PgConnection, schema: &str) -> Result<()> {
    let mut tx = conn.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('create schema ' || $1, 0))").bind(schema).execute(&mut *tx).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {schema}"))).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// A connection for reading a record as it is, without opening it for work: nothing is created or migrated. `None` if there is no such table, or no database at
/// all.
pub async fn look(engine: &Engine, table: &str, now: Ts) -> Result<Option<Tx>> {
    match engine {
        Engine::Sqlite(files) if !files.path.exists() => Ok(None),
        Engine::Sqlite(files) => {
            let options = SqliteConnectOptions::new().filename(&files.path).read_only(true).busy_timeout(Duration::from_secs(5)).disable_statement_logging();
            let mut conn = options.connect().await?;
            let (there,): (i64,) =
                sqlx::query_as("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?").bind(table).fetch_one(&mut conn).await?;
            Ok((there > 0).then(|| Tx::new(Conn::Sqlite(Box::new(Owned(conn))), now)))
        }
        Engine::Postgres { url, schema } => {
            let schema = schema.name();
            let mut conn = PgConnection::connect_with(&postgres_options(url, schema)?).await?;
            let (there,): (bool,) = sqlx::query_as("SELECT to_regclass($1) IS NOT NULL").bind(format!("{schema}.{table}")).fetch_one(&mut conn).await?;
            Ok(there.then(|| Tx::new(Conn::Postgres(Box::new(Owned(conn))), now)))
        }
    }
}

/// Writes SQLite's log back and empties it: after that, none of its files contains what was overwritten or deleted. Returns whether that succeeded because no
/// other connection was in the way; there is nothing to do on PostgreSQL.
pub async fn empty_log(engine: &Engine) -> Result<bool> {
    let Engine::Sqlite(files) = engine else { return Ok(true) };
    let mut conn = sqlite_options(files).create_if_missing(false).connect().await?;
    let (in_the_way, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok(in_the_way == 0)
}

/// A connection on loan for reading. One that was kept for too long most likely hangs: it is closed, so that nobody waits for an answer that never comes.
struct Reader {
    conn: PoolConnection<Postgres>,
    since: Instant,
}

impl Deref for Reader {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.conn
    }
}
impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.conn
    }
}
impl Held<PgConnection> for Reader {}
impl Drop for Reader {
    fn drop(&mut self) {
        if self.since.elapsed() > READER_LIFE {
            self.conn.close_on_drop();
        } else {
            PgTransactionManager::start_rollback(&mut self.conn);
        }
    }
}

fn sqlite_options(files: &SqliteFiles) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(Path::new(&files.path))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if files.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Normal })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", writer::LONG_LOG.to_string())
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

fn postgres_options(url: &str, schema: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?.options([("search_path", schema)]).options(SESSION);
    Ok(options.statement_cache_capacity(256).disable_statement_logging())
}

async fn check_sqlite(conn: &mut SqliteConnection) -> Result<()> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(conn).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let found = (next(), next(), next());
    if found < OLDEST_SQLITE {
        return Err(Error::Unsafe(format!("SQLite {version} can corrupt its log; at least 3.51.3 is needed")));
    }
    Ok(())
}

async fn check_postgres(conn: &mut PgConnection) -> Result<()> {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let (value,): (String,) = sqlx::query_as("SELECT current_setting($1)").bind(setting).fetch_one(&mut *conn).await?;
        if value == "off" {
            return Err(Error::Unsafe(format!("PostgreSQL runs with {setting} = off and could lose acknowledged messages; set it to on")));
        }
    }
    let (collation,): (String,) = sqlx::query_as("SELECT datcollate FROM pg_database WHERE datname = current_database()").fetch_one(&mut *conn).await?;
    if !matches!(collation.as_str(), "C" | "C.UTF-8" | "C.utf8" | "POSIX") {
        return Err(Error::Unsafe(format!(
            "the database sorts text by {collation}; create it with: CREATE DATABASE yingda TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        )));
    }
    Ok(())
}
