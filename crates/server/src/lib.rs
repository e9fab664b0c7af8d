//! The server: the endpoints and background jobs of all contexts, the transports of real-time sessions and the embedded pages.
//!
//! - [`router`]: all routes; the endpoints are in a crate for each context
//! - `features`: the parts of the product
//! - [`compressed`]: which answers are sent compressed
//! - [`transports`]: how the bytes of a real-time session come and go
//! - [`jobs`]: when background jobs run
//! - [`start`]: assembles the program; [`serve`]: answers connections until it is told to stop
//! - [`pages`]: the web pages built into the program
//! - [`setup`]: first start, demo data, and what an administrator does from a terminal

pub mod compressed;
mod features;
pub mod health;
pub mod jobs;
pub mod openapi;
pub mod pages;
pub mod record_mark;
pub mod router;
pub mod serve;
pub mod setup;
pub mod start;
pub mod transports;
