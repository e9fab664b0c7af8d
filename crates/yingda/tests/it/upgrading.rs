//! Upgrades that are killed: `migrate` ends at any point by SIGKILL, goes on when it is started again, and leaves what an undisturbed upgrade leaves, row by row.
//!
//! They begin with what version 0.2.0 wrote (`crates/server/fixtures`). Where each is killed is chosen by a seed, which a failure shows. The environment sets
//! `UPGRADE_KILLS`, the number of kills on each engine, and `UPGRADE_SEED`, to repeat a run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use testkit::database::{PostgresDatabase, fresh_postgres};

use crate::{
    backup::{done, path},
    program::{Ending, Serving, start},
};

/// The number of kills if the environment does not say it.
const KILLS: u64 = 5;

/// A setting of this test from the environment.
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says how much is tried")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Numbers that follow from a seed (splitmix64).
struct Random(u64);

impl Random {
    fn new() -> Self {
        let seed = setting("UPGRADE_SEED").unwrap_or_else(|| testkit::ids::uuid().as_u64_pair().1);
        println!("UPGRADE_SEED={seed}");
        Self(seed)
    }
    /// A number from 0 to `below` - 1.
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }
}

/// What version 0.2.0 left.
fn release() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/fixtures/0.2.0")
}

/// Runs a line of shell with these arguments, which has to succeed.
fn shell(line: &str, arguments: &[&str]) {
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", line]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Everything in a record: each table's rows as text, in an order that follows from them, and its definition.
type Content = BTreeMap<String, Vec<String>>;

async fn sqlite(record: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(record).create_if_missing(true).foreign_keys(false).disable_statement_logging().connect().await.unwrap()
}

async fn content_of(record: &Path) -> Content {
    let mut conn = sqlite(record).await;
    let tables: Vec<(String, String)> = sqlx::query_as("SELECT name, COALESCE(sql, '') FROM sqlite_master ORDER BY name").fetch_all(&mut conn).await.unwrap();
    let mut content = Content::new();
    for (table, sql) in tables {
        let columns: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_table_info(?)").bind(&table).fetch_all(&mut conn).await.unwrap();
        let mut rows = vec![sql.clone()];
        if sql.starts_with("CREATE TABLE") {
            let cells: Vec<String> = columns.iter().filter(|(name,)| is_compared(&table, name)).map(|(name,)| format!("quote(\"{name}\")")).collect();
            let select = format!("SELECT {} AS cells FROM \"{table}\" ORDER BY cells", cells.join(" || ',' || "));
            let found: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(select)).fetch_all(&mut conn).await.unwrap();
            rows.extend(found.into_iter().map(|(cells,)| cells));
        }
        content.insert(table, rows);
    }
    conn.close().await.unwrap();
    content
}

async fn content_at(url: &str) -> Content {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, concat_ws(' ', column_name, data_type, is_nullable, column_default)
           FROM information_schema.columns WHERE table_schema = 'yingda' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut content = Content::new();
    for (table, _, definition) in &columns {
        content.entry(table.clone()).or_default().push(definition.clone());
    }
    for (table, rows) in &mut content {
        let of = columns.iter().filter(|(of, name, _)| of == table && is_compared(table, name));
        let cells: Vec<String> = of.map(|(_, name, _)| format!("\"{name}\"")).collect();
        let select = format!("SELECT ROW({})::text AS cells FROM yingda.\"{table}\" ORDER BY cells", cells.join(", "));
        let found: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(select)).fetch_all(&mut conn).await.unwrap();
        rows.extend(found.into_iter().map(|(cells,)| cells));
    }
    content
}

/// When a step was applied, and how long it took, differs.
fn is_compared(table: &str, column: &str) -> bool {
    table != "_sqlx_migrations" || !["installed_on", "execution_time"].contains(&column)
}

fn assert_same(content: &Content, undisturbed: &Content, told: &str) {
    assert_eq!(content.keys().collect::<Vec<_>>(), undisturbed.keys().collect::<Vec<_>>(), "{told}");
    for (table, rows) in undisturbed {
        let differs = rows.iter().zip(&content[table]).find(|(one, other)| one != other);
        assert!(content[table] == *rows, "{table}, {told}: {} rows instead of {}, {differs:?}", content[table].len(), rows.len());
    }
}

