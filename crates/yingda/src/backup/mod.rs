//! Backups of the record and its files: a folder that is made while the server may be running, and restored into an empty one.

pub mod copying;
pub mod folder;
pub mod identity;
pub mod manifest;
mod postgres;
pub mod progress;
pub mod restore;
pub mod schedule;
mod signature;
pub mod take;

/// The record's file in a backup: SQLite's own, or the dump of a record in PostgreSQL.
pub const RECORD: &str = "record.db";
/// The same of a record in PostgreSQL.
pub const DUMP: &str = "record.dump";
/// The folder of uploaded files and pictures in a backup.
pub const FILES: &str = "files";
