//! The rules of the product, pure: no input or output, no clock, no randomness, no async. Time and ids come in as arguments.
//!
//! - [`conversation`]: the state machine everything else serves
//! - [`journal`]: what a fact is, and which facts there are
//! - [`delivery`], [`ingress`]: machines that a connection's task drives
//! - [`client_connection`]: the machine at the other end
//! - [`outbox`]: the machine that sends events to the world
//! - [`routing`]: who gets a waiting conversation, and why
//! - [`policy`]: who may do what
//! - [`webhook`]: which events the world may be told of

pub mod canned_reply;
pub mod client_connection;
pub mod conversation;
pub mod delivery;
pub mod id;
pub mod ingress;
pub mod journal;
pub mod outbox;
pub mod policy;
pub mod routing;
pub mod staff;
pub mod text;
pub mod time;
pub mod webhook;
