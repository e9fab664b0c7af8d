//! What a node has at hand whether or not anybody is connected to it: the record, the clock, the settings, the installation's keys, and the companies' catalogues
//! and bots. It knows no connection.

use std::sync::Arc;

use db::Db;
use domain::id::TenantId;
use platform::{env::Env, keys::Keys, settings::Settings};
use seal::{Sealer, vault::Vault};
use service::{
    bots::Bots,
    catalogue::{Catalogue, Catalogues},
};

/// What a node has at hand. Cheap to clone.
#[derive(Clone)]
pub struct Base(Arc<Inner>);

/// The parts of a new base.
pub struct NewBase {
    /// The record.
    pub db: Db,
    /// The clock, and the source of ids and secrets.
    pub env: Env,
    /// How the program is configured.
    pub settings: Settings,
    /// The installation's keys.
    pub keys: Keys,
    /// The companies' catalogues, as last read.
    pub catalogues: Arc<Catalogues>,
}

struct Inner {
    made_of: NewBase,
    bots: Bots,
}

impl Base {
    /// A base made of these parts.
    pub fn new(made_of: NewBase) -> Self {
        Self(Arc::new(Inner { made_of, bots: Bots::default() }))
    }
    /// The record: the database.
    pub fn db(&self) -> &Db {
        &self.0.made_of.db
    }
    /// The clock, and the source of ids and secrets.
    pub fn env(&self) -> &Env {
        &self.0.made_of.env
    }
    /// How the program is configured.
    pub fn settings(&self) -> &Settings {
        &self.0.made_of.settings
    }
    /// The companies' catalogues, as last read.
    pub fn catalogues(&self) -> &Catalogues {
        &self.0.made_of.catalogues
    }
    /// The catalogue of goods that a company sells.
    pub async fn catalogue(&self, tenant: TenantId) -> store::Result<Arc<Catalogue>> {
        self.catalogues().of(self.db(), tenant).await
    }
    /// The companies' bots.
    pub fn bots(&self) -> &Bots {
        &self.0.bots
    }
    /// Signs a backup of this record; see [`platform::seal_key::SealKey::sign_backup`].
    pub fn sign_backup(&self, digest: &str) -> String {
        self.0.made_of.keys.sign_backup(digest)
    }
    /// Seals data that only this installation may read.
    pub fn sealer(&self) -> Sealer {
        self.0.made_of.keys.sealer()
    }
    /// Opens data given to browsers under the installation's former key, for as long as that key is accepted.
    pub fn former_sealer(&self) -> Option<Sealer> {
        self.0.made_of.keys.former_sealer(self.env().now())
    }
    /// Seals and looks up data that identifies people.
    pub fn vault(&self) -> Vault {
        self.0.made_of.keys.vault(self.env().now())
    }
}
