//! The project's own rules, which no compiler checks, as ordinary tests.
#![expect(clippy::unwrap_used, reason = "a rule stops at the first surprise")]

mod arrows;
mod build_cache;
mod circles;
mod demo;
mod deploy;
mod limits;
mod migrations;
mod pages;
mod places;
mod sources;
mod statements;
mod tree;
