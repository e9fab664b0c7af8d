//! The tables of derived data, as files that are built into the program.

use db::migrations::Migrations;

/// The schema of one edition; the names are the same on both engines. It is part of the fingerprint of the definitions, so it may be changed at will.
pub const EDITION: Migrations = Migrations {
    sqlite: &[("0001_layers.sql", include_str!("../migrations/edition/sqlite/0001_layers.sql"))],
    postgres: &[("0001_layers.sql", include_str!("../migrations/edition/postgres/0001_layers.sql"))],
};
/// The same for an edition that an engine outside of this program fills.
pub const EDITION_FROM_OUTSIDE: Migrations = Migrations {
    sqlite: &[
        ("0001_layers.sql", include_str!("../migrations/edition/sqlite/0001_layers.sql")),
        ("0002_outside.sql", include_str!("../migrations/edition/sqlite/0002_outside.sql")),
    ],
    postgres: &[
        ("0001_layers.sql", include_str!("../migrations/edition/postgres/0001_layers.sql")),
        ("0002_outside.sql", include_str!("../migrations/edition/postgres/0002_outside.sql")),
    ],
};
/// The schema of the list of editions, and of everything that is not computed from the journal; the names are the same on both engines.
pub const LIST: Migrations = Migrations {
    sqlite: &[
        ("0001_panel.sql", include_str!("../migrations/sqlite/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/sqlite/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/sqlite/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/sqlite/0004_waits.sql")),
        ("0005_editions.sql", include_str!("../migrations/sqlite/0005_editions.sql")),
        ("0006_timings.sql", include_str!("../migrations/sqlite/0006_timings.sql")),
        ("0007_runs.sql", include_str!("../migrations/sqlite/0007_runs.sql")),
    ],
    postgres: &[
        ("0001_panel.sql", include_str!("../migrations/postgres/0001_panel.sql")),
        ("0002_quarters.sql", include_str!("../migrations/postgres/0002_quarters.sql")),
        ("0003_queue.sql", include_str!("../migrations/postgres/0003_queue.sql")),
        ("0004_waits.sql", include_str!("../migrations/postgres/0004_waits.sql")),
        ("0005_editions.sql", include_str!("../migrations/postgres/0005_editions.sql")),
        ("0006_timings.sql", include_str!("../migrations/postgres/0006_timings.sql")),
        ("0007_runs.sql", include_str!("../migrations/postgres/0007_runs.sql")),
    ],
};
