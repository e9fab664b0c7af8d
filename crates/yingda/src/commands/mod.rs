//! A file per command.

pub mod admin;
pub mod data;
pub mod serve;
