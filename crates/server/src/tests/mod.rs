//! Tests that do not belong to a single file of this crate.
//!
//! - `stories`: what involves several features
//! - `matrix`: every endpoint, requested by everybody

mod matrix;
mod stories;
