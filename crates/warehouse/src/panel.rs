//! One edition of the derived store: opening it, and applying facts.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use db::{
    Config, Db, Engine, Error, Result, Schema, SqliteFiles, Tx,
    feed::{Cursor, Fact},
};
use domain::{
    id::TenantId,
    time::{Clock, Ts},
};
use uuid::Uuid;

use crate::{
    cache::Cache,
    changes::Changes,
    conversation::Conversation,
    definition::DEFINITIONS,
    event::{Directory, Event},
    extremes, packing,
    refused::{self, Noted, RefusedFacts},
    render, resum, schema,
    store::{self, ConversationKey, SHARD},
    sums::{self, StoredAmount},
};

/// The facts that the server reads from the journal and applies at a time.
pub const BATCH: usize = 2_000;
/// The most facts in one transaction; halved while the writer finds it too long.
const CHUNK: usize = 8_192;
/// How many steps of upkeep are taken between two batches.
const STEPS: usize = 8;
/// How many days are summed or packed in one step; fewer if that takes too long.
const DAYS: usize = 16;

/// What is done in small steps between batches.
#[derive(Debug, Clone, Copy)]
enum Upkeep {
    /// Days are summed again.
    Sum,
    /// The parts of days that begin before this time are packed.
    Pack(Ts),
}

/// Where derived data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A schema of its own in a PostgreSQL database.
    Schema {
        /// The database URL `postgres://…`.
        url: String,
        /// The name of the schema.
        name: String,
    },
}

impl Place {
    /// The engine that opens it.
    pub fn engine(&self) -> Engine {
        match self.clone() {
            Self::File(path) => Engine::Sqlite(SqliteFiles { path, durable: false }),
            Self::Schema { url, name } => Engine::Postgres { url, schema: Schema::Derived(name) },
        }
    }

    /// The place of an edition, beside the list of editions, which is at this place.
    #[must_use]
    pub fn of_edition(&self, number: i64) -> Self {
        match self {
            Self::File(path) => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                Self::File(path.with_file_name(format!("{stem}-{number}.db")))
            }
            Self::Schema { url, name } => Self::Schema { url: url.clone(), name: format!("{name}_{number}") },
        }
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

/// One edition of the panel's numbers: filled from the start of one history under one set of definitions, and never emptied.
pub struct Panel {
    pub(crate) db: Db,
    number: i64,
    generation: Uuid,
    /// Recently read and written conversations. Facts are applied by one caller at a time.
    cache: Arc<Mutex<Cache>>,
    pub(crate) applying: tokio::sync::Mutex<()>,
}

impl Panel {
    /// Opens an edition, or creates it; refused if it was filled from a different history or under different definitions.
    pub async fn open(place: &Place, number: i64, generation: Uuid, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::open_for(place, number, generation, "", clock).await
    }

    /// The same for an edition that an engine of this name fills, instead of the reducer.
    pub async fn open_for(place: &Place, number: i64, generation: Uuid, filler: &str, clock: Arc<dyn Clock>) -> Result<Self> {
        if DEFINITIONS.measures.is_empty() {
            return Err(Error::Corrupt("indicators.json".to_owned()));
        }
        let migrations = if filler.is_empty() { schema::EDITION } else { schema::EDITION_FROM_OUTSIDE };
        let db = Db::open(Config { engine: place.of_edition(number).engine(), migrations, clock, on_commit: Arc::new(|_| ()) }).await?;
        let rules: Arc<str> = rules(filler).into();
        let begin = db.writer().write_patiently(SHARD, move |tx| {
            let rules = rules.clone();
            Box::pin(async move { store::begin(tx, generation, &rules).await })
        });
        if let Err(error) = begin.await {
            db.close().await;
            return Err(error);
        }
        Ok(Self { db, number, generation, cache: Arc::default(), applying: tokio::sync::Mutex::default() })
    }

    /// Drops what is remembered of conversations.
    pub(crate) fn forget_cached(&self) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The number of this edition: a later one has a higher number.
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// The history it is filled from.
    pub const fn generation(&self) -> Uuid {
        self.generation
    }

