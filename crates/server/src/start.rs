//! Assembles the program at startup.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use db::{Config as DbConfig, Db, Engine, SqliteFiles};
use domain::{effect::Effect, id::TenantId, journal::View, time::Clock};
use http_kit::{App, app::NewApp, audit::witness, background::Background, in_memory::InMemory, schedule::every};
use node::{Base, NewBase};
use platform::{egress::Egress, env::Env, erasures, keys, post::Post, retry::while_busy, settings::Settings};
use privacy::jobs::repeat;
use realtime::{
    cluster::{Cluster, carrier, hints::Told as Hinted, redis::Redis},
    hub::{BotTurn, Hub},
    jobs::{follow_others, join_cluster},
    node::{NewNode, Node},
};
use service::catalogue::Catalogues;
use tokio::sync::mpsc;
use warehouse::{Editions, Place, outside::Outside};

use crate::{
    jobs,
    record_mark::{self, LastEntry, Marked, RecordMark},
    setup::transfers,
};

/// Logged when a record gets a new generation because its mark does not match it.
const OLDER: &str =
    "an older copy of the record was put back, or it was copied to where it is: its history may have been rewound, and it has another generation";
/// Logged in the same case when there is no mark.
const UNMARKED: &str = "no mark lies beside the record, as at the first start of a version that makes one, or after it was removed: whether an older copy was put back \
                        cannot be told, and the record has another generation";

/// How often it is looked for companies whose import or erasing nobody goes on with: at the start, and then because another node may have ended.
const FINISH_EVERY: Duration = Duration::from_secs(60);
/// Why a record does not start that is only half there.
const HALF_MOVED: &str = "a record is being moved into this database, and not all of it is there: repeat `yingda move` until it succeeds";

/// Why PostgreSQL does not keep companies' rows apart.
const NOT_APART: &str = "PostgreSQL permits this program neither to create the role yingda_reader nor to take it on, so only its own statements keep the rows of \
    companies apart: see \"PostgreSQL\" in deploy/README.md";

/// Why clients may know more of the record's history than the record itself, as text for the log; `None` if they cannot.
async fn rewind_reason(db: &Db, data: &Path) -> store::Result<Option<&'static str>> {
    Ok(match record_mark::read(data).map_err(db::Error::Io)? {
        Marked::Nothing => store::entry_points::last_entry(db).await?.map(|_| UNMARKED),
        Marked::Otherwise => Some(OLDER),
        Marked::Holds(None) => None,
        Marked::Holds(Some(last)) => {
            let mut tx = db.read().await?;
            let found = db::journal::page(&mut tx, last.tenant, last.stream, View::Staff, last.seq - 1, 1).await?;
            let is_there = found.first().map(LastEntry::of).as_ref() == Some(&last);
            (!is_there && !was_erased(data, last.tenant).await?).then_some(OLDER)
        }
    })
}

/// Whether a company was erased, and its entries with it.
async fn was_erased(data: &Path, tenant: TenantId) -> store::Result<bool> {
    let list = erasures::load(data).await.map_err(db::Error::Io)?;
    Ok(list.iter().any(|erasure| erasure.kind == erasures::Kind::Company && erasure.tenant() == tenant))
}

/// The parts of the program that every commit is reported to.
struct Told {
    hub: Hub,
    catalogues: Arc<Catalogues>,
    in_memory: Arc<InMemory>,
}

/// The program on its record, before any job runs and before anybody connects: the moment to write what no job may see half of.
pub struct Opened {
    app: App,
    turns: mpsc::Receiver<BotTurn>,
    redis: Option<(Arc<Redis>, mpsc::Receiver<Hinted>)>,
}

impl Opened {
    /// The program; nothing happens in it by itself.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Starts the background tasks.
    pub fn run_jobs(self) -> App {
        let Self { app, turns, redis } = self;
        jobs::start(&app, turns);
        every(&app, FINISH_EVERY, |app| async move { transfers::finish(&app).await });
        if let Some((redis, waiting)) = redis {
            carrier::start(&app, &redis, waiting);
        }
        app
    }
}

/// Opens the record and starts the background tasks.
pub async fn start(settings: Settings, clock: Arc<dyn Clock>) -> store::Result<App> {
    Ok(open(settings, None, clock).await?.run_jobs())
}

