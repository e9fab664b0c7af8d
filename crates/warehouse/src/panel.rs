//! The derived store: opening it, applying facts, rebuilding it.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use db::{
    Config, Db, Engine, Error, Result, Shard, SqliteFiles, Tx,
    feed::{Cursor, Fact},
    migrations::Migrations,
    q,
};
use domain::{
    id::TenantId,
    time::{Clock, Ts},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    cache::Cache,
    definition::DEFINITIONS,
    event::Event,
    reduce::{Reduction, touched},
    rows::{DialogueRow, SessionRow},
    store, window,
};

/// The schema; the names are the same on both engines.
pub const MIGRATIONS: Migrations = Migrations {
    sqlite: &[
        ("0001_panel.sql", include_str!("../migrations/sqlite/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/sqlite/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/sqlite/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/sqlite/0004_waits.sql")),
    ],
    postgres: &[
        ("0001_panel.sql", include_str!("../migrations/postgres/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/postgres/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/postgres/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/postgres/0004_waits.sql")),
    ],
};
/// The name of the schema on PostgreSQL.
const SCHEMA: &str = "yingda_panel";
/// The most facts in one transaction; halved while the writer finds it too long.
const CHUNK: usize = 1_024;
/// The most rows deleted in one transaction; fewer if that takes too long.
const SLICE: i64 = 5_000;
/// All writes of this store go through one shard.
const SHARD: Shard = Shard::Of(Uuid::nil());

/// Where the derived store is kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file, `panel.db`.
    File(PathBuf),
    /// A PostgreSQL database, in which the store has a schema of its own.
    Postgres(String),
}

/// The time zones of the companies, which determine when their days begin.
#[derive(Debug, Clone)]
pub struct Zones {
    /// The zone of companies that are not listed.
    pub default: TimeZone,
    /// The zones by company.
    pub by_tenant: HashMap<TenantId, TimeZone>,
}

impl Zones {
    fn day(&self, tenant: Uuid, at: i64) -> Option<String> {
        window::day_key(Ts(at), self.by_tenant.get(&TenantId::new(tenant)).unwrap_or(&self.default))
    }
}

/// The result of applying facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Companies whose numbers changed.
    pub tenants: BTreeSet<TenantId>,
    /// Facts of a kind that is counted, but not in a form that this release knows; they were skipped.
    pub malformed: usize,
    /// How far the journal has been read.
    pub cursor: Cursor,
}

/// The store of the panel's numbers. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    pub(crate) db: Db,
    /// Recently read and written rows. Facts are applied by one caller at a time.
    cache: Arc<Mutex<Cache>>,
    applying: Arc<tokio::sync::Mutex<()>>,
}

impl Panel {
    /// Opens the store. It is emptied if it was created from a different history (`generation`) or under different definitions; then [`Self::cursor`] is at the
    /// start and the journal has to be fed again.
    pub async fn open(place: Place, generation: Uuid, clock: Arc<dyn Clock>) -> Result<Self> {
        if DEFINITIONS.counts.is_empty() {
            return Err(Error::Corrupt("indicators.json".to_owned()));
        }
        let engine = match place {
            Place::File(path) => Engine::Sqlite(SqliteFiles { path, durable: false }),
            Place::Postgres(url) => Engine::Postgres { url, schema: SCHEMA },
        };
        let db = Db::open(Config { engine, migrations: MIGRATIONS, clock, on_commit: Arc::new(|_| ()) }).await?;
        let this = Self { db, cache: Arc::default(), applying: Arc::default() };
        this.follow(generation).await?;
        Ok(this)
    }

    /// Empties the store if it was created from a different history or under different definitions, or if a previous emptying was interrupted.
    pub async fn follow(&self, generation: Uuid) -> Result<()> {
        let made: Option<(Uuid, String)> = {
            let mut tx = self.db.read().await?;
            q!(tx, |c| sqlx::query_as("SELECT generation, rules FROM reducer WHERE one = 1").fetch_optional(c).await)?
        };
        if made.is_none_or(|(of, rules)| of != generation || rules != DEFINITIONS.fingerprint()) {
            self.anew(generation, Some(DEFINITIONS.fingerprint())).await?;
        }
        Ok(())
    }

    /// How far the journal has been read.
    pub async fn cursor(&self) -> Result<Cursor> {
        let mut tx = self.db.read().await?;
        let row: Option<(i64, i64)> = q!(tx, |c| sqlx::query_as("SELECT xid, pos FROM reducer WHERE one = 1").fetch_optional(c).await)?;
        Ok(row.map(|(xid, pos)| Cursor { xid, pos }).unwrap_or_default())
    }

    /// The history that the numbers were computed from.
    pub async fn generation(&self) -> Result<Option<Uuid>> {
        let mut tx = self.db.read().await?;
        let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM reducer WHERE one = 1").fetch_optional(c).await)?;
        Ok(row.map(|(generation,)| generation))
    }

