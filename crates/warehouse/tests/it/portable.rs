//! The SQL of the indicators compared with the reducer: every amount by every dimension, on each engine, over facts that arrive late, out of order and twice.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use db::{Config, Db, Engine, SqliteFiles, Tx, aside, bulk, migrations::Migrations, q};
use domain::time::Clock as _;
use parity::{Comparison, Report, World, traffic::Random};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};
use uuid::Uuid;
use warehouse::{
    DEFINITIONS, Event, Place,
    portable::{self, Bucket, Dialect, Form},
    rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow},
};

use crate::common::{Still, on_each_engine, open};

/// The engines besides the reducer: SQLite, and PostgreSQL where there is one.
fn sql(place: &Place, folder: &Path) -> parity::Engine {
    match place {
        Place::File(_) => parity::Engine::Sqlite(folder.join("sql.db")),
        Place::Schema { url, .. } => parity::Engine::Postgres(url.clone()),
    }
}

/// Compares the reducer, which gets the first world, with the SQL, which gets the second.
async fn compare(place: &Place, first: &World, second: &World) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let mut comparison = Comparison::default();
    comparison.add(&parity::Engine::Reducer(place.clone()), first, Arc::new(Still)).await.unwrap();
    comparison.add(&sql(place, folder.path()), second, Arc::new(Still)).await.unwrap();
    comparison.report()
}

#[tokio::test]
async fn every_amount_of_the_reducer_is_that_of_the_sql() {
    on_each_engine(|place| async move {
        let world = World::new(20_261_024, 6_000).unwrap();
        let report = compare(&place, &world, &world).await;
        assert_eq!(report.mismatches, 0, "{report:?}");
        assert_eq!(report.measures, DEFINITIONS.measures.len(), "the traffic has something of each");
        assert!(report.rows > 20_000, "{report:?}");
    })
    .await;
}

