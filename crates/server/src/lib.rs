//! The server: HTTP, background jobs, sign-in and the embedded pages. It is the only crate that knows HTTP.
//!
//! - [`app`]: what every handler has access to
//! - [`features`]: seven contexts; each has a folder per resource, a file per endpoint with its tests at the bottom, and its jobs
//! - [`transports`]: how the bytes of a real-time session come and go
//! - [`takeover`]: lets a long-waiting handler take its connection over from HTTP
//! - [`jobs`]: when background jobs run
//! - [`auth`]: who sent a request
//! - [`permitted`]: the one way in which a request changes something; [`audit`]: what is noted of the change
//! - [`once`]: requests that must not take effect twice
//! - [`spreadsheet`]: files that spreadsheets write and read
//! - [`pages`]: the web pages built into the program
//! - [`setup`]: first start, demo data, and what an administrator does from a terminal

pub mod app;
mod audit;
pub mod auth;
pub mod cursor;
pub mod extract;
pub mod fault;
pub mod features;
pub mod health;
pub mod in_memory;
pub mod jobs;
pub mod once;
pub mod openapi;
pub mod pages;
pub mod permitted;
pub mod problem;
pub mod raw_bytes;
mod recommended;
pub mod record_mark;
mod request_company;
mod request_id;
pub mod router;
pub mod security;
pub mod serve;
pub mod setup;
pub mod spreadsheet;
pub mod takeover;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod transports;
pub mod turns;

pub use app::App;
