//! The application state that every handler has access to.

use std::{ops::Deref, sync::Arc};

use platform::{egress::Egress, post::Post};
use realtime::node::Node;
use warehouse::{Editions, Panel};

use crate::{background::Background, in_memory::InMemory};

/// The running program: its node, and what only requests and jobs need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<NewApp>);

/// The parts of a new application.
pub struct NewApp {
    /// The node that the program is.
    pub node: Node,
    /// The guards, caches and counters of this process.
    pub in_memory: Arc<InMemory>,
    /// The editions of the panel's store.
    pub editions: Editions,
    /// Sends outgoing requests.
    pub egress: Egress,
    /// Sends mail and text messages.
    pub post: Post,
    /// The work that goes on beside requests.
    pub background: Background,
}

impl App {
    /// An application made of these parts.
    pub fn new(parts: NewApp) -> Self {
        Self(Arc::new(parts))
    }
    /// The node that the program is.
    pub fn node(&self) -> &Node {
        &self.0.node
    }
    /// The work that goes on beside requests.
    pub fn background(&self) -> &Background {
        &self.0.background
    }
    /// The guards, caches and counters of this process.
    pub fn in_memory(&self) -> &InMemory {
        &self.0.in_memory
    }
    /// The numbers to show. What one request reads from one of them belongs together, so it is asked for once.
    pub fn panel(&self) -> Arc<Panel> {
        self.0.editions.current()
    }
    /// The editions of the panel's store.
    pub fn editions(&self) -> &Editions {
        &self.0.editions
    }
    /// Sends outgoing requests.
    pub fn egress(&self) -> &Egress {
        &self.0.egress
    }
    /// Sends mail and text messages.
    pub fn post(&self) -> &Post {
        &self.0.post
    }
}

impl Deref for App {
    type Target = Node;
    fn deref(&self) -> &Node {
        self.node()
    }
}
