//! One session under three transports: docs/PROTOCOL.md.
//!
//! - [`wire`]: the frames; [`entries`]: what they carry; [`codes`]: why not
//! - [`hub`], [`mailbox`]: what every commit tells the connections of this node
//! - [`session`]: one connection; [`lines`]: what is written to it; [`older`]: pages it asks for; [`ws`] and [`events`] move its bytes; [`framing`] and [`socket`]: WebSocket itself
//! - [`gate`]: in which order those who come are let in; [`submit`]: a send on its way to the writer

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
