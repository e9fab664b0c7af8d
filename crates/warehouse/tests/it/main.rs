//! Compares the numbers of the panel with an oracle that computes every number from all facts, on each engine.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;
mod days;
mod editions;
mod invented;
mod judged;
mod panel;
mod portable;
mod series;
mod timings;