    /// Applies facts, each transaction together with its cursor. Facts that are already known change nothing, whatever their order. After an error, whatever
    /// was committed before it stays, so the caller reads [`Self::cursor`] and continues from there.
    pub async fn apply(&self, mut facts: Vec<Fact>, zones: &Arc<Zones>) -> Result<Applied> {
        let _one = self.applying.lock().await;
        facts.sort_by_key(|fact| (fact.xid, fact.pos));
        let mut applied = Applied::default();
        let mut size = CHUNK;
        let mut rest = &facts[..];
        while !rest.is_empty() {
            let (chunk, later) = rest.split_at(size.min(rest.len()));
            let cursor = chunk.last().map(|fact| Cursor { xid: fact.xid, pos: fact.pos }).unwrap_or_default();
            let read: Vec<_> = chunk.iter().map(Event::read).collect();
            let events: Arc<[Event]> = read.iter().flatten().flatten().cloned().collect();
            match self.step(events, cursor, zones).await {
                Err(Error::Busy) if size > 1 => {
                    size = (size.min(chunk.len()) / 2).max(1);
                    continue;
                }
                Err(error) => return Err(error),
                Ok(tenants) => applied.tenants.extend(tenants),
            }
            applied.malformed += read.iter().filter(|event| event.is_err()).count();
            applied.cursor = cursor;
            rest = later;
        }
        Ok(applied)
    }

    /// Applies events in one transaction.
    async fn step(&self, events: Arc<[Event]>, cursor: Cursor, zones: &Arc<Zones>) -> Result<BTreeSet<TenantId>> {
        let (cache, zones) = (self.cache.clone(), zones.clone());
        let done = self.db.writer().write::<_, Error, _>(SHARD, move |tx| Box::pin(async move { reduce(tx, &events, cursor, &zones, &cache).await })).await?;
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if done.relabelled {
            cache.clear();
        } else {
            cache.keep(done.batch, done.sessions, done.dialogues);
        }
        Ok(done.tenants)
    }

    /// Empties the store: the journal of that generation then has to be fed from its start. Resumes if it was interrupted. If several nodes empty the store at
    /// once, the one that began last puts it back into use; until then no facts are applied.
    pub async fn reset(&self, generation: Uuid) -> Result<()> {
        self.anew(generation, None).await
    }

    async fn anew(&self, generation: Uuid, but_for: Option<&'static str>) -> Result<()> {
        let _one = self.applying.lock().await;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // Without rules, nobody uses the store until it is empty; opening it again would continue here.
        let begun = self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::empty(tx, generation, but_for).await })).await?;
        let Some(emptying) = begun else { return Ok(()) };
        for sql in store::DELETES {
            self.clear(sql).await?;
        }
        self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::begin(tx, emptying, DEFINITIONS.fingerprint()).await })).await
    }

    /// Empties a table, in smaller slices if one takes too long.
    async fn clear(&self, sql: &'static str) -> Result<()> {
        let mut slice = SLICE;
        loop {
            let deleted = self.db.writer().write::<_, Error, _>(SHARD, move |tx| Box::pin(async move { store::delete(tx, sql, slice).await })).await;
            slice = match deleted {
                Ok(0) => return Ok(()),
                Ok(_) => slice,
                Err(Error::Busy) if slice > 1 => (slice / 8).max(1),
                Err(Error::Busy) => {
                    self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::delete(tx, sql, slice).await })).await?;
                    slice
                }
                Err(error) => return Err(error),
            };
        }
    }

    /// Finishes pending work and closes every connection.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

struct Done {
    batch: i64,
    tenants: BTreeSet<TenantId>,
    sessions: Vec<SessionRow>,
    dialogues: Vec<DialogueRow>,
    relabelled: bool,
}

async fn reduce(tx: &mut Tx, events: &[Event], cursor: Cursor, zones: &Zones, cache: &Mutex<Cache>) -> Result<Done> {
    // This has to come first, so that it locks out a second reducer: everything read after it is current.
    let batch = store::advance(tx, cursor, DEFINITIONS.fingerprint()).await?;
    let (mut session_keys, mut dialogue_keys) = touched(events);
    let (mut sessions, mut dialogues) = cache.lock().unwrap_or_else(PoisonError::into_inner).recall(batch, &mut session_keys, &mut dialogue_keys);
    sessions.extend(store::sessions(tx, &session_keys).await?);
    dialogues.extend(store::dialogues(tx, &dialogue_keys).await?);
    let mut reduction = Reduction::new(sessions, dialogues);
    for event in events {
        reduction.take(event, zones.day(event.tenant, event.at));
    }
    store::save_dialogues(tx, &reduction.changed_dialogues()).await?;
    reduction.know(store::sessions(tx, &reduction.unknown()).await?);
    for key in reduction.recount.clone() {
        let at = store::first_turn(tx, key).await?;
        reduction.first_turn(key, at);
    }
    for key in reduction.relabel.clone() {
        let session = reduction.session(key).clone();
        store::relabel(tx, &session).await?;
    }
    store::save_sessions(tx, &reduction.changed_sessions()).await?;
    let deltas = reduction.deltas(&DEFINITIONS);
    store::add_minutes(tx, &deltas).await?;
    let tenants = deltas.keys().map(|(tenant, _, _)| TenantId::new(*tenant)).collect();
    let relabelled = !reduction.relabel.is_empty();
    let (sessions, dialogues) = reduction.into_rows();
    Ok(Done { batch, tenants, sessions, dialogues, relabelled })
}
