//! What is said to webhook endpoints: the form of an event, and the signature under it.

pub mod envelope;
pub mod message;
pub mod signature;