    /// How far the journal has been read.
    pub async fn cursor(&self) -> Result<Cursor> {
        store::cursor(&mut self.db.read().await?).await
    }

    /// The facts of a company that could not be counted, or that were wondered at.
    pub async fn refused_facts(&self, tenant: TenantId) -> Result<Vec<RefusedFacts>> {
        refused::read(&mut self.db.read_of(tenant).await?, tenant).await
    }

    /// Applies facts, each transaction together with its cursor. Facts that are already known change nothing, whatever their order. After an error, whatever
    /// was committed before it stays, so the caller reads [`Self::cursor`] and continues from there.
    pub async fn apply<F: Borrow<Fact> + Sync>(&self, mut facts: Vec<F>, directory: &Arc<Directory>) -> Result<Applied> {
        let _one = self.applying.lock().await;
        facts.sort_by_key(|fact| (fact.borrow().xid, fact.borrow().pos));
        let mut applied = Applied::default();
        let mut size = CHUNK;
        let mut rest = &facts[..];
        while !rest.is_empty() {
            let (chunk, later) = rest.split_at(size.min(rest.len()));
            let cursor = chunk.last().map(|fact| Cursor { xid: fact.borrow().xid, pos: fact.borrow().pos }).unwrap_or_default();
            let read: Vec<_> = chunk.iter().map(|fact| Event::read(fact.borrow(), directory)).collect();
            let noted: Arc<[Noted]> = chunk.iter().zip(&read).filter_map(|(fact, read)| Noted::of(fact.borrow(), read, self.db.now())).collect();
            let malformed = read.iter().filter(|events| events.is_err()).count();
            let events: Arc<[Event]> = read.into_iter().flatten().flatten().collect();
            match self.step(events, noted, cursor, directory).await {
                Err(Error::Busy) if size > 1 => {
                    size = (size.min(chunk.len()) / 2).max(1);
                    continue;
                }
                Err(error) => return Err(error),
                Ok(tenants) => applied.tenants.extend(tenants),
            }
            applied.malformed += malformed;
            applied.cursor = cursor;
            rest = later;
        }
        Ok(applied)
    }

    /// Sums days again, a few steps at a time, where a company has moved to a different zone; returns whether there may be more to do. To be called between
    /// batches of facts.
    pub async fn sum_days(&self) -> Result<bool> {
        self.keep_up(Upkeep::Sum).await
    }

    /// Packs the parts of days that are over, a few steps at a time; returns whether there may be more to do. To be called between batches of facts.
    pub async fn pack_days(&self, now: Ts) -> Result<bool> {
        self.keep_up(Upkeep::Pack(packing::before(now))).await
    }

    async fn keep_up(&self, what: Upkeep) -> Result<bool> {
        let _one = self.applying.lock().await;
        let mut days = DAYS;
        for _ in 0..STEPS {
            let mut tx = self.db.read().await?;
            let due = match what {
                Upkeep::Sum => store::zone_to_sum(&mut tx).await?,
                Upkeep::Pack(before) => store::zone_to_pack(&mut tx, before).await?,
            };
            drop(tx);
            if due.is_none() {
                return Ok(false);
            }
            let step = self.db.writer().write::<_, Error, _>(SHARD, move |tx| match what {
                Upkeep::Sum => Box::pin(resum::step(tx, days)),
                Upkeep::Pack(before) => Box::pin(packing::step(tx, before, days)),
            });
            match step.await {
                Err(Error::Busy) if days > 1 => days = (days / 4).max(1),
                done => drop(done?),
            }
        }
        Ok(true)
    }

