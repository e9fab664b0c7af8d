//! The application state that every handler has access to.

mod start;

use std::sync::Arc;

use db::Db;
use domain::id::TenantId;
use service::{bots::Bots, catalogue::Catalogue, sealing::Sealer, vault::Vault};

use crate::{
    env::Env,
    in_memory::InMemory,
    keys::Keys,
    realtime::{hub::Hub, live::Live},
    settings::Settings,
};

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    db: Db,
    env: Env,
    hub: Hub,
    settings: Settings,
    keys: Keys,
    in_memory: Arc<InMemory>,
    bots: Bots,
    live: Live,
}

impl App {
    /// The catalogue of goods that a company sells.
    pub async fn catalogue(&self, tenant: TenantId) -> store::Result<Arc<Catalogue>> {
        self.in_memory().catalogues.of(self.db(), tenant).await
    }
    /// The companies' bots.
    pub fn bots(&self) -> &Bots {
        &self.0.bots
    }
    /// Live state that can be rebuilt: marks not yet written, limits, the panel.
    pub fn live(&self) -> &Live {
        &self.0.live
    }
    /// The record: the database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// The clock, and the source of ids and secrets.
    pub fn env(&self) -> &Env {
        &self.0.env
    }
    /// The hub: which connection subscribes to what.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }
    /// How the server is configured.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// The guards, caches and counters of this process.
    pub fn in_memory(&self) -> &InMemory {
        &self.0.in_memory
    }
    /// Signs a backup of this record; see [`crate::seal_key::SealKey::sign_backup`].
    pub(crate) fn sign_backup(&self, digest: &str) -> String {
        self.0.keys.sign_backup(digest)
    }
    /// Seals data that only this installation may read.
    pub fn sealer(&self) -> Sealer {
        self.0.keys.sealer()
    }
    /// Opens data given to browsers under the installation's former key, for as long as that key is accepted.
    pub fn former_sealer(&self) -> Option<Sealer> {
        self.0.keys.former_sealer(self.env().now())
    }
    /// Seals and looks up data that identifies people.
    pub fn vault(&self) -> Vault {
        self.0.keys.vault(self.env().now())
    }
}
