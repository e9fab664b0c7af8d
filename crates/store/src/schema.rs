//! The steps of the schema, with the same names on both engines.

use db::migrations::Migrations;

/// The migrations of the record's schema, as they are found in `migrations/`.
pub const MIGRATIONS: Migrations = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
