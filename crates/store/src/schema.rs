//! The schema's steps, equal in name on both engines.

use db::migrations::Migrations;

macro_rules! steps {
    ($($name:literal),* $(,)?) => {
        /// The record's schema.
        pub const MIGRATIONS: Migrations = Migrations {
            sqlite: &[$(($name, include_str!(concat!("../migrations/sqlite/", $name)))),*],
            postgres: &[$(($name, include_str!(concat!("../migrations/postgres/", $name)))),*],
        };
    };
}

steps!(
    "0001_journal.sql",
    "0002_people.sql",
    "0003_catalogue.sql",
    "0004_conversations.sql",
    "0005_cluster.sql",
    "0006_webhooks.sql",
    "0007_webhook_lanes.sql",
    "0008_device_expiry.sql",
);
