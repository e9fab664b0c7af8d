//! Migrates a schema with files built into the program.

use std::{borrow::Cow, collections::BTreeSet};

use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{Migrate, Migration, MigrationType, Migrator},
};

use crate::Result;

/// One step: its file name, such as `0001_name.sql`, and its text.
pub type Step = (&'static str, &'static str);

/// The steps for both engines; a test checks that their names are equal.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// The steps for SQLite.
    pub sqlite: &'static [Step],
    /// The steps for PostgreSQL.
    pub postgres: &'static [Step],
}

impl Migrations {
    /// The numbers of the steps. Two records have the same tables if they have the same *set*: steps are numbered by the time at which they were begun, so that
    /// a record may lack an earlier one than its last.
    pub fn numbers(&self) -> BTreeSet<i64> {
        self.sqlite.iter().filter_map(|(name, _)| name.split_once('_')?.0.parse().ok()).collect()
    }
}

/// Takes the steps that have not been taken yet.
pub(crate) async fn migrate<C: Migrate>(steps: &'static [Step], conn: &mut C) -> Result<()> {
    // `Migrator::run` takes whatever a connection can be acquired from; a future that awaits it is not known to be `Send`.
    Ok(migrator(steps)?.run_direct(None, conn, false).await?)
}

fn migrator(steps: &'static [Step]) -> Result<Migrator> {
    let migrations = steps
        .iter()
        .map(|(name, sql)| {
            let (number, title) = name.trim_end_matches(".sql").split_once('_').unwrap_or((name, ""));
            let version = number.parse().map_err(|_| crate::Error::Corrupt(format!("migration {name}")))?;
            Ok(Migration::new(version, Cow::Borrowed(title), MigrationType::Simple, AssertSqlSafe(*sql).into_sql_str(), false))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Migrator::with_migrations(migrations))
}
