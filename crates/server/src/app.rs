//! What every handler can reach, and how it is put together.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use db::{Config as DbConfig, Db, Engine, SqliteFiles};
use domain::{
    id::TenantId,
    journal::{Effect, View},
    time::Clock,
};
use service::{bots::Bots, catalogue::Catalogue, sealing::Sealer, vault::Vault};
use store::entry_points::Node;

use crate::{
    cluster::{
        Cluster,
        carrier::{self, Redis},
    },
    env::Env,
    jobs,
    keys::{self, Keys},
    post::{MailRoute, SmsRoute, TextLimits},
    realtime::{hub::Hub, live::Live},
    record_mark::{self, LastEntry, Marked, RecordMark},
    seal_key::SealKeyFrom,
    shared::Shared,
};

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the record (on SQLite), what is derived from it, uploads.
    pub data: PathBuf,
    /// Where uploaded files lie; nodes of a cluster share it.
    pub files: PathBuf,
    /// Where the key is by which the record is sealed.
    pub seal_key: SealKeyFrom,
    /// PostgreSQL, if the record lives there.
    pub database_url: Option<String>,
    /// Redis, which carries hints between nodes on one PostgreSQL.
    pub redis_url: Option<String>,
    /// How long a stop may take.
    pub drain: Duration,
    /// How long a closure may keep the writer from others while the server answers: [`crate::serve::CLOSURE_LIMIT`], and longer only where tests crowd the machine.
    pub closure_limit: Duration,
    /// The address at which browsers reach the server, without a slash at the end, e.g. `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Whether a reverse proxy of ours stands in front and names the client in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Files this process may have open: each connection takes one.
    pub open_files: u64,
    /// Sends a second per connection, and at once.
    pub sends_per_second: f64,
    /// See `sends_per_second`.
    pub sends_burst: f64,
    /// Connections of one visitor, or of one session of the staff, at the same time.
    pub connections: usize,
    /// Bytes of uploaded files that one company keeps at most.
    pub files_bytes: i64,
    /// Whether requests of ours may go into private networks.
    pub allow_private: bool,
    /// How mail goes out.
    pub mail: MailRoute,
    /// How text messages go out.
    pub sms: SmsRoute,
    /// To whom text messages go, and how many.
    pub texts: TextLimits,
}

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    db: Db,
    env: Env,
    hub: Hub,
    settings: Settings,
    keys: Keys,
    shared: Arc<Shared>,
    bots: Bots,
    live: Live,
}

/// How often a write is tried while the program starts: on a machine that is just booting the database may be slow.
const START_ATTEMPTS: u32 = 20;

/// Repeats what was told to come back later.
pub(crate) async fn patiently<T, F: Future<Output = store::Result<T>>>(mut write: impl FnMut() -> F) -> store::Result<T> {
    for _ in 1..START_ATTEMPTS {
        match write().await {
            Err(store::Error::Db(db::Error::Busy)) => tokio::time::sleep(Duration::from_millis(250)).await,
            other => return other,
        }
    }
    write().await
}

/// What is logged of a record that gets another generation because its mark does not fit it.
const OLDER: &str =
    "an older copy of the record was put back, or it was copied to where it is: its history may have been rewound, and it has another generation";
/// The same where there is no mark.
const UNMARKED: &str = "no mark lies beside the record, as at the first start of a version that makes one, or after it was removed: whether an older copy was put back \
                        cannot be told, and the record has another generation";

/// Why clients may know more of the record's history than the record itself, for the log; `None` where they do not.
async fn rewound(db: &Db, data: &Path) -> store::Result<Option<&'static str>> {
    Ok(match record_mark::read(data).map_err(db::Error::Io)? {
        Marked::Nothing => store::entry_points::last_entry(db).await?.map(|_| UNMARKED),
        Marked::Otherwise => Some(OLDER),
        Marked::Holds(None) => None,
        Marked::Holds(Some(last)) => {
            let mut tx = db.read().await?;
            let found = db::journal::page(&mut tx, last.tenant, last.stream, View::Staff, last.seq - 1, 1).await?;
            (found.first().map(LastEntry::of) != Some(last)).then_some(OLDER)
        }
    })
}