/// What is still on its way leaves gaps: answers to messages that nobody knows, replies without a beginning, ratings before the end.
#[tokio::test]
async fn they_also_agree_while_facts_are_missing_on_both_sides() {
    on_each_engine(|place| async move {
        let (mut world, mut random) = (World::new(20_261_101, 3_000).unwrap(), Random(9));
        world.facts.retain(|_| random.below(5) > 0);
        let report = compare(&place, &world, &world).await;
        assert!(report.mismatches == 0 && report.rows > 10_000, "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_missing_on_one_side_is_noticed() {
    on_each_engine(|place| async move {
        let world = World::new(7, 800).unwrap();
        let mut less = World::new(7, 800).unwrap();
        // With all its copies: one of them would be enough.
        let lost = less.facts.iter().find(|fact| fact.kind == "opened").map(|fact| (fact.stream_id, fact.seq)).unwrap();
        less.facts.retain(|fact| (fact.stream_id, fact.seq) != lost);
        let report = compare(&place, &world, &less).await;
        assert!(report.mismatches > 10 && report.examples.iter().any(|example| example.starts_with("session_created of ")), "{report:?}");
    })
    .await;
}

#[tokio::test]
async fn the_same_seed_is_the_same_world_and_another_is_not() {
    let facts = |seed| World::new(seed, 500).unwrap().facts.iter().map(|fact| (fact.stream_id, fact.seq, fact.at)).collect::<Vec<_>>();
    assert_eq!(facts(3), facts(3));
    assert_ne!(facts(3), facts(4));
    let delivered = facts(3);
    let mut once = delivered.clone();
    once.sort_unstable();
    once.dedup();
    assert!(once.len() == 500 && delivered.len() > 505, "some facts are delivered twice");
    assert!(!delivered.is_sorted_by_key(|(_, _, at)| *at), "and some late");
}

/// The rows of the detail tables, as text.
async fn rows(tx: &mut Tx) -> BTreeMap<&'static str, Vec<String>> {
    let mut tables = BTreeMap::new();
    for (table, columns) in [
        (SessionRow::TABLE, SessionRow::COLUMNS),
        (DialogueRow::TABLE, DialogueRow::COLUMNS),
        (ReplyRow::TABLE, ReplyRow::COLUMNS),
        (ServiceRow::TABLE, ServiceRow::COLUMNS),
        (WorkRow::TABLE, WorkRow::COLUMNS),
    ] {
        let texts: Vec<_> = columns.iter().skip(2).map(|column| format!("'{column}=' || COALESCE(CAST({column} AS TEXT), '-')")).collect();
        let sql = format!("SELECT tenant_id, conversation_id, {} AS words FROM {table} ORDER BY 1, 2, 3", texts.join(" || ' ' || "));
        let rows: Vec<(Uuid, Uuid, String)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
        tables.insert(table, rows.iter().map(|row| format!("{row:?}")).collect());
    }
    tables
}

/// Flink has the layers as views: they mean the same as the tables, and their rows are those of the reducer, column by column.
#[tokio::test]
async fn the_layers_as_views_have_the_rows_of_the_reducer() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::new(11, 1_000).unwrap());
    let panel = open(&Place::File(folder.path().join("panel.db"))).await;
    panel.apply(parity::traffic::copies(&world.facts), &world.directory).await.unwrap();
    panel.close().await;
    let mut stored = aside::open(&folder.path().join("panel-1.db"), Still.now()).await.unwrap();
    let expected = rows(&mut stored).await;
    stored.close().await;

    let path = folder.path().join("views.db");
    let engine = Engine::Sqlite(SqliteFiles { path: path.clone(), durable: false });
    let nothing = Migrations { sqlite: &[], postgres: &[] };
    Db::open(Config { engine, migrations: nothing, clock: Arc::new(Still), on_commit: Arc::new(|_| ()) }).await.unwrap().close().await;
    let mut tx = aside::open(&path, Still.now()).await.unwrap();
    bulk::run(&mut tx, portable::source(Dialect::Sqlite, ""), &[]).await.unwrap();
    let from_panel = format!("ATTACH '{}' AS panel", folder.path().join("panel-1.db").display());
    bulk::run(&mut tx, from_panel, &[]).await.unwrap();
    let columns = Event::COLUMNS.join(", ");
    // Each event twice.
    for _ in 0..2 {
        bulk::run(&mut tx, format!("INSERT INTO main.ods_event ({columns}) SELECT {columns} FROM panel.ods_event"), &[]).await.unwrap();
    }
    bulk::run(&mut tx, "DETACH panel".to_owned(), &[]).await.unwrap();
    for layer in portable::layers() {
        bulk::run(&mut tx, portable::create(&layer, Dialect::Sqlite, Form::View), &[]).await.unwrap();
    }
    let found = rows(&mut tx).await;
    for (table, rows) in &expected {
        assert!(rows.len() > 5, "{table}");
        for (row, found) in rows.iter().zip(&found[table]) {
            assert_eq!(row, found, "{table}");
        }
        assert_eq!(rows.len(), found[table].len(), "{table}");
    }
    // A quarter of an hour is what its minutes add up to.
    let dialogue = DEFINITIONS.measure("dialogue").unwrap();
    let mut sums = Vec::new();
    for bucket in [Bucket::Minute, Bucket::Quarter] {
        let sql = format!(
            "SELECT starts_at - starts_at % 900000 AS quarter, SUM(amount) FROM ({}) GROUP BY 1 ORDER BY 1",
            portable::amounts(&DEFINITIONS, dialogue, bucket)
        );
        let rows: Vec<(i64, i64)> = q!(tx, |c| sqlx::query_as(AssertSqlSafe(sql.as_str()).into_sql_str()).fetch_all(c).await).unwrap();
        sums.push(rows);
    }
    assert!(sums[0].len() > 5 && sums[0] == sums[1]);
    tx.close().await;
}
