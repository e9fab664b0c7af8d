//! The editions of the derived store. Each is filled from the start of a history under one set of definitions. A new one is filled beside the one that is shown,
//! and shown instead as soon as it is complete; what nobody shows any longer is deleted.
//!
//! The list of editions is shared by all nodes. A node shows the latest complete edition of its history and its own definitions, so nodes of two releases each
//! find their own; while there is none yet, it shows the one being filled.

use std::sync::{Arc, Mutex, PoisonError};

use db::{
    Config, Db, Error, Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::time::{Clock, MINUTE, Ts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    outside::Outside,
    panel::{Panel, Place, rules},
    schema,
    store::SHARD,
};

/// How long an edition that is no longer shown is kept, in milliseconds: other nodes and running requests may still read it.
const PARTING_MS: i64 = 10 * MINUTE;

row! {
    /// An edition, as the list has it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Listed {
        /// Its number: a later one has a higher number.
        pub number: i64,
        /// When it was complete; `None` while it is being filled for the first time.
        pub ready_at: Option<i64>,
    }
}

/// How far an edition has been filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EditionFilling)]
pub struct Filling {
    /// The number of the edition.
    pub edition: i64,
    /// How far it has come in the journal.
    pub position: i64,
    /// The journal's last position.
    pub last_position: i64,
}

/// The editions as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Editions)]
pub struct State {
    /// The number of the edition that is shown.
    pub shown: i64,
    /// When that one was complete, in milliseconds since the epoch; `null` while it is being filled for the first time.
    #[schema(required)]
    pub ready_at: Option<i64>,
    /// The edition that is being filled, if there is one.
    #[schema(required)]
    pub filling: Option<Filling>,
}

/// The editions, as this node uses them. Cheap to clone.
#[derive(Clone)]
pub struct Editions(Arc<Inner>);

struct Inner {
    place: Place,
    list: Db,
    clock: Arc<dyn Clock>,
    /// Who computes the numbers, if it is not the reducer.
    outside: Option<Arc<dyn Outside>>,
    open: Mutex<Open>,
    /// The list is followed by one caller at a time.
    following: tokio::sync::Mutex<()>,
    /// Response times are read by one caller at a time: that may take long, and the list has to be followed meanwhile.
    reading_timings: tokio::sync::Mutex<()>,
}

/// The open editions.
struct Open {
    generation: Uuid,
    shown: Arc<Panel>,
    /// When the shown one was complete.
    ready_at: Option<Ts>,
    /// Since when this process has shown it.
    since: Ts,
    filling: Option<Arc<Panel>>,
    /// No longer shown, but perhaps still read.
    parting: Vec<Arc<Panel>>,
}

impl Editions {
    /// Opens the list of editions at this place, and those of the history `generation` that are shown and filled.
    pub async fn open(place: Place, generation: Uuid, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::open_with(place, generation, None, clock).await
    }

    /// The same, with the engine that computes the numbers outside of this program, if there is one. It has editions of its own.
    pub async fn open_with(place: Place, generation: Uuid, outside: Option<Arc<dyn Outside>>, clock: Arc<dyn Clock>) -> Result<Self> {
        let filler: Arc<str> = outside.as_ref().map_or("", |outside| outside.name()).into();
        let list = Db::open(Config { engine: place.engine(), migrations: schema::LIST, clock: clock.clone(), on_commit: Arc::new(|_| ()) }).await?;
        let (shown, filling) = choose(&place, &list, generation, &filler).await?;
        let ready_at = shown.ready_at.map(Ts);
        let open = |number| Panel::open_for(&place, number, generation, &filler, clock.clone());
        let shown = Arc::new(open(shown.number).await?);
        let filling = match filling {
            Some(filling) => Some(Arc::new(open(filling.number).await?)),
            None => None,
        };
        let open = Mutex::new(Open { generation, shown, ready_at, since: clock.now(), filling, parting: Vec::new() });
        let (following, reading_timings) = Default::default();
        Ok(Self(Arc::new(Inner { place, list, clock, outside, open, following, reading_timings })))
    }

