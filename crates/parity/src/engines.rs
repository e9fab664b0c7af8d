//! The engines: each computes the amounts from the same facts.

use std::{path::Path, sync::Arc};

use db::{Config, Db, Error, Result, Schema, SqliteFiles, Tx, aside, bulk, feed::Fact, migrations::Migrations};
use domain::time::{Clock, Ts};
use uuid::Uuid;
use warehouse::{
    DEFINITIONS, Panel, Place,
    portable::{Dialect, run},
    sums::{Level, StoredAmount},
};

use super::{
    World,
    amounts::{Amounts, Names, Piece},
    traffic::{Random, copy},
};

/// The most facts that the reducer is given at once.
const BATCH: usize = 800;
/// How many events are written at once.
const EVENTS: usize = 8_192;
/// The schema on PostgreSQL.
const SCHEMA: &str = "yingda_parity";

/// Where amounts are put.
pub(super) type Sink<'a> = (&'a mut Amounts, &'a mut Names);

/// A time before all traffic, so that every minute is kept.
pub(super) struct Before;
impl Clock for Before {
    fn now(&self) -> Ts {
        Ts(0)
    }
}

/// Feeds the reducer, in batches of all sizes, and reads what it stored.
pub(super) async fn reduce(place: Place, world: &World, sink: Sink<'_>) -> Result<()> {
    let panel = Panel::open(&place, 1, Uuid::nil(), Arc::new(Before)).await?;
    let mut random = Random(world.seed);
    let mut facts = world.facts.iter().map(copy).peekable();
    while facts.peek().is_some() {
        let batch: Vec<Fact> = facts.by_ref().take(1 + random.below(BATCH)).collect();
        let now = batch.last().map_or(Ts(0), |fact| Ts(fact.at));
        panel.apply(batch, &world.directory).await?;
        panel.pack_days(now).await?;
    }
    let read = read_stored(&panel, world, sink).await;
    panel.close().await;
    read
}

pub(super) async fn read_stored(panel: &Panel, world: &World, (amounts, names): Sink<'_>) -> Result<()> {
    let put = |stored: &StoredAmount<'_>| {
        let piece = match stored.level {
            Level::Minute => Piece::Minute,
            Level::Quarter => Piece::Quarter,
            Level::Day => Piece::Day,
        };
        let part = names.part(stored.part);
        amounts.put_stored((stored.tenant.uuid(), stored.cell), piece, (stored.dimension, part), (stored.starts_at.0, stored.amount));
    };
    panel.each_amount(&world.tenants(), put).await
}

/// Opens a database without any tables of its own.
pub(super) async fn open(engine: db::Engine, clock: Arc<dyn Clock>) -> Result<Db> {
    Db::open(Config { engine, migrations: Migrations { sqlite: &[], postgres: &[] }, clock, on_commit: Arc::new(|_| ()) }).await
}

/// Runs the SQL on SQLite, in one transaction that is never committed.
pub(super) async fn query_sqlite(path: &Path, world: &World, sink: Sink<'_>, clock: Arc<dyn Clock>) -> Result<()> {
    let now = clock.now();
    open(db::Engine::Sqlite(SqliteFiles { path: path.to_owned(), durable: false }), clock).await?.close().await;
    let mut tx = aside::open(path, now).await?;
    execute(&mut tx, "PRAGMA cache_size = -262144").await?;
    execute(&mut tx, "BEGIN").await?;
    let done = query(&mut tx, Dialect::Sqlite, world, sink).await;
    tx.close().await;
    done
}

/// Runs the SQL on PostgreSQL, in one transaction that is never committed.
pub(super) async fn query_postgres(url: &str, world: &World, sink: Sink<'_>, clock: Arc<dyn Clock>) -> Result<()> {
    let db = open(db::Engine::Postgres { url: url.to_owned(), schema: Schema::Derived(SCHEMA.to_owned()) }, clock).await?;
    let done = query_in(&db, world, sink).await;
    let dropped = drop_schema(&db).await;
    db.close().await;
    done.and(dropped)
}

async fn query_in(db: &Db, world: &World, sink: Sink<'_>) -> Result<()> {
    query(&mut transaction(db).await?, Dialect::Postgres, world, sink).await
}

async fn drop_schema(db: &Db) -> Result<()> {
    let mut tx = transaction(db).await?;
    execute(&mut tx, &format!("DROP SCHEMA {SCHEMA} CASCADE")).await?;
    tx.commit().await
}

/// A transaction without the limits of those that people wait for.
async fn transaction(db: &Db) -> Result<Tx> {
    db.maintain().await?.ok_or_else(|| Error::Corrupt("this is no PostgreSQL".to_owned()))
}

pub(super) async fn execute(tx: &mut Tx, sql: &str) -> Result<()> {
    bulk::run(tx, sql.to_owned(), &[]).await.map(drop)
}

/// Writes the events, as often as they are delivered, computes the layers one after the other, and reads the amounts.
async fn query(tx: &mut Tx, dialect: Dialect, world: &World, (amounts, names): Sink<'_>) -> Result<()> {
    run::begin(tx, dialect).await?;
    for facts in world.facts.chunks(EVENTS) {
        run::add(tx, &world.events(facts)).await?;
    }
    run::compute(tx, dialect).await?;
    let none = names.part("");
    for measure in &DEFINITIONS.measures {
        for row in run::amounts(tx, measure, None).await? {
            let parts = row.parts().map(|part| names.part(part));
            amounts.put_minute((row.tenant_id, names.cell(&row.cell)?), row.starts_at, &parts, none, row.amount)?;
        }
    }
    Ok(())
}
