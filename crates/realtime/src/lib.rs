//! Real-time connections: one session, whichever way its bytes come. docs/PROTOCOL.md describes the protocol.
//!
//! - [`node`]: what connections have access to
//! - [`hub`], [`mailbox`]: how the connections of this node are notified of every commit
//! - [`session`]: one connection; [`older`]: pages it asks for; [`lists`] and [`view`]: what the desk sees; [`marks`]: how far people have read
//! - [`gate`], [`admission`], [`access`], [`limits`]: who is let in, who may read what, and how often anyone may ask
//! - [`submit`]: a send on its way to the writer
//! - [`response_times`]: how long people and requests wait
//! - [`framing`] and [`socket`]: WebSocket itself
//! - [`cluster`]: what the nodes that share one record exchange; [`jobs`]: what a node does by itself

mod access;
pub mod admission;
pub mod cluster;
pub mod framing;
pub mod gate;
pub mod hub;
pub mod jobs;
pub mod limits;
mod lists;
pub mod mailbox;
pub mod marks;
pub mod node;
pub mod older;
pub mod response_times;
pub mod session;
pub mod socket;
pub mod submit;
pub mod view;
