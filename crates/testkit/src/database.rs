//! A fresh record per test, on either engine.

use std::{
    future::Future,
    ops::Deref,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use db::{Config, Db, Engine, SqliteFiles};
use domain::effect::Effect;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::{Must, TestClock, ids};

/// The address of PostgreSQL, if the test command started one: `postgres://user@host:port/database`, with a user that may create databases.
#[expect(clippy::disallowed_methods, reason = "the one place where tests learn of PostgreSQL")]
pub fn postgres_url() -> Option<String> {
    std::env::var("YINGDA_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// An open record that belongs to one test.
pub struct TestDb {
    db: Db,
    /// The clock of the record.
    pub clock: TestClock,
    effects: Arc<Mutex<Vec<Effect>>>,
    database: Option<PostgresDatabase>,
    folder: Option<TempDir>,
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl TestDb {
    async fn open(engine: Engine, database: Option<PostgresDatabase>, folder: Option<TempDir>) -> Self {
        let (clock, effects) = (TestClock::default(), Arc::new(Mutex::new(Vec::new())));
        let told = effects.clone();
        let on_commit = Arc::new(move |new: Vec<Effect>| told.lock().unwrap_or_else(PoisonError::into_inner).extend(new));
        let config = Config { engine, migrations: store::schema::MIGRATIONS, clock: Arc::new(clock.clone()), on_commit };
        Self { db: Db::open(config).await.must("the record opens"), clock, effects, database, folder }
    }
    /// A fresh SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().must("a temporary folder");
        let files = SqliteFiles { path: folder.path().join("yingda.db"), durable: true };
        Self::open(Engine::Sqlite(files), None, Some(folder)).await
    }
    /// The length of SQLite's log, in bytes.
    pub fn log_bytes(&self) -> u64 {
        std::fs::metadata(self.path().with_extension("db-wal")).map_or(0, |file| file.len())
    }
    /// The path of SQLite's file.
    pub fn path(&self) -> PathBuf {
        self.folder.as_ref().must("a SQLite file").path().join("yingda.db")
    }
    /// A fresh PostgreSQL database.
    async fn postgres(server: &str) -> Self {
        let database = PostgresDatabase::migrated(server).await;
        Self::open(Engine::record_in(database.url.clone()), Some(database), None).await
    }
    /// The same PostgreSQL database opened a second time, as another node would.
    pub async fn another_node(&self) -> Db {
        let url = self.database.as_ref().must("a PostgreSQL database").url.clone();
        let engine = Engine::record_in(url);
        let config = Config { engine, migrations: store::schema::MIGRATIONS, clock: Arc::new(self.clock.clone()), on_commit: Arc::new(|_| ()) };
        Db::open(config).await.must("the record opens once more")
    }
    /// The URL of the database, on PostgreSQL: for a second connection to it.
    pub fn url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }
    /// A new id.
    pub fn uuid(&self) -> uuid::Uuid {
        ids::uuid()
    }
    /// The effects of commits since the last call.
    pub fn effects(&self) -> Vec<Effect> {
        std::mem::take(&mut self.effects.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A fresh database for a program that the test starts itself; `None` if the test command did not start PostgreSQL.
pub async fn fresh_postgres() -> Option<PostgresDatabase> {
    Some(PostgresDatabase::empty(&postgres_url()?).await)
}

/// A database on the PostgreSQL that the test command started.
pub struct PostgresDatabase {
    server: String,
    name: String,
    url: String,
}

impl PostgresDatabase {
    /// Creates an empty database.
    pub async fn empty(server: &str) -> Self {
        let name = format!("t_{}", ids::uuid().as_simple());
        let mut conn = connect(server).await;
        create(&mut conn, &name, "template0").await;
        Self::at(server, name)
    }
    /// Creates a database with the schema of the record: a copy of one that was migrated once for all tests.
    pub async fn migrated(server: &str) -> Self {
        let name = format!("t_{}", ids::uuid().as_simple());
        let template = TEMPLATE.get_or_init(async || template(server).await).await;
        let mut conn = connect(server).await;
        create(&mut conn, &name, template).await;
        Self::at(server, name)
    }
    fn at(server: &str, name: String) -> Self {
        let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
        Self { server: server.to_owned(), url: format!("{base}/{name}"), name }
    }
    /// The URL of the database.
    pub fn url(&self) -> &str {
        &self.url
    }
    /// Drops the database with everything in it.
    pub async fn drop_it(&self) {
        if let Ok(mut conn) = PgConnection::connect(&self.server).await {
            let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await.must("the database is dropped");
        }
    }
}

/// The name of the database that others are copied from.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

async fn connect(server: &str) -> PgConnection {
    PgConnection::connect(server).await.must("PostgreSQL of YINGDA_TEST_DATABASE_URL")
}

/// Creates a database that sorts by bytes, as the product requires.
async fn create(conn: &mut PgConnection, name: &str, template: &str) {
    let sql = format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
    sqlx::query(AssertSqlSafe(sql)).execute(conn).await.must("a fresh database");
}

/// Finds the database that was migrated with these migrations, or creates it; test programs that start at the same time wait for each other.
async fn template(server: &str) -> String {
    let steps: String = store::schema::MIGRATIONS.postgres.iter().map(|(name, sql)| format!("{name}\n{sql}\n")).collect();
    let name = format!("template_{}", uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, steps.as_bytes()).as_simple());
    let mut conn = connect(server).await;
    sqlx::query("SELECT pg_advisory_lock(7031)").execute(&mut conn).await.must("a lock");
    let found: Option<(i32,)> =
        sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1 AND datallowconn").bind(&name).fetch_optional(&mut conn).await.must("the databases");
    if found.is_none() {
        let made = PostgresDatabase::empty(server).await;
        let engine = Engine::record_in(made.url.clone());
        let config = Config { engine, migrations: store::schema::MIGRATIONS, clock: Arc::new(TestClock::default()), on_commit: Arc::new(|_| ()) };
        Db::open(config).await.must("the record opens").close().await;
        let rename = format!("ALTER DATABASE {} RENAME TO {name}", made.name);
        // The server takes a moment to notice that its last session has ended.
        crate::eventually("nobody is in the template", async || {
            let mut conn = connect(server).await;
            sqlx::query(AssertSqlSafe(rename.clone())).execute(&mut conn).await.ok()
        })
        .await;
    }
    name
}

/// Runs a test on a fresh SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Arc<TestDb>) -> F) {
    let db = Arc::new(TestDb::sqlite().await);
    test(db.clone()).await;
    db.db.close().await;
}

/// Runs a test on a fresh PostgreSQL database; does nothing if the test command did not start PostgreSQL.
pub async fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Arc<TestDb>) -> F) {
    let Some(server) = postgres_url() else { return };
    let db = Arc::new(TestDb::postgres(&server).await);
    test(db.clone()).await;
    db.db.close().await;
    if let Some(database) = &db.database {
        database.drop_it().await;
    }
}

/// Runs each test once on SQLite and once on PostgreSQL; a test is an `async fn name(db: Arc<TestDb>)`.
#[macro_export]
macro_rules! on_every_engine {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                $crate::database::on_sqlite(super::$name).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                $crate::database::on_postgres(super::$name).await;
            })*
        }
    };
}
