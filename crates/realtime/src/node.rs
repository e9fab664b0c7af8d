//! A node: what its connections have access to.

use std::sync::Arc;

use db::Db;
use domain::id::TenantId;
use platform::{env::Env, keys::Keys, settings::Settings};
use service::{
    bots::Bots,
    catalogue::{Catalogue, Catalogues},
    sealing::Sealer,
    vault::Vault,
};
use tokio::sync::Notify;

use crate::{cluster::Cluster, gate::Gate, hub::Hub, limits::Limits, marks::MarkBuffer, response_times::ResponseTimes};

/// How often a person's connections may begin, per connection allowed to them: per second, and at once. Ten streams in a hello count as one more.
const HELLOS_PER_SECOND: f64 = 2.5;
const HELLOS_BURST: f64 = 10.0;

/// One of the nodes that serve a record, often the only one. Cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

/// The parts of a new node.
pub struct NewNode {
    /// The record.
    pub db: Db,
    /// The clock, and the source of ids and secrets.
    pub env: Env,
    /// Which connection subscribes to what.
    pub hub: Hub,
    /// How the program is configured.
    pub settings: Settings,
    /// The installation's keys.
    pub keys: Keys,
    /// The companies' catalogues, as last read.
    pub catalogues: Arc<Catalogues>,
    /// This node and what it knows of the others.
    pub cluster: Cluster,
}

struct Inner {
    made_of: NewNode,
    bots: Bots,
    marks: MarkBuffer,
    limits: Limits,
    hellos: Limits,
    gate: Gate,
    panel_wanted: Notify,
    response_times: ResponseTimes,
}

impl Node {
    /// A node without connections.
    pub fn new(made_of: NewNode) -> Self {
        let Settings { sends_per_second, sends_burst, connections, .. } = made_of.settings;
        let connections = connections as f64;
        Self(Arc::new(Inner {
            bots: Bots::default(),
            marks: MarkBuffer::default(),
            limits: Limits::new(sends_per_second, sends_burst),
            hellos: Limits::new(HELLOS_PER_SECOND * connections, HELLOS_BURST * connections),
            gate: Gate::default(),
            panel_wanted: Notify::new(),
            response_times: ResponseTimes::default(),
            made_of,
        }))
    }
    /// The record: the database.
    pub fn db(&self) -> &Db {
        &self.0.made_of.db
    }
    /// The clock, and the source of ids and secrets.
    pub fn env(&self) -> &Env {
        &self.0.made_of.env
    }
    /// The hub: which connection subscribes to what.
    pub fn hub(&self) -> &Hub {
        &self.0.made_of.hub
    }
    /// How the program is configured.
    pub fn settings(&self) -> &Settings {
        &self.0.made_of.settings
    }
    /// This node and what it knows of the others.
    pub fn cluster(&self) -> &Cluster {
        &self.0.made_of.cluster
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
    /// The marks waiting to be written.
    pub fn marks(&self) -> &MarkBuffer {
        &self.0.marks
    }
    /// Limits how fast a person may send, over all connections.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }
    /// Limits how much the hellos of a person may ask for, whatever the number of their connections.
    pub fn hellos(&self) -> &Limits {
        &self.0.hellos
    }
    /// Lets new connections in.
    pub fn gate(&self) -> &Gate {
        &self.0.gate
    }
    /// The response times noted on this node.
    pub fn response_times(&self) -> &ResponseTimes {
        &self.0.response_times
    }
    /// Wakes the panel because somebody opened it and needs the numbers now.
    pub fn wake_panel(&self) {
        self.0.panel_wanted.notify_one();
    }
    /// Waits for [`Self::wake_panel`].
    pub async fn panel_wanted(&self) {
        self.0.panel_wanted.notified().await;
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
