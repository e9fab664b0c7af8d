//! What no single file of this crate can be tested for.
//!
//! - `stories`: what crosses the features
//! - `matrix`: every endpoint, asked by everybody

mod matrix;
mod stories;
