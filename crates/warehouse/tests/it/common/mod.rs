//! Shared parts of this crate's tests: places on both engines, facts, an oracle.

pub mod oracle;
pub mod traffic;

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use db::{Config, Db, Engine, SqliteFiles, q};
use domain::{
    id::TenantId,
    time::{Clock, Ts},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqlSafeStr as _};
use uuid::Uuid;
use warehouse::{Panel, Place, TimeZone, Zones, panel::MIGRATIONS};

pub const HISTORY: Uuid = Uuid::from_u128(77);

struct Still;
impl Clock for Still {
    fn now(&self) -> Ts {
        Ts(1)
    }
}

pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

pub fn zones() -> Arc<Zones> {
    Arc::new(Zones { default: shanghai(), by_tenant: HashMap::new() })
}

pub async fn open(place: &Place) -> Panel {
    Panel::open(place.clone(), HISTORY, Arc::new(Still)).await.unwrap()
}

/// Parses a timestamp in text form.
pub fn at(text: &str) -> Ts {
    Ts(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// The address of the PostgreSQL that the test command started; `None` if it did not start one.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where PostgreSQL is, here and nowhere else")]
fn postgres() -> Option<String> {
    std::env::var("YINGDA_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Runs a test on a fresh SQLite file, and on a fresh PostgreSQL database if there is a server.
pub async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    let folder = tempfile::tempdir().unwrap();
    test(Place::File(folder.path().join("panel.db"))).await;
    let Some(server) = postgres() else { return };
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = format!("warehouse_{}_{}", std::process::id(), NUMBER.fetch_add(1, Relaxed));
    let mut admin = PgConnection::connect(&server).await.unwrap();
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    sqlx::query(AssertSqlSafe(create).into_sql_str()).execute(&mut admin).await.unwrap();
    let (base, options) = server.split_once('?').map_or((server.as_str(), String::new()), |(base, options)| (base, format!("?{options}")));
    let root = base.match_indices('/').nth(2).map_or(base, |(slash, _)| &base[..slash]);
    test(Place::Postgres(format!("{root}/{name}{options}"))).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(AssertSqlSafe(drop).into_sql_str()).execute(&mut admin).await.unwrap();
}

/// All rows as text, except minutes that count nothing: equal stores have equal dumps.
pub async fn dump(place: &Place) -> BTreeMap<&'static str, Vec<String>> {
    let engine = match place.clone() {
        Place::File(path) => Engine::Sqlite(SqliteFiles { path, durable: false }),
        Place::Postgres(url) => Engine::Postgres { url, schema: "yingda_panel" },
    };
    let db = Db::open(Config { engine, migrations: MIGRATIONS, clock: Arc::new(Still), on_commit: Arc::new(|_| ()) }).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let mut tables = BTreeMap::new();
    for (table, columns) in [
        ("dwd_dialogue", "conversation_id, seq, episode, kind, day_key, lang, goods, outcome, intent, at, answer_seq"),
        ("dwd_session", "conversation_id, episode, episode, began_with, day_key, lang, goods, channel, site, created_at, first_turn_at"),
        ("dwd_session", "conversation_id, episode, episode, began_with, day_key, lang, goods, channel, queue, first_request_at, first_rated_at"),
        ("dwd_session", "conversation_id, episode, episode, began_with, day_key, lang, goods, channel, channel, rated_seq, score"),
        ("dwd_session", "conversation_id, episode, episode, began_with, day_key, lang, goods, channel, wait_end, wait_ended_at, wait_ms"),
    ] {
        type Row = (Uuid, i64, i64, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, Option<i64>, Option<i64>);
        let sql = format!("SELECT {columns} FROM {table} ORDER BY tenant_id, conversation_id, 2");
        let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
        tables.entry(table).or_insert_with(Vec::new).extend(rows.iter().map(|row| format!("{row:?}")));
    }
    let minutes: Vec<(Uuid, i64, String, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, minute, indicator, value FROM dws_minute WHERE value <> 0 ORDER BY tenant_id, minute, indicator")
            .fetch_all(c)
            .await)
        .unwrap();
    tables.insert("dws_minute", minutes.iter().map(|row| format!("{row:?}")).collect());
    let quarters: Vec<(Uuid, i64, String, i64)> =
        q!(tx, |c| sqlx::query_as("SELECT tenant_id, quarter, indicator, value FROM dws_quarter WHERE value <> 0 ORDER BY tenant_id, quarter, indicator")
            .fetch_all(c)
            .await)
        .unwrap();
    let mut summed = BTreeMap::new();
    for (tenant, minute, indicator, value) in minutes {
        *summed.entry((tenant, minute - minute.rem_euclid(900_000), indicator)).or_insert(0) += value;
    }
    summed.retain(|_, value| *value != 0);
    assert_eq!(
        quarters,
        summed.into_iter().map(|((tenant, quarter, indicator), value)| (tenant, quarter, indicator, value)).collect::<Vec<_>>(),
        "a quarter is a sum of minutes"
    );
    tables.insert("dws_quarter", quarters.iter().map(|row| format!("{row:?}")).collect());
    drop(tx);
    db.close().await;
    tables
}

/// Two companies; all traffic of a test belongs to them.
pub fn tenants() -> [TenantId; 2] {
    [traffic::tenant(11), traffic::tenant(12)]
}
