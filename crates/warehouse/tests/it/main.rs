//! Numbers: what the panel says, against an oracle that works every number out from all facts; on each engine.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;
mod panel;
mod series;
