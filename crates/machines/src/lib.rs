//! State machines that a task drives: as pure as the rules in `domain`, without input or output, clock, randomness or async.
//!
//! - [`delivery`], [`ingress`]: for the task of a connection
//! - [`webhook_queue`]: for the task that sends events to webhook endpoints

pub mod delivery;
pub mod ingress;
pub mod webhook_queue;
