//! What every handler can reach, and how it is put together.

use std::{path::PathBuf, sync::Arc};

use db::{Config as DbConfig, Db, Engine, SqliteFiles};
use domain::{journal::Effect, time::Clock};
use uuid::Uuid;

use crate::{
    bots::Bots,
    env::Env,
    jobs,
    realtime::{hub::Hub, live::Live},
    sealing::Sealer,
    shared::Shared,
};

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the record (on SQLite), what is derived from it, uploads, keys.
    pub data: PathBuf,
    /// PostgreSQL, if the record lives there.
    pub database_url: Option<String>,
    /// The address at which browsers reach the server, without a slash at the end, e.g. `http://127.0.0.1:8080`.
    pub public_url: String,
    /// Whether a reverse proxy of ours stands in front and names the client in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Sends a second per connection, and at once.
    pub sends_per_second: f64,
    /// See `sends_per_second`.
    pub sends_burst: f64,
    /// Whether requests of ours may go into private networks.
    pub allow_private: bool,
}

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    db: Db,
    env: Env,
    hub: Hub,
    settings: Settings,
    installation: Installation,
    shared: Arc<Shared>,
    bots: Bots,
    live: Live,
}

/// What is true of this installation's history and secrets.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Changes when history is rewound.
    pub generation: Uuid,
    /// Seals what a host page keeps for the widget.
    pub seal_key: Vec<u8>,
}

impl App {
    /// Opens the record and starts what runs beside requests.
    pub async fn start(settings: Settings, clock: Arc<dyn Clock>) -> store::Result<Self> {
        let env = Env::new(clock.clone());
        let (hub, turns) = Hub::new();
        let told = hub.clone();
        let shared = Arc::new(Shared::default());
        let cached = shared.clone();
        let engine = match &settings.database_url {
            Some(url) => Engine::Postgres { url: url.clone(), schema: "yingda" },
            None => Engine::Sqlite(SqliteFiles { path: settings.data.join("yingda.db"), durable: true }),
        };
        let on_commit = Arc::new(move |effects: Vec<Effect>| {
            cached.outdated_by(&effects);
            told.publish(effects);
        });
        let db = Db::open(DbConfig { engine, migrations: store::schema::MIGRATIONS, clock, on_commit }).await?;
        let installation =
            store::entry_points::installation(&db, env.uuid(), env.secret().map_err(|error| store::Error::Db(db::Error::Io(std::io::Error::other(error))))?)
                .await?;
        let installation = Installation { generation: installation.0, seal_key: installation.1 };
        let live = Live::open(&settings, installation.generation, env.clock()).await?;
        let app = Self(Arc::new(Parts { db, env, hub, settings, installation, shared, bots: Bots::default(), live }));
        jobs::start(&app, turns);
        Ok(app)
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
    /// Seals what only this installation may read.
    pub fn sealer(&self) -> Sealer {
        Sealer::new(&self.0.installation.seal_key)
    }
    /// This installation.
    pub fn installation(&self) -> &Installation {
        &self.0.installation
    }
}
