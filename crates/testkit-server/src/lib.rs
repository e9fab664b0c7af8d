//! What tests of a running server stand on, whoever started it: clients that speak HTTP and real time, a network that breaks,
//! a Redis of one's own. None of it knows how the server is built.
//!
//! - [`client`]: requests as our own pages send them
//! - [`realtime`]: frames over a WebSocket
//! - [`puzzle`]: the work a browser does before it may sign in
//! - [`proxy`]: connections that are reset, or hang half open
//! - [`receiver`]: where webhooks arrive
//! - [`redis`]: a Redis that can hang

pub mod client;
pub mod proxy;
pub mod puzzle;
pub mod realtime;
pub mod receiver;
pub mod redis;

pub use client::{Answer, Client};
pub use proxy::FaultProxy;
pub use puzzle::solved_puzzle;
pub use realtime::Realtime;
pub use receiver::Receiver;
pub use redis::TestRedis;
