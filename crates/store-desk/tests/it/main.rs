//! Every public function of the crate, on both engines. The tidy test of the test kit checks that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod agents;
mod alerts;
mod content;
mod floor;
mod isolation;
mod lessons;
mod lists;
mod macros;
mod practice;
