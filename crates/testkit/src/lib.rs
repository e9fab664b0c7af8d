//! What tests stand on: a fresh record per test on either engine, a real server on a port of its own, clients that speak HTTP and
//! real time, a clock that is moved, a network that breaks.
//!
//! - [`on_every_engine!`]: one test, run on SQLite and on PostgreSQL
//! - [`TestApp`]: a running server with one company; [`client`]: its staff and visitors
//! - [`customer`]: customers with an account, and the messages they get
//! - [`realtime`]: frames over a WebSocket
//! - [`redis`]: a Redis of one's own, which can hang
//! - [`proxy`]: connections that are reset, or hang half open
//! - [`receiver`]: where webhooks arrive

pub mod app;
pub mod client;
pub mod clock;
pub mod company;
pub mod customer;
pub mod database;
pub mod proxy;
pub mod realtime;
pub mod receiver;
pub mod redis;
mod wait;

pub use app::TestApp;
pub use client::{Answer, Client};
pub use clock::TestClock;
pub use company::Company;
pub use customer::solved_puzzle;
pub use database::TestDb;
pub use proxy::FaultProxy;
pub use realtime::Realtime;
pub use receiver::Receiver;
pub use redis::TestRedis;
/// First start and terminal commands, for tests of the server crate itself.
pub use server::setup;
pub use wait::{DEADLINE, Must, eventually, in_time};
