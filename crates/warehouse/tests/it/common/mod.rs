//! Shared parts of this crate's tests: places on both engines, facts, an oracle.

pub mod oracle;

use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use db::{Config, Db, Tx, feed::Fact, q};
use domain::{
    dimension::Dimension,
    id::{AgentId, TenantId},
    time::{Clock, Ts},
};
pub use parity::traffic;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqlSafeStr as _};
use uuid::Uuid;
use warehouse::{
    Company, DEFINITIONS, Directory, Editions, Event, Number, Panel, Place, TimeZone, Window,
    definition::column,
    range::{day_of, start_of},
    rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow},
    schema,
    sums::{self, Level},
    tally::Tally,
};

pub const HISTORY: Uuid = Uuid::from_u128(77);

/// A clock that stands still.
pub struct Still;
impl Clock for Still {
    fn now(&self) -> Ts {
        Ts(1)
    }
}

pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

pub fn directory() -> Arc<Directory> {
    Arc::new(directory_of(shanghai()))
}

/// A directory in which both companies have this zone, the agent a group and a department, and one of the goods a category.
pub fn directory_of(zone: TimeZone) -> Directory {
    let company = Company {
        zone,
        groups: HashMap::from([(AgentId::new(Uuid::from_u128(5)), "grp_1".to_owned())]),
        departments: HashMap::from([(AgentId::new(Uuid::from_u128(5)), "dep_1".to_owned())]),
        categories: HashMap::from([("g-001".to_owned(), "phones".to_owned())]),
    };
    let companies = tenants().into_iter().map(|tenant| (tenant, company.clone())).collect();
    Directory { companies, pseudonym: Arc::new(|tenant, customer| format!("{:x}", tenant.uuid().as_u128().wrapping_mul(31) ^ (customer.as_u128() << 7))) }
}

pub async fn open(place: &Place) -> Panel {
    open_edition(place, 1).await
}

pub async fn open_edition(place: &Place, number: i64) -> Panel {
    Panel::open(place, number, HISTORY, Arc::new(Still)).await.unwrap()
}

pub async fn open_editions(place: &Place) -> Editions {
    Editions::open(place.clone(), HISTORY, Arc::new(Still)).await.unwrap()
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
    test(Place::Schema { url: format!("{root}/{name}{options}"), name: "yingda_panel".to_owned() }).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(AssertSqlSafe(drop).into_sql_str()).execute(&mut admin).await.unwrap();
}

/// All rows of the first edition as text: equal stores have equal dumps.
pub async fn dump(place: &Place) -> BTreeMap<&'static str, Vec<String>> {
    dump_edition(place, 1).await
}

/// All rows of an edition as text, once they have been found to agree with each other.
pub async fn dump_edition(place: &Place, number: i64) -> BTreeMap<&'static str, Vec<String>> {
    let (tables, sums) = read_edition(place, number).await;
    check_sums(&sums);
    tables
}

/// All rows of the first edition as text, whichever zones its companies are in.
pub async fn dump_of_any_zone(place: &Place) -> BTreeMap<&'static str, Vec<String>> {
    read_edition(place, 1).await.0
}

async fn read_edition(place: &Place, number: i64) -> (BTreeMap<&'static str, Vec<String>>, [Vec<Amount>; 3]) {
    let db = open_db(place, number).await;
    let mut tx = db.read().await.unwrap();
    let mut tables = BTreeMap::new();
    for (table, columns) in [
        (Event::TABLE, Event::COLUMNS),
        (SessionRow::TABLE, SessionRow::COLUMNS),
        (DialogueRow::TABLE, DialogueRow::COLUMNS),
        (ReplyRow::TABLE, ReplyRow::COLUMNS),
        (ServiceRow::TABLE, ServiceRow::COLUMNS),
        (WorkRow::TABLE, WorkRow::COLUMNS),
    ] {
        // Every column as text, so that rows of any form can be compared.
        let texts: Vec<_> = columns.iter().skip(2).map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')")).collect();
        let sql = format!("SELECT tenant_id, conversation_id, {} AS words FROM {table} ORDER BY 1, 2, 3", texts.join(" || '|' || "));
        let rows: Vec<(Uuid, Uuid, String)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
        tables.insert(table, rows.iter().map(|row| format!("{row:?}")).collect());
    }
    let mut sums = Vec::new();
    for level in Level::EACH {
        let rows = amounts(&mut tx, level).await;
        tables.insert(level.table(), rows.iter().map(|row| format!("{row:?}")).collect());
        sums.push(rows);
    }
    drop(tx);
    db.close().await;
    (tables, sums.try_into().unwrap())
}

