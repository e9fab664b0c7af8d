//! The basis for tests of the record: a fresh record per test on either engine, a company in it, and a clock that tests can move.
//!
//! - [`on_every_engine!`]: one test, run on SQLite and on PostgreSQL
//! - [`TestDb`]: a record that belongs to one test
//! - [`Company`]: a company with a queue, a site and staff
//! - [`fixture`]: conversations in every state, and store functions run in a write
//! - [`eventually`], [`in_time`]: waiting with a deadline

pub mod clock;
pub mod company;
pub mod database;
pub mod fixture;
pub mod ids;
mod wait;

pub use clock::TestClock;
pub use company::Company;
pub use database::TestDb;
pub use wait::{Must, eventually, in_time, slowness};
