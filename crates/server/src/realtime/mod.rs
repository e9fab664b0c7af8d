//! Real-time connections: one session over three transports. docs/PROTOCOL.md describes the protocol.
//!
//! - [`wire`]: the frames; [`entries`]: their contents; [`codes`]: why something was refused
//! - [`hub`], [`mailbox`]: how the connections of this node are notified of every commit
//! - [`session`]: one connection; [`lines`]: what is written to it; [`older`]: pages it asks for
//! - [`ws`] and [`events`]: move the bytes of a session; [`framing`] and [`socket`]: WebSocket itself
//! - [`gate`]: the order in which new connections are let in; [`submit`]: a send on its way to the writer

pub mod access;
pub mod codes;
pub mod encode;
pub mod entries;
pub mod events;
pub mod framing;
pub mod gate;
pub mod hub;
pub mod limits;
pub mod lines;
pub mod lists;
pub mod live;
pub mod mailbox;
pub mod marks;
pub mod older;
pub mod principal;
pub mod session;
pub mod socket;
pub mod submit;
pub mod view;
pub mod wire;
pub mod ws;