    /// Who computes the numbers, if it is not the reducer.
    pub fn outside(&self) -> Option<&Arc<dyn Outside>> {
        self.0.outside.as_ref()
    }

    fn filler(&self) -> &str {
        self.0.outside.as_ref().map_or("", |outside| outside.name())
    }

    /// The edition to read from.
    pub fn current(&self) -> Arc<Panel> {
        self.now(|open| open.shown.clone())
    }

    /// The editions to fill: the one that is shown, and the one that will be.
    pub fn to_fill(&self) -> Vec<Arc<Panel>> {
        self.now(|open| [Some(open.shown.clone()), open.filling.clone()].into_iter().flatten().collect())
    }

    /// The edition that will be shown when it is complete, if there is one.
    pub fn filling(&self) -> Option<Arc<Panel>> {
        self.now(|open| open.filling.clone())
    }

    /// Whether the edition that is shown was complete once.
    pub fn is_complete(&self) -> bool {
        self.now(|open| open.ready_at.is_some())
    }

    /// The history whose numbers are shown.
    pub fn generation(&self) -> Uuid {
        self.now(|open| open.generation)
    }

    /// Uses what the list of editions says now, for this history. A first edition is begun if there is none.
    pub async fn follow(&self, generation: Uuid) -> Result<()> {
        let _one = self.0.following.lock().await;
        let (listed, to_fill) = choose(&self.0.place, &self.0.list, generation, self.filler()).await?;
        let shown = self.open_one(&listed, generation).await?;
        // One that cannot be opened does not keep the one that is shown from being fed.
        let filling = match to_fill {
            Some(filling) => self.open_one(&filling, generation).await.map(Some).or_else(|error| if error.is_away() { Err(error) } else { Ok(None) })?,
            None => None,
        };
        let unread = self.now(|open| {
            let used: Vec<_> = [Some(&shown), filling.as_ref()].into_iter().flatten().map(|panel| (panel.number(), panel.generation())).collect();
            let before = [Some(std::mem::replace(&mut open.shown, shown)), std::mem::replace(&mut open.filling, filling)];
            if before.iter().flatten().next().is_none_or(|before| before.number() != open.shown.number()) {
                open.since = self.0.clock.now();
            }
            (open.generation, open.ready_at) = (generation, listed.ready_at.map(Ts));
            open.parting.extend(before.into_iter().flatten().filter(|panel| !used.contains(&(panel.number(), panel.generation()))));
            // Whoever still reads one holds it; nobody can take it up again.
            open.parting.extract_if(.., |panel| Arc::strong_count(panel) == 1).collect::<Vec<_>>()
        });
        for panel in unread {
            panel.close().await;
        }
        Ok(())
    }

    /// Begins a new edition beside the one that is shown, and returns its number; if one is being filled already, the number of that.
    pub async fn rebuild(&self) -> Result<i64> {
        let (generation, place) = (self.generation(), self.0.place.clone());
        let (shown, filling) = choose(&place, &self.0.list, generation, self.filler()).await?;
        if let Some(filling) = filling.or_else(|| Some(shown).filter(|shown| shown.ready_at.is_none())) {
            return Ok(filling.number);
        }
        let begun = begin(&place, &self.0.list, (generation, self.filler()), true).await?;
        self.follow(generation).await?;
        Ok(begun)
    }

    /// Notes that an edition has caught up with the journal: from now on it may be shown.
    pub async fn note_ready(&self, panel: &Panel) -> Result<()> {
        let is_noted = self.now(|open| open.shown.number() == panel.number() && open.ready_at.is_some());
        if is_noted {
            return Ok(());
        }
        let number = panel.number();
        self.0.list.writer().write_patiently(SHARD, move |tx| Box::pin(note_ready(tx, number))).await?;
        self.follow(self.generation()).await
    }

