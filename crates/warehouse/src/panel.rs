//! The derived store: opening, taking in facts, beginning anew.

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

/// The schema, equal in name on both engines.
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
/// The schema on PostgreSQL.
const SCHEMA: &str = "yingda_panel";
/// Facts in one transaction, at most; halved while the writer finds it too long.
const CHUNK: usize = 1_024;
/// Rows deleted in one transaction, at most; fewer where that takes too long.
const SLICE: i64 = 5_000;
/// All that is written here goes through one shard.
const SHARD: Shard = Shard::Of(Uuid::nil());

/// Where the derived store lives.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file, `panel.db`.
    File(PathBuf),
    /// A PostgreSQL database; a schema of its own is used in it.
    Postgres(String),
}

/// The time zones of the tenants: where their days begin.
#[derive(Debug, Clone)]
pub struct Zones {
    /// Where none is known.
    pub default: TimeZone,
    /// By tenant.
    pub by_tenant: HashMap<TenantId, TimeZone>,
}

impl Zones {
    fn day(&self, tenant: Uuid, at: i64) -> Option<String> {
        window::day_key(Ts(at), self.by_tenant.get(&TenantId::new(tenant)).unwrap_or(&self.default))
    }
}

/// What facts came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Tenants with a number that changed.
    pub tenants: BTreeSet<TenantId>,
    /// Facts of a kind that is counted, but not of a form this release knows; they were passed over.
    pub malformed: usize,
    /// How far the journal has been read.
    pub cursor: Cursor,
}

/// The numbers of the panel. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    pub(crate) db: Db,
    /// One applies at a time; holds what was read and written lately.
    cache: Arc<Mutex<Cache>>,
    applying: Arc<tokio::sync::Mutex<()>>,
}

impl Panel {
    /// Opens the store. It begins anew if it was made from another history (`generation`) or under other definitions;
    /// then [`Self::cursor`] is at the start and the journal has to be fed again.
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

    /// Begins anew if the store was made from another history or under other definitions, or if its emptying broke off.
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

    /// Of which history the numbers are.
    pub async fn generation(&self) -> Result<Option<Uuid>> {
        let mut tx = self.db.read().await?;
        let row: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT generation FROM reducer WHERE one = 1").fetch_optional(c).await)?;
        Ok(row.map(|(generation,)| generation))
    }

    /// Takes in facts, each transaction with its cursor. Facts known already change nothing, whatever their order;
    /// an error leaves what was committed before it, so the caller asks for [`Self::cursor`] and goes on from there.
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

    /// One transaction.
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

    /// Empties the store: the journal of that generation is to be fed from its start. Takes up again where it was interrupted. Of several nodes that empty
    /// it at once, the one that began last opens it again; until then nothing is taken in.
    pub async fn reset(&self, generation: Uuid) -> Result<()> {
        self.anew(generation, None).await
    }

    async fn anew(&self, generation: Uuid, but_for: Option<&'static str>) -> Result<()> {
        let _one = self.applying.lock().await;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // Without rules it is nobody's until it is empty; opening it again would go on here.
        let begun = self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::empty(tx, generation, but_for).await })).await?;
        let Some(emptying) = begun else { return Ok(()) };
        for sql in store::DELETES {
            self.clear(sql).await?;
        }
        self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::begin(tx, emptying, DEFINITIONS.fingerprint()).await })).await
    }

    /// Empties a table, in smaller slices where one takes too long.
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

    /// Finishes and closes every connection.
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
    // First of all, so that it locks out a second reducer: what is read after it is the truth.
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
