//! The derived store: opening it, applying facts, rebuilding it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use db::{
    Config, Db, Engine, Error, Result, SqliteFiles, Tx,
    feed::{Cursor, Fact},
    migrations::Migrations,
    q,
};
use domain::{id::TenantId, time::Clock};
use uuid::Uuid;

use crate::{
    cache::Cache,
    changes::Changes,
    definition::DEFINITIONS,
    derive::Rows,
    event::{Directory, Event},
    extremes, resum,
    store::{self, ConversationKey, SHARD},
};

/// The schema; the names are the same on both engines.
pub const MIGRATIONS: Migrations = Migrations {
    sqlite: &[
        ("0001_panel.sql", include_str!("../migrations/sqlite/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/sqlite/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/sqlite/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/sqlite/0004_waits.sql")),
        ("0005_layers.sql", include_str!("../migrations/sqlite/0005_layers.sql")),
        ("0006_timings.sql", include_str!("../migrations/sqlite/0006_timings.sql")),
    ],
    postgres: &[
        ("0001_panel.sql", include_str!("../migrations/postgres/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/postgres/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/postgres/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/postgres/0004_waits.sql")),
        ("0005_layers.sql", include_str!("../migrations/postgres/0005_layers.sql")),
        ("0006_timings.sql", include_str!("../migrations/postgres/0006_timings.sql")),
    ],
};
/// The name of the schema on PostgreSQL.
const SCHEMA: &str = "yingda_panel";
/// The most facts in one transaction; halved while the writer finds it too long.
const CHUNK: usize = 1_024;
/// The most rows deleted in one transaction; fewer if that takes too long.
const SLICE: i64 = 5_000;
/// How many steps of summing days again are taken between two batches.
const STEPS: usize = 32;

