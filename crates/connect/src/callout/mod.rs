//! What is sent to webhook endpoints: the format of an event, and its signature.

pub mod envelope;
pub mod message;
pub mod signature;
