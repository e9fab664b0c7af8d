//! Tests that do not belong to a single file of this crate.
//!
//! - `kit`: what every endpoint has from `http-kit`
//! - `stories`: what involves several features
//! - `matrix`: every endpoint, requested by everybody

mod kit;
mod matrix;
mod stories;