/// Opens the record; `outside` is the engine that computes the numbers outside of this program, if there is one.
///
/// # Errors
/// If the record, its key or one of the settings cannot be used; the text says which.
pub async fn open(settings: Settings, outside: Option<Arc<dyn Outside>>, clock: Arc<dyn Clock>) -> store::Result<Opened> {
    let env = Env::new(clock.clone());
    let (in_memory, catalogues) = (Arc::new(InMemory::default()), Arc::new(Catalogues::default()));
    let this = store::entry_points::LivingNode { id: env.uuid(), started_at: env.now() };
    let engine = match &settings.database_url {
        Some(url) => Engine::record_in(url.clone()),
        None => Engine::Sqlite(SqliteFiles { path: settings.data.join(record_mark::RECORD), durable: true }),
    };
    let mark: Arc<OnceLock<RecordMark>> = Arc::default();
    // The hub needs the installation's secret, and the record has to be open before that can be read: what is committed before the hub exists concerns
    // nobody.
    let told: Arc<OnceLock<Told>> = Arc::default();
    let (tell, told_at, marked) = (told.clone(), clock.clone(), mark.clone());
    let on_commit = Arc::new(move |effects: Vec<Effect>| {
        if let Some(mark) = marked.get() {
            mark.note(&effects);
        }
        if let Some(Told { hub, catalogues, in_memory }) = tell.get() {
            catalogues.outdated_by(&effects);
            in_memory.stamps.observe(&effects, told_at.now());
            hub.publish(effects);
        }
    });
    let key = keys::find(&settings, &engine, clock.as_ref()).await?;
    let db = Db::open(DbConfig { engine: engine.clone(), migrations: store::schema::MIGRATIONS, clock, on_commit }).await?;
    if !engine.is_embedded() && !db.keeps_rows_apart() {
        tracing::warn!("{NOT_APART}");
    }
    if store::entry_points::moving(&mut db.read().await?).await?.is_some() {
        return Err(db::Error::Unsafe(HALF_MOVED.to_owned()).into());
    }
    let keys = keys::settle(&db, &engine, &env, &settings.seal_key, key).await?;
    while_busy(|| store::entry_points::fill_found_by(&db)).await?;
    let sealer = keys.sealer();
    while_busy(|| service::company_key::seal_plain_pages(&db, &sealer)).await?;
    if engine.is_embedded() {
        if let Some(why) = rewind_reason(&db, &settings.data).await? {
            while_busy(|| store::entry_points::begin_generation(&db, env.uuid())).await?;
            tracing::warn!("{why}");
        }
        let last = store::entry_points::last_entry(&db).await?;
        let begun = RecordMark::begin(&settings.data, last.as_ref().map(LastEntry::of)).map_err(db::Error::Io)?;
        let _ = mark.set(begun);
        tokio::spawn(record_mark::keep_flushed(Arc::downgrade(&mark)));
    }
    if store::entry_points::settle(&db, env.uuid()).await? {
        tracing::warn!("the record lies elsewhere than before, and its history may have been rewound: it has another generation");
    }
    let (generation, _) = store::entry_points::generation(&db).await?;
    let (redis, hints, waiting) = match &settings.redis_url {
        Some(url) => {
            let (redis, hints, waiting) = Redis::new(url, keys.secret(), this.id).map_err(|why| db::Error::Unsafe(format!("redis_url: {why}")))?;
            (Some(redis), Some(hints), Some(waiting))
        }
        None => (None, None, None),
    };
    let (hub, turns) = Hub::new(hints);
    let _ = told.set(Told { hub: hub.clone(), catalogues: catalogues.clone(), in_memory: in_memory.clone() });
    let cluster = Cluster::new(this, generation, redis.clone());
    let place = match &settings.database_url {
        Some(url) => Place::Schema { url: url.clone(), name: "yingda_panel".to_owned() },
        None => Place::File(settings.data.join("panel.db")),
    };
    let egress = Egress::new(settings.allow_private).map_err(db::Error::from)?;
    let post = Post::new(&settings, egress.clone()).map_err(|why| db::Error::Unsafe(format!("[mail] or [sms]: {why}")))?;
    let editions = Editions::open_with(place, cluster.generation(), outside, env.clock()).await?;
    let embeddings = settings.embedding.as_ref().map(|embedding| embedding::open(embedding, &egress, env.now()));
    let base = Base::new(NewBase { db, env, settings, keys, catalogues });
    let node = Node::new(NewNode { base, hub, cluster });
    if let Some(embeddings) = embeddings {
        node.bots().use_embeddings(embeddings);
    }
    let app = App::new(NewApp { node, in_memory, editions, egress, post, background: Background::default() });
    // Done before anybody connects, so that everything other nodes commit from now on is seen.
    while_busy(|| join_cluster::step(&app)).await?;
    follow_others::step(&app).await?;
    while_busy(|| witness::begin(&app)).await?;
    // What a backup brought back is out of sight before anybody can see it.
    transfers::hide_again(&app).await?;
    repeat::run(&app).await?;
    Ok(Opened { app, turns, redis: redis.zip(waiting) })
}