/// Where the derived store is kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file, `panel.db`.
    File(PathBuf),
    /// A PostgreSQL database, in which the store has a schema of its own.
    Postgres(String),
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
        if DEFINITIONS.measures.is_empty() {
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
    pub async fn apply(&self, facts: Vec<Fact>, directory: &Arc<Directory>) -> Result<Applied> {
        self.apply_after(Cursor::default(), facts, directory).await
    }

    /// As [`Self::apply`], of facts that follow a cursor of this store; refused if the store was emptied since that was read.
    pub async fn apply_after(&self, mut from: Cursor, mut facts: Vec<Fact>, directory: &Arc<Directory>) -> Result<Applied> {
        let _one = self.applying.lock().await;
        facts.sort_by_key(|fact| (fact.xid, fact.pos));
        let mut applied = Applied::default();
        let mut size = CHUNK;
        let mut rest = &facts[..];
        while !rest.is_empty() {
            let (chunk, later) = rest.split_at(size.min(rest.len()));
            let cursor = chunk.last().map(|fact| Cursor { xid: fact.xid, pos: fact.pos }).unwrap_or_default();
            let read: Vec<_> = chunk.iter().map(|fact| Event::read(fact, directory)).collect();
            let events: Arc<[Event]> = read.iter().flatten().flatten().cloned().collect();
            match self.step(events, (from, cursor), directory).await {
                Err(Error::Busy) if size > 1 => {
                    size = (size.min(chunk.len()) / 2).max(1);
                    continue;
                }
                Err(error) => return Err(error),
                Ok(tenants) => applied.tenants.extend(tenants),
            }
            applied.malformed += read.iter().filter(|event| event.is_err()).count();
            applied.cursor = cursor;
            from = from.max(cursor);
            rest = later;
        }
        Ok(applied)
    }

    /// Sums days again, a few steps at a time, where a company has moved to a different zone; returns whether there may be more to do. To be called between
    /// batches of facts.
    pub async fn sum_days(&self) -> Result<bool> {
        let _one = self.applying.lock().await;
        for _ in 0..STEPS {
            if store::zone_to_sum(&mut self.db.read().await?).await?.is_none() {
                return Ok(false);
            }
            self.db.writer().write::<_, Error, _>(SHARD, |tx| Box::pin(resum::step(tx))).await?;
        }
        Ok(true)
    }

    /// Applies events in one transaction.
    async fn step(&self, events: Arc<[Event]>, (from, to): (Cursor, Cursor), directory: &Arc<Directory>) -> Result<BTreeSet<TenantId>> {
        let (cache, directory) = (self.cache.clone(), directory.clone());
        let done =
            self.db.writer().write::<_, Error, _>(SHARD, move |tx| Box::pin(async move { reduce(tx, &events, (from, to), &directory, &cache).await })).await?;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).keep(done.batch, done.conversations);
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
        for table in store::TABLES {
            if !self.clear(emptying, table).await? {
                return Ok(());
            }
        }
        self.db.writer().write_patiently(SHARD, move |tx| Box::pin(async move { store::begin(tx, emptying, DEFINITIONS.fingerprint()).await })).await
    }

    /// Empties a table, in smaller slices if one takes too long; returns whether this node is still the one that empties.
    async fn clear(&self, emptying: i64, table: (&'static str, &'static str)) -> Result<bool> {
        let mut slice = SLICE;
        loop {
            let writer = self.db.writer();
            let mut deleted = writer.write::<_, Error, _>(SHARD, move |tx| Box::pin(store::delete_slice(tx, emptying, table, slice))).await;
            if matches!(deleted, Err(Error::Busy)) && slice > 1 {
                slice = (slice / 8).max(1);
                continue;
            }
            if matches!(deleted, Err(Error::Busy)) {
                deleted = writer.write_patiently(SHARD, move |tx| Box::pin(store::delete_slice(tx, emptying, table, slice))).await;
            }
            match deleted? {
                None => return Ok(false),
                Some(0) => return Ok(true),
                Some(_) => {}
            }
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
    conversations: HashMap<ConversationKey, Vec<Event>>,
}

async fn reduce(tx: &mut Tx, events: &[Event], (from, to): (Cursor, Cursor), directory: &Directory, cache: &Mutex<Cache>) -> Result<Done> {
    // This has to come first, so that it locks out a second reducer: everything read after it is current.
    let batch = store::advance(tx, from, to, DEFINITIONS.fingerprint()).await?;
    resum::follow(tx, events.iter().map(|event| event.tenant_id).collect(), directory).await?;
    let mut keys: HashSet<ConversationKey> = events.iter().map(conversation_of).collect();
    let mut conversations = cache.lock().unwrap_or_else(PoisonError::into_inner).recall(batch, &mut keys);
    for event in store::events(tx, &keys).await? {
        conversations.entry(conversation_of(&event)).or_default().push(event);
    }
    for key in &keys {
        conversations.entry(*key).or_default().sort_by_key(|event| event.seq);
    }
    let mut fresh: HashMap<ConversationKey, Vec<&Event>> = HashMap::new();
    for event in events {
        let news = fresh.entry(conversation_of(event)).or_default();
        let is_known = conversations.get(&conversation_of(event)).is_some_and(|known| known.binary_search_by_key(&event.seq, |known| known.seq).is_ok());
        if !is_known && news.iter().all(|one| one.seq != event.seq) {
            news.push(event);
        }
    }
    let mut changes = Changes::default();
    for (key, news) in &fresh {
        let Some(known) = conversations.get_mut(key).filter(|_| !news.is_empty()) else { continue };
        let before = Rows::of(known);
        known.extend(news.iter().copied().cloned());
        known.sort_by_key(|event| event.seq);
        changes.replace(before, Rows::of(known), &DEFINITIONS, directory);
    }
    store::insert_events(tx, &fresh.into_values().flatten().collect::<Vec<_>>()).await?;
    store::save(tx, &changes).await?;
    extremes::look_up_again(tx, &changes.cells.taken_back, directory).await?;
    Ok(Done { batch, tenants: changes.tenants(), conversations })
}

const fn conversation_of(event: &Event) -> ConversationKey {
    (event.tenant_id, event.conversation_id)
}