/// An amount of a cell: company, cell, dimension, part, start, amount.
type Amount = (Uuid, &'static str, String, String, i64, i64);

/// The amounts of a level, packed ones too, sorted. Sums of nothing are not among them.
async fn amounts(tx: &mut Tx, level: Level) -> Vec<Amount> {
    let sql = format!("SELECT tenant_id, dimension, part, starts_at, amounts FROM {}", level.table());
    let mut rows: Vec<(Uuid, String, String, i64, Vec<u8>)> =
        q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
    if level == Level::Day {
        for (tenant, dimension, at, parts) in read_packed(tx).await {
            let part = |part: db::Result<(&str, &[u8])>| part.map(|(part, amounts)| (tenant, dimension.clone(), part.to_owned(), at, amounts.to_owned()));
            rows.extend(sums::packed::each(&parts).map(|one| part(one).unwrap()));
        }
    }
    let mut all = Vec::new();
    for (tenant, dimension, part, at, amounts) in rows {
        assert!(!amounts.is_empty(), "a row without amounts is deleted");
        for (cell, amount) in Tally::unpack(&amounts).unwrap().iter() {
            all.push((tenant, DEFINITIONS.cells[cell].name.as_str(), dimension.clone(), part.clone(), at, amount));
        }
    }
    all.sort();
    all
}

/// A packed day: company, dimension, start, parts.
pub type PackedDay = (Uuid, String, i64, Vec<u8>);

async fn read_packed(tx: &mut Tx) -> Vec<PackedDay> {
    let sql = "SELECT tenant_id, dimension, starts_at, parts FROM dws_day_packed ORDER BY 1, 2, 3";
    q!(tx, |c| sqlx::query_as(sql).fetch_all(c).await).unwrap()
}

/// The packed days of the first edition; none of them is stored by part as well.
pub async fn packed_days(place: &Place) -> Vec<PackedDay> {
    let db = open_db(place, 1).await;
    let mut tx = db.read().await.unwrap();
    let all = read_packed(&mut tx).await;
    let sql = "SELECT COUNT(*) FROM dws_day d JOIN dws_day_packed p ON p.tenant_id = d.tenant_id AND p.dimension = d.dimension AND p.starts_at = d.starts_at";
    let twice: i64 = q!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert_eq!(twice, 0);
    drop(tx);
    db.close().await;
    all
}

/// Packs the days that are over at a time.
pub async fn pack(panel: &Panel, now: Ts) {
    while panel.pack_days(now).await.unwrap() {}
}

/// The database of an edition.
pub async fn open_db(place: &Place, number: i64) -> Db {
    let engine = place.of_edition(number).engine();
    Db::open(Config { engine, migrations: schema::EDITION, clock: Arc::new(Still), on_commit: Arc::new(|_| ()) }).await.unwrap()
}

/// In Shanghai's zone: a quarter of an hour merges its minutes; a day merges its quarters, and its parts in every dimension.
fn check_sums([minutes, quarters, days]: &[Vec<Amount>; 3]) {
    let merge = |cell: &str| {
        let cell = DEFINITIONS.cells.iter().find(|one| one.name == cell).unwrap();
        DEFINITIONS.measures[cell.measure].kind.merge()
    };
    let merged = |rows: &mut dyn Iterator<Item = (Uuid, &'static str, i64, i64)>| {
        let mut all: BTreeMap<(Uuid, &str, i64), i64> = BTreeMap::new();
        for (tenant, cell, at, amount) in rows {
            let how = merge(cell);
            all.entry((tenant, cell, at)).and_modify(|known| *known = how.of(*known, amount)).or_insert(amount);
        }
        all
    };
    let of = |rows: &[Amount], dimension: &str, start: &dyn Fn(Ts) -> Ts| {
        merged(&mut rows.iter().filter(|row| row.2 == dimension).map(|row| (row.0, row.1, start(Ts(row.4)).0, row.5)))
    };
    let day = |at: Ts| start_of(day_of(at, &shanghai()).unwrap(), &shanghai()).unwrap();
    assert_eq!(of(quarters, "", &|at| at), of(minutes, "", &Ts::quarter), "quarters");
    let wholes = of(days, "", &|at| at);
    assert_eq!(wholes, of(quarters, "", &day), "days");
    for split in Dimension::EACH {
        assert_eq!(wholes, of(days, column(split), &|at| at), "by {}", column(split));
    }
}

/// Checks sums, extremes, means and percentiles against all single values.
pub fn check_durations(get: impl Fn(&str) -> Option<Number>, facts: &[Fact], tenant: TenantId, window: Window, which: &str) {
    let all = oracle::durations(facts, tenant, window.from.0, window.to.0);
    let sum = |values: &oracle::Values| values.iter().map(|(_, ms)| ms).sum::<i64>();
    let longest = all.answered.iter().chain(&all.abandoned).map(|(_, ms)| *ms).max();
    assert_eq!(get("longest_wait"), Some(Number::Extreme(longest)), "longest_wait {which}");
    for (key, values) in [("first_reply", &all.first_reply), ("reply", &all.reply), ("handle", &all.handle), ("talk", &all.talk)] {
        let mean = (!values.is_empty()).then(|| sum(values) as f64 / values.len() as f64);
        assert_eq!(get(&format!("{key}_sum")), Some(Number::Count(sum(values))), "{key}_sum {which}");
        assert_eq!(get(&format!("{key}_mean")), Some(Number::Derived(mean)), "{key}_mean {which}");
    }
    for (key, values) in [("work", &all.work), ("busy", &all.busy), ("contact", &all.contact), ("slot", &all.slot)] {
        // The live panel has no work.
        let Some(found) = get(&format!("{key}_sum")) else { continue };
        assert_eq!(found, Number::Count(sum(values)), "{key}_sum {which}");
    }
    for (key, part, whole) in [("occupancy", &all.busy, &all.work), ("concurrency", &all.contact, &all.busy), ("slot_share", &all.contact, &all.slot)] {
        let Some(found) = get(key) else { continue };
        assert_eq!(found, Number::Derived((sum(whole) > 0).then(|| sum(part) as f64 / sum(whole) as f64)), "{key} {which}");
    }
    for (key, part, values) in [
        ("first_reply_p50", 0.5, &all.first_reply),
        ("first_reply_p95", 0.95, &all.first_reply),
        ("reply_p90", 0.9, &all.reply),
        ("handle_p50", 0.5, &all.handle),
        ("wait_p95", 0.95, &all.answered),
        ("bot_reply_p95", 0.95, &all.bot_reply),
    ] {
        // The live panel has no percentiles.
        let Some(Number::Derived(found)) = get(key) else { continue };
        let mut sorted: Vec<i64> = values.iter().map(|(_, ms)| *ms).collect();
        sorted.sort_unstable();
        assert_eq!(found.is_none(), sorted.is_empty(), "{key} {which}");
        if let Some(found) = found {
            // The value that this part of all values does not exceed lies in the same interval as what was found.
            let rank = ((part * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len());
            let interval = |ms: f64| DEFINITIONS.edges.partition_point(|edge| (*edge as f64) < ms);
            assert_eq!(interval(found), interval(sorted[rank - 1] as f64), "{key} is {found}, of {sorted:?} {which}");
        }
    }
}

/// Two companies; all traffic of a test belongs to them.
pub fn tenants() -> [TenantId; 2] {
    [traffic::tenant(11), traffic::tenant(12)]
}
