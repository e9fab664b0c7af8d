//! The basis for tests of a running server, whoever started it: clients for HTTP and the real-time protocol, a network that breaks, a private Redis. Nothing
//! here depends on how the server is built.
//!
//! - [`client`]: requests as our own pages send them
//! - [`realtime`]: frames over a WebSocket
//! - [`puzzle`]: the work that a browser does before it may sign in
//! - [`proxy`]: connections that are reset, or hang half open
//! - [`receiver`]: a server that receives webhooks
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
