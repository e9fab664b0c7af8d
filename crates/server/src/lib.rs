//! The server: the endpoints, background jobs, the transports of real-time sessions and the embedded pages, on top of `http-kit`.
//!
//! - [`features`]: seven contexts; each has a folder per resource, a file per endpoint with its tests at the bottom, and its jobs
//! - [`transports`]: how the bytes of a real-time session come and go
//! - [`jobs`]: when background jobs run
//! - [`start`]: assembles the program; [`serve`]: answers connections until it is told to stop
//! - [`pages`]: the web pages built into the program
//! - [`setup`]: first start, demo data, and what an administrator does from a terminal

pub mod features;
pub mod health;
pub mod jobs;
pub mod openapi;
pub mod pages;
pub mod record_mark;
pub mod router;
pub mod serve;
pub mod setup;
pub mod start;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod transports;