impl App {
    /// Opens the record and starts what runs beside requests.
    pub async fn start(settings: Settings, clock: Arc<dyn Clock>) -> store::Result<Self> {
        let env = Env::new(clock.clone());
        let shared = Arc::new(Shared::default());
        let node = Node { id: env.uuid(), started_at: env.now() };
        let engine = match &settings.database_url {
            Some(url) => Engine::Postgres { url: url.clone(), schema: "yingda" },
            None => Engine::Sqlite(SqliteFiles { path: settings.data.join(record_mark::RECORD), durable: true }),
        };
        let mark: Arc<OnceLock<RecordMark>> = Arc::default();
        // The hub needs the installation's secret, and the record has to be open to be asked for it: what is committed before the hub stands concerns nobody.
        let told: Arc<OnceLock<(Hub, Arc<Shared>)>> = Arc::default();
        let (tell, told_at, marked) = (told.clone(), clock.clone(), mark.clone());
        let on_commit = Arc::new(move |effects: Vec<Effect>| {
            if let Some(mark) = marked.get() {
                mark.note(&effects);
            }
            if let Some((hub, cached)) = tell.get() {
                cached.outdated_by(&effects);
                cached.stamps.observe(&effects, told_at.now());
                hub.publish(effects);
            }
        });
        let key = keys::find(&settings, &engine, clock.as_ref()).await?;
        let db = Db::open(DbConfig { engine: engine.clone(), migrations: store::schema::MIGRATIONS, clock, on_commit }).await?;
        let keys = keys::settle(&db, &engine, &env, &settings.seal_key, key).await?;
        if engine.is_embedded() {
            if let Some(why) = rewound(&db, &settings.data).await? {
                patiently(|| store::entry_points::begin_generation(&db, env.uuid())).await?;
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
                let (redis, hints, waiting) = Redis::new(url, keys.secret(), node.id).map_err(|why| db::Error::Unsafe(format!("redis_url: {why}")))?;
                (Some(redis), Some(hints), Some(waiting))
            }
            None => (None, None, None),
        };
        let (hub, turns) = Hub::new(hints);
        let _ = told.set((hub.clone(), shared.clone()));
        let cluster = Cluster::new(node, generation, redis.clone());
        let live = Live::open(&settings, cluster, env.clock()).await?;
        let app = Self(Arc::new(Parts { db, env, hub, settings, keys, shared, bots: Bots::default(), live }));
        // Before anybody connects: what others commit from now on is seen.
        patiently(|| jobs::join_cluster::step(&app)).await?;
        jobs::follow_others::step(&app).await?;
        jobs::start(&app, turns);
        if let (Some(redis), Some(waiting)) = (&redis, waiting) {
            carrier::start(&app, redis, waiting);
        }
        Ok(app)
    }
    /// What a company sells.
    pub async fn catalogue(&self, tenant: TenantId) -> store::Result<Arc<Catalogue>> {
        self.shared().catalogues.of(self.db(), tenant).await
    }
    /// The bots of the companies.
    pub fn bots(&self) -> &Bots {
        &self.0.bots
    }
    /// What is live and can be made again: marks on their way, limits, the panel.
    pub fn live(&self) -> &Live {
        &self.0.live
    }
    /// The record.
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// Time, ids, secrets.
    pub fn env(&self) -> &Env {
        &self.0.env
    }
    /// Who listens to what.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }
    /// How the server is set up.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// Guards, caches and counters of this process.
    pub fn shared(&self) -> &Shared {
        &self.0.shared
    }
    /// Signs a backup of this record, as [`crate::seal_key::SealKey::sign_backup`] does.
    pub(crate) fn sign_backup(&self, digest: &str) -> String {
        self.0.keys.sign_backup(digest)
    }
    /// Seals what only this installation may read.
    pub fn sealer(&self) -> Sealer {
        self.0.keys.sealer()
    }
    /// Opens what browsers were given before the installation got the key it has now, for as long as that is accepted.
    pub fn former_sealer(&self) -> Option<Sealer> {
        self.0.keys.former_sealer(self.env().now())
    }
    /// Seals and finds what identifies people.
    pub fn vault(&self) -> Vault {
        self.0.keys.vault(self.env().now())
    }
}
