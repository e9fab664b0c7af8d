//! The application state that every handler has access to.

mod start;

use std::{ops::Deref, sync::Arc};

use platform::{egress::Egress, letters::Letters};
use realtime::node::Node;
use warehouse::Panel;

use crate::in_memory::InMemory;

/// The running program: its node, and what only requests and jobs need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    node: Node,
    in_memory: Arc<InMemory>,
    panel: Panel,
    egress: Egress,
    letters: Letters,
}

impl App {
    /// The node that the program is.
    pub fn node(&self) -> &Node {
        &self.0.node
    }
    /// The guards, caches and counters of this process.
    pub fn in_memory(&self) -> &InMemory {
        &self.0.in_memory
    }
    /// The panel's store.
    pub fn panel(&self) -> &Panel {
        &self.0.panel
    }
    /// Sends outgoing requests.
    pub fn egress(&self) -> &Egress {
        &self.0.egress
    }
    /// Sends mail and text messages.
    pub fn letters(&self) -> &Letters {
        &self.0.letters
    }
}

impl Deref for App {
    type Target = Node;
    fn deref(&self) -> &Node {
        self.node()
    }
}
