//! Does the erasures that were begun, and repeats those that a backup undid.

pub mod erase;
pub mod repeat;
pub mod retain;
