//! One module per command.

pub mod admin;
pub mod backup;
pub mod bot;
pub mod data;
pub mod flink_job;
pub mod history;
pub mod kafka;
pub mod metrics;
pub mod parity;
pub mod place;
pub mod restore;
pub mod serve;
pub mod token;
pub mod verify;
pub mod warehouse;
