//! What every handler can reach.

mod start;

use std::sync::Arc;

use db::Db;
use domain::id::TenantId;
use service::{bots::Bots, catalogue::Catalogue, sealing::Sealer, vault::Vault};

use crate::{
    env::Env,
    keys::Keys,
    realtime::{hub::Hub, live::Live},
    settings::Settings,
    shared::Shared,
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
    shared: Arc<Shared>,
    bots: Bots,
    live: Live,
}

impl App {
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
