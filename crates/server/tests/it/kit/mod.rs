//! What the crate `http-kit` does for every endpoint, tried on a running server.

mod audit;
mod once;
mod security;
