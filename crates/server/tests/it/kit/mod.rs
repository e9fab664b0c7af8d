//! What the crate `http-kit` does for every endpoint, tried on a running server.

mod altered_audit;
mod audit;
mod once;
mod security;
