//! A file per command.

pub mod admin;
pub mod bot;
pub mod data;
pub mod serve;
