//! One module per command.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod bot;
pub mod company;
pub mod data;
pub mod flink_job;
pub mod history;
pub mod kafka;
pub mod metrics;
pub mod migrate;
pub mod moving;
pub mod operator;
pub mod parity;
pub mod person;
pub mod place;
pub mod restore;
pub mod serve;
pub mod token;
pub mod verify;
pub mod warehouse;