    /// Applies events in one transaction.
    async fn step(&self, events: Arc<[Event]>, noted: Arc<[Noted]>, to: Cursor, directory: &Arc<Directory>) -> Result<BTreeSet<TenantId>> {
        let (cache, directory) = (self.cache.clone(), directory.clone());
        let done = self
            .db
            .writer()
            .write::<_, Error, _>(SHARD, move |tx| {
                Box::pin(async move {
                    if !noted.is_empty() {
                        store::hold(tx).await?;
                        let before = store::cursor(tx).await?;
                        refused::note(tx, &noted, before).await?;
                    }
                    reduce(tx, &events, to, &directory, &cache).await
                })
            })
            .await?;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).keep(done.batch, done.conversations);
        Ok(done.tenants)
    }

    /// Calls `each` for every amount that is stored of these companies, as of one moment.
    pub async fn each_amount(&self, tenants: &BTreeSet<TenantId>, mut each: impl FnMut(&StoredAmount<'_>)) -> Result<()> {
        let mut tx = self.db.snapshot().await?;
        for tenant in tenants {
            sums::each_amount(&mut tx, *tenant, &mut each).await?;
        }
        Ok(())
    }

    /// Finishes pending work and closes every connection.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// Under which definitions an edition is filled, and by whom unless it is the reducer.
pub(crate) fn rules(filler: &str) -> String {
    let fingerprint = DEFINITIONS.fingerprint();
    if filler.is_empty() { fingerprint.to_owned() } else { format!("{fingerprint} {filler}") }
}

struct Done {
    batch: i64,
    tenants: BTreeSet<TenantId>,
    conversations: HashMap<ConversationKey, Conversation>,
}

async fn reduce(tx: &mut Tx, events: &[Event], to: Cursor, directory: &Directory, cache: &Mutex<Cache>) -> Result<Done> {
    // This comes before anything is read, so that it locks out a second reducer: everything read after it is current.
    let batch = store::advance(tx, to).await?;
    resum::follow(tx, events.iter().map(|event| event.tenant_id).collect(), directory).await?;
    let mut keys: HashSet<ConversationKey> = events.iter().map(conversation_of).collect();
    let mut conversations = cache.lock().unwrap_or_else(PoisonError::into_inner).recall(batch, &mut keys);
    let mut fresh: HashMap<ConversationKey, BTreeMap<i64, &Event>> = HashMap::new();
    for event in events {
        fresh.entry(conversation_of(event)).or_default().entry(event.seq).or_insert(event);
    }
    let mut fresh: HashMap<ConversationKey, Vec<&Event>> = fresh.into_iter().map(|(key, news)| (key, news.into_values().collect())).collect();
    let mut changes = Changes::default();
    // What was known already is taken out of the news. Whether it could be added.
    let mut add = |conversation: &mut Conversation, news: &mut Vec<&Event>| {
        news.retain(|event| !conversation.has(event.seq));
        let changed = conversation.go_on_with(news).or_else(|| conversation.derive_with(news));
        if let Some((before, after)) = &changed {
            changes.replace(before, after, directory);
        }
        changed.is_some() || conversation.is_whole()
    };
    for (key, conversation) in &mut conversations {
        if !fresh.get_mut(key).is_some_and(|news| add(conversation, news)) {
            keys.insert(*key);
        }
    }
    let mut stored: HashMap<ConversationKey, Vec<Event>> = keys.iter().map(|key| (*key, Vec::new())).collect();
    for event in store::events(tx, &keys).await? {
        stored.entry(conversation_of(&event)).or_default().push(event);
    }
    for (key, events) in stored {
        let mut conversation = Conversation::of(events);
        if let Some(news) = fresh.get_mut(&key) {
            add(&mut conversation, news);
        }
        conversations.insert(key, conversation);
    }
    conversations.values_mut().for_each(Conversation::shorten);
    store::insert_events(tx, &fresh.into_values().flatten().collect::<Vec<_>>()).await?;
    store::save(tx, &changes).await?;
    extremes::look_up_again(tx, &changes.cells.taken_back, directory, render::extreme).await?;
    Ok(Done { batch, tenants: changes.tenants(), conversations })
}

const fn conversation_of(event: &Event) -> ConversationKey {
    (event.tenant_id, event.conversation_id)
}
