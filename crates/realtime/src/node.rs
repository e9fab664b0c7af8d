//! A node: what it has at hand, and what its connections have access to.

use std::{
    collections::HashSet,
    ops::Deref,
    sync::{Arc, PoisonError, RwLock},
};

use domain::id::TenantId;
use node::Base;
use platform::settings::Settings;
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
    /// What it has at hand.
    pub base: Base,
    /// Which connection subscribes to what.
    pub hub: Hub,
    /// This node and what it knows of the others.
    pub cluster: Cluster,
}

struct Inner {
    made_of: NewNode,
    marks: MarkBuffer,
    limits: Limits,
    hellos: Limits,
    gate: Gate,
    panel_wanted: Notify,
    response_times: ResponseTimes,
    out_of_messages: RwLock<HashSet<TenantId>>,
}

impl Node {
    /// A node without connections.
    pub fn new(made_of: NewNode) -> Self {
        let &Settings { sends_per_second, sends_burst, connections, .. } = made_of.base.settings();
        let connections = connections as f64;
        Self(Arc::new(Inner {
            marks: MarkBuffer::default(),
            limits: Limits::new(sends_per_second, sends_burst),
            hellos: Limits::new(HELLOS_PER_SECOND * connections, HELLOS_BURST * connections),
            gate: Gate::default(),
            panel_wanted: Notify::new(),
            response_times: ResponseTimes::default(),
            out_of_messages: RwLock::default(),
            made_of,
        }))
    }
    /// The hub: which connection subscribes to what.
    pub fn hub(&self) -> &Hub {
        &self.0.made_of.hub
    }
    /// This node and what it knows of the others.
    pub fn cluster(&self) -> &Cluster {
        &self.0.made_of.cluster
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
    /// Notes the companies whose customers have written as many messages today as they may, in place of those that were noted before.
    pub fn note_out_of_messages(&self, companies: impl IntoIterator<Item = TenantId>) {
        *self.0.out_of_messages.write().unwrap_or_else(PoisonError::into_inner) = companies.into_iter().collect();
    }
    /// Whether the customers of a company have written as many messages today as they may, as far as this node knows.
    pub fn is_out_of_messages(&self, tenant: TenantId) -> bool {
        self.0.out_of_messages.read().unwrap_or_else(PoisonError::into_inner).contains(&tenant)
    }
    /// Wakes the panel because somebody opened it and needs the numbers now.
    pub fn wake_panel(&self) {
        self.0.panel_wanted.notify_one();
    }
    /// Waits for [`Self::wake_panel`].
    pub async fn panel_wanted(&self) {
        self.0.panel_wanted.notified().await;
    }
}

impl Deref for Node {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.0.made_of.base
    }
}