    /// Deletes editions that have not been shown for a while. To be called by one node.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.0.clock.now();
        let (ready_at, shown, parting): (_, _, Vec<i64>) = self.now(|open| {
            let since = open.ready_at.map(|ready_at| ready_at.max(open.since));
            (since, open.shown.number(), open.parting.iter().map(|panel| panel.number()).collect())
        });
        if ready_at.is_none_or(|at| now.since(at) < PARTING_MS) {
            return Ok(());
        }
        let earlier: Vec<(i64,)> = {
            let mut tx = self.0.list.read().await?;
            q!(tx, |c| sqlx::query_as("SELECT number FROM edition WHERE number < $1 ORDER BY number").bind(shown).fetch_all(c).await)?
        };
        for (number,) in earlier {
            if !parting.contains(&number) {
                delete(&self.0.place, &self.0.list, number).await?;
            }
        }
        Ok(())
    }

    /// The edition that is shown and the one being filled, as the list has them.
    pub async fn state(&self) -> Result<(Listed, Option<Listed>)> {
        choose(&self.0.place, &self.0.list, self.generation(), self.filler()).await
    }

    /// The same, with how far the one that is being filled has come; the journal's last position is known to the caller.
    pub async fn progress(&self, last_position: i64) -> Result<State> {
        let (shown, beside) = self.state().await?;
        let number = beside.as_ref().or(Some(&shown).filter(|shown| shown.ready_at.is_none())).map(|edition| edition.number);
        let filling = match self.to_fill().iter().find(|panel| Some(panel.number()) == number) {
            Some(panel) => {
                let position = panel.cursor().await?.pos;
                Some(Filling { edition: panel.number(), position, last_position: last_position.max(position) })
            }
            None => None,
        };
        Ok(State { shown: shown.number, ready_at: shown.ready_at, filling })
    }

    /// Where what is not computed from the journal is stored.
    pub(crate) fn list(&self) -> &Db {
        &self.0.list
    }

    /// Waits until nobody else reads response times.
    pub(crate) async fn turn_to_read_timings(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.reading_timings.lock().await
    }

    /// Writes the logs of embedded databases back and empties them, so that nothing that was deleted is left in them. Returns whether nothing was in the way.
    pub async fn empty_logs(&self) -> Result<bool> {
        let places = self.to_fill().iter().map(|panel| self.0.place.of_edition(panel.number())).chain([self.0.place.clone()]).collect::<Vec<_>>();
        let mut is_empty = true;
        for place in places {
            is_empty &= db::empty_log(&place.engine()).await?;
        }
        Ok(is_empty)
    }

    /// Finishes pending work and closes every connection.
    pub async fn close(&self) {
        let all = self.now(|open| [Some(open.shown.clone()), open.filling.clone()].into_iter().flatten().chain(open.parting.drain(..)).collect::<Vec<_>>());
        for panel in all {
            panel.close().await;
        }
        self.0.list.close().await;
    }

    fn now<T>(&self, read: impl FnOnce(&mut Open) -> T) -> T {
        read(&mut self.0.open.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// An edition, which may already be open.
    async fn open_one(&self, listed: &Listed, generation: Uuid) -> Result<Arc<Panel>> {
        // Numbers come again after the list was rewound.
        let known = self.to_fill().into_iter().find(|panel| panel.number() == listed.number && panel.generation() == generation);
        match known {
            Some(panel) => Ok(panel),
            None => Ok(Arc::new(Panel::open_for(&self.0.place, listed.number, generation, self.filler(), self.0.clock.clone()).await?)),
        }
    }
}

/// The edition to show, and the one to fill beside it. A first edition is begun if there is none, and again if its file is gone.
async fn choose(place: &Place, list: &Db, generation: Uuid, filler: &str) -> Result<(Listed, Option<Listed>)> {
    loop {
        let of: Vec<Listed> = {
            let mut tx = list.read().await?;
            let sql = "SELECT number, ready_at FROM edition WHERE generation = $1 AND rules = $2 ORDER BY number";
            q!(tx, |c| sqlx::query_as(sql).bind(generation).bind(rules(filler)).fetch_all(c).await)?
        };
        let last = of.last().cloned();
        let shown = of.into_iter().rev().find(|edition| edition.ready_at.is_some() && edition.is_there(place)).or_else(|| last.clone());
        let Some(shown) = shown.filter(|shown| shown.ready_at.is_none() || shown.is_there(place)) else {
            begin(place, list, (generation, filler), last.is_some()).await?;
            continue;
        };
        let filling = last.filter(|last| last.number > shown.number && last.ready_at.is_none());
        return Ok((shown, filling));
    }
}

impl Listed {
    /// Whether nobody has deleted its file.
    fn is_there(&self, place: &Place) -> bool {
        match place.of_edition(self.number) {
            Place::File(path) => path.exists(),
            Place::Schema { .. } => true,
        }
    }
}

/// Begins an edition and returns its number. Unless `beside`, only if there is none of this history under these definitions; otherwise the number of the last.
async fn begin(place: &Place, list: &Db, (generation, filler): (Uuid, &str), beside: bool) -> Result<i64> {
    let (place, rules) = (place.clone(), Arc::<str>::from(rules(filler)));
    let write = list.writer().write_patiently(SHARD, move |tx| {
        let (place, rules) = (place.clone(), rules.clone());
        Box::pin(async move { insert(tx, &place, (generation, &rules), beside).await })
    });
    write.await
}

async fn insert(tx: &mut Tx, place: &Place, (generation, rules): (Uuid, &str), beside: bool) -> Result<i64> {
    let next = "UPDATE edition_counter SET last = last + 1 WHERE one = 1 RETURNING last";
    let (number,): (i64,) = q!(tx, |c| sqlx::query_as(next).fetch_one(c).await)?;
    if !beside {
        let sql = "SELECT MAX(number) FROM edition WHERE generation = $1 AND rules = $2";
        let (of,): (Option<i64>,) = q!(tx, |c| sqlx::query_as(sql).bind(generation).bind(rules).fetch_one(c).await)?;
        if let Some(of) = of {
            return Ok(of);
        }
    }
    // What an earlier list has left behind.
    empty(tx, place, number).await?;
    if let Place::Schema { name, .. } = place.of_edition(number) {
        // Here, so that nodes that open it at the same moment find it.
        bulk::run(tx, format!("CREATE SCHEMA {name}"), &[]).await?;
    }
    let values = [Value::Int(Some(number)), Value::Uuid(generation), Value::Text(Some(rules)), Value::Int(Some(tx.now().0))];
    bulk::run(tx, "INSERT INTO edition (number, generation, rules, begun_at) VALUES ($1, $2, $3, $4)".to_owned(), &values).await?;
    Ok(number)
}

async fn note_ready(tx: &mut Tx, number: i64) -> Result<()> {
    let now = tx.now().0;
    let sql = "UPDATE edition SET ready_at = $2 WHERE number = $1 AND ready_at IS NULL";
    bulk::run(tx, sql.to_owned(), &[Value::Int(Some(number)), Value::Int(Some(now))]).await.map(drop)
}

async fn delete(place: &Place, list: &Db, number: i64) -> Result<()> {
    let place = place.clone();
    let write = list.writer().write::<_, Error, _>(SHARD, move |tx| {
        let place = place.clone();
        Box::pin(async move { delete_one(tx, &place, number).await })
    });
    write.await
}

async fn delete_one(tx: &mut Tx, place: &Place, number: i64) -> Result<()> {
    empty(tx, place, number).await?;
    bulk::run(tx, "DELETE FROM edition WHERE number = $1".to_owned(), &[Value::Int(Some(number))]).await.map(drop)
}

/// Deletes the file or schema of an edition, if there is one.
async fn empty(tx: &mut Tx, place: &Place, number: i64) -> Result<()> {
    match place.of_edition(number) {
        Place::File(path) => {
            for ending in ["", "-wal", "-shm"] {
                let mut file = path.clone().into_os_string();
                file.push(ending);
                match std::fs::remove_file(file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
            Ok(())
        }
        Place::Schema { name, .. } => {
            // Whoever reads it from outside, a dump for example, is not waited for: there is a next time.
            bulk::run(tx, "SET LOCAL lock_timeout = '1s'".to_owned(), &[]).await?;
            bulk::run(tx, format!("DROP SCHEMA IF EXISTS {name} CASCADE"), &[]).await.map(drop)
        }
    }
}
