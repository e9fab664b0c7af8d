//! What every endpoint of the server uses and no feature owns: who asks, what is wrong with a request, and how a change is made.
//!
//! - [`app`]: what every handler has access to; [`in_memory`]: what handlers share
//! - [`auth`]: who sent a request
//! - [`permitted`]: the one way in which a request changes something; [`audit`]: what is noted of the change; [`fault`]: why there was none
//! - [`once`]: requests that must not take effect twice
//! - [`problem`]: errors on the wire; `rule_errors`: those of the rules
//! - [`extract`], [`raw_bytes`]: bodies, queries and paths; [`cursor`]: pages of lists
//! - [`security`], [`request_id`], [`request_company`]: what surrounds every answer
//! - [`recommended`]: recommendations as pages show them
//! - [`documents`]: what other servers published, kept for a while
//! - [`background`]: work beside requests; [`schedule`]: at intervals, behind the feed, and jobs that outlive the process
//! - [`takeover`]: lets a long-waiting handler take its connection over from HTTP
//! - [`turns`]: queues for work that takes a lot of memory

pub mod app;
pub mod audit;
pub mod auth;
pub mod background;
pub mod cursor;
pub mod documents;
pub mod extract;
pub mod fault;
pub mod in_memory;
pub mod once;
pub mod permitted;
pub mod problem;
pub mod raw_bytes;
pub mod recommended;
pub mod request_company;
pub mod request_id;
mod rule_errors;
pub mod schedule;
pub mod security;
pub mod takeover;
pub mod turns;

pub use app::App;
