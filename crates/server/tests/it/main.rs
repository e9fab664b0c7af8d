//! Tests of the whole server.
//!
//! - `kit`: what every endpoint has from `http-kit`
//! - `stories`: what involves several features
//! - `matrix`: every endpoint, requested by everybody
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod kit;
mod matrix;
mod released;
mod stories;
