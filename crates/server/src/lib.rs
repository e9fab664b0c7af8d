//! The server: HTTP, real-time connections, background jobs, sign-in and the embedded pages. It is the only crate that knows HTTP and the JSON on the wire.
//!
//! - [`app`]: what every handler has access to; [`settings`]: how the server is configured
//! - [`features`]: seven contexts; each has a folder per resource, a file per endpoint with its tests at the bottom, and its jobs
//! - [`realtime`]: one session over three transports
//! - [`egress`]: outgoing requests to addresses that others chose
//! - [`takeover`]: lets a long-waiting handler take its connection over from HTTP
//! - [`jobs`]: when background jobs run
//! - [`cluster`]: what the nodes that share one record exchange
//! - [`auth`]: who sent a request
//! - [`permitted`]: the one way in which a request changes something; [`audit`]: what is noted of the change
//! - [`once`]: requests that must not take effect twice
//! - [`seal_key`]: the sealing key, kept outside the record; [`keys`]: how a start obtains it
//! - [`letters`]: mail and text messages
//! - [`spreadsheet`]: files that spreadsheets write and read
//! - [`pages`]: the web pages built into the program
//! - [`setup`]: first start, demo data, and what an administrator does from a terminal

pub mod app;
mod audit;
pub mod auth;
mod client_address;
pub mod cluster;
pub mod counters;
pub mod cursor;
pub mod doors;
mod durable;
mod egress;
pub mod env;
pub mod extract;
pub mod fault;
pub mod features;
pub mod health;
pub mod in_memory;
pub mod jobs;
pub mod keys;
pub mod letters;
pub mod once;
pub mod one_each;
pub mod openapi;
pub mod pages;
pub mod permitted;
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
mod shares;
pub mod spreadsheet;
pub mod takeover;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod turns;

pub use app::App;
