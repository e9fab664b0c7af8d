//! Backups of an embedded record and its files: a folder that is made while the server may be running, and restored into an empty one.

pub mod copying;
mod identity;
pub mod manifest;
pub mod progress;
pub mod restore;
mod signature;
pub mod take;

/// The record's file in a backup.
pub const RECORD: &str = "record.db";
/// The folder of uploaded files and pictures in a backup.
pub const FILES: &str = "files";
