//! Rules of the house that no compiler knows, as ordinary tests.
#![expect(clippy::unwrap_used, reason = "a rule stops at the first surprise")]

mod arrows;
mod build_cache;
mod circles;
mod demo;
mod limits;
mod migrations;
mod proof;
mod sources;
mod statements;
mod tree;