/// A data folder as version 0.2.0 left it.
async fn data_folder(to: &Path) {
    fs::create_dir(to).unwrap();
    shell(r#"tar -xJf "$0" -C "$1""#, &[path(&release().join("data.tar.xz")), path(to)]);
    let sql = fs::read_to_string(to.join("record.sql")).unwrap();
    fs::remove_file(to.join("record.sql")).unwrap();
    let mut conn = sqlite(&to.join("yingda.db")).await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    shell(r#"cp -R "$0" "$1""#, &[path(from), path(to)]);
}

/// The length of SQLite's log.
fn log_bytes(data: &Path) -> u64 {
    fs::metadata(data.join("yingda.db-wal")).map_or(0, |log| log.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_on_sqlite_that_is_killed_goes_on_to_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let [old, undisturbed, killed] = ["old", "undisturbed", "killed"].map(|name| folder.path().join(name));
    data_folder(&old).await;
    copy(&old, &undisturbed);
    let mut upgrade = start(&["migrate", "--data", path(&undisturbed)]);
    let mut written = 0;
    while upgrade.ended().is_none() {
        written = written.max(log_bytes(&undisturbed));
        tokio::task::yield_now().await;
    }
    let expected = content_of(&undisturbed.join("yingda.db")).await;
    assert_ne!(content_of(&old.join("yingda.db")).await, expected, "there is something to upgrade");

    let (mut random, kills) = (Random::new(), setting("UPGRADE_KILLS").unwrap_or(KILLS));
    let mut interrupted = 0;
    for n in 0..kills {
        let _ = fs::remove_dir_all(&killed);
        copy(&old, &killed);
        // The first one in its first step, and each of the others further on.
        let at = (written * n + random.below(written)) / kills;
        let mut upgrade = start(&["migrate", "--data", path(&killed)]);
        while log_bytes(&killed) <= at && upgrade.ended().is_none() {
            tokio::task::yield_now().await;
        }
        interrupted += u64::from(upgrade.kill().await == Ending::Killed);
        done(&["migrate", "--data", path(&killed), "--json"]).await;
        assert_same(&content_of(&killed.join("yingda.db")).await, &expected, &format!("killed after {at} of {written} bytes"));
    }
    assert!(interrupted * 2 > kills, "{interrupted} of {kills} were killed before their end");
    let serving = Serving::start(&killed, &[]).await;
    serving.client.get("/healthz").await.expect(200);
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
}

/// A database as version 0.2.0 left it.
async fn database() -> Option<PostgresDatabase> {
    let database = fresh_postgres().await?;
    let line = r#"bin="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)"; xz -dc "$0" | "$bin/psql" -q -v ON_ERROR_STOP=1 "$1""#;
    shell(line, &[path(&release().join("postgres.sql.xz")), database.url()]);
    Some(database)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_on_postgresql_that_is_killed_goes_on_to_the_same_record() {
    let Some(undisturbed) = database().await else { return };
    let upgraded: Value = done(&["migrate", "--database-url", undisturbed.url(), "--json"]).await;
    let taken = upgraded["taken"].as_array().unwrap().len() as u64;
    let expected = content_at(undisturbed.url()).await;
    undisturbed.drop_it().await;

    // A killed program leaves its transaction to the database, so that it matters less where it is killed than on SQLite.
    let (mut random, kills) = (Random::new(), setting("UPGRADE_KILLS").unwrap_or(KILLS.min(2)));
    for n in 0..kills {
        let killed = database().await.unwrap();
        let mut conn = PgConnection::connect(killed.url()).await.unwrap();
        let taken_so_far = async |conn: &mut PgConnection| -> u64 {
            let (steps,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM yingda._sqlx_migrations").fetch_one(conn).await.unwrap();
            steps.unsigned_abs()
        };
        let at = taken_so_far(&mut conn).await + (taken * n + random.below(taken)) / kills;
        let mut upgrade = start(&["migrate", "--database-url", killed.url()]);
        while upgrade.ended().is_none() && taken_so_far(&mut conn).await < at {}
        upgrade.kill().await;
        done(&["migrate", "--database-url", killed.url(), "--json"]).await;
        assert_same(&content_at(killed.url()).await, &expected, &format!("killed at step {at}"));
        killed.drop_it().await;
    }
}
