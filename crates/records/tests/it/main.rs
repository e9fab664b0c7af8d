//! Records over HTTP, with the index of the running server: tests within the crate would have an index of their own.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod exporting;
mod following;
mod searching;
