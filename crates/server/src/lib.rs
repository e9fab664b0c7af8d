//! HTTP, real time, jobs, sign-in and the embedded pages. The only crate that knows HTTP and wire JSON.
//!
//! - [`app`]: what every handler can reach; [`settings`]: how it is set up
//! - [`features`]: seven contexts, in each a folder per resource, a file per endpoint, its tests at the bottom, and the jobs
//! - [`realtime`]: one session under three transports
//! - [`egress`]: requests of ours to addresses that others chose
//! - [`handover`]: a handler that waits long takes its connection over
//! - [`jobs`]: when jobs run
//! - [`cluster`]: what several nodes on one record tell each other
//! - [`auth`]: who is asking
//! - [`permitted`]: the one way in which a request changes something; [`audit`]: what is noted of it
//! - [`once`]: requests that are not to have an effect twice
//! - [`seal_key`]: the key that seals, outside of the record; [`keys`]: how a start comes by it
//! - [`post`]: mail and text messages
//! - [`spreadsheet`]: files that spreadsheets write and read
//! - [`pages`]: the web pages built into the program
//! - [`setup`]: first start, demo, and what an administrator does from a terminal

pub mod app;
mod audit;
pub mod auth;
mod client_address;
pub mod cluster;
pub mod cursor;
pub mod doors;
mod durable;
mod egress;
pub mod env;
pub mod extract;
pub mod fault;
pub mod features;
pub mod handover;
pub mod health;
pub mod jobs;
pub mod keys;
pub mod metrics;
pub mod once;
pub mod openapi;
pub mod pages;
pub mod permitted;
pub mod post;
pub mod problem;
pub mod realtime;
pub mod record_mark;
mod request_id;
mod retry;
pub mod router;
pub mod seal_key;
pub mod security;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod shared;
mod shares;
pub mod spreadsheet;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod turns;

pub use app::App;
