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

/// How the schema of a record that was written down (a backup, an archive) stands to one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has the same steps.
    Equal,
    /// It lacks some of one's own, and has no other.
    Older,
    /// It has a step that is not known here.
    Newer,
}

impl Standing {
    /// By its steps. Before those were written down, only the greatest was, `last`: then the greatest of one's own decides.
    pub fn of(steps: &BTreeSet<i64>, last: i64, own: &BTreeSet<i64>) -> Self {
        let (is_newer, is_older) = match own.last() {
            Some(own_last) if steps.is_empty() => (last > *own_last, last < *own_last),
            _ => (!steps.is_subset(own), !own.is_subset(steps)),
        };
        match (is_newer, is_older) {
            (true, _) => Self::Newer,
            (_, true) => Self::Older,
            _ => Self::Equal,
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Standing::{self, Equal, Newer, Older};

    #[test]
    fn a_schema_is_newer_with_one_unknown_step_whatever_it_lacks() {
        let own = BTreeSet::from([1, 2, 5]);
        for (steps, last, standing) in
            [(&[1, 2, 5][..], 5, Equal), (&[1, 5], 5, Older), (&[1, 2, 3, 5], 5, Newer), (&[1, 3], 3, Newer), (&[], 5, Equal), (&[], 4, Older), (&[], 6, Newer)]
        {
            assert_eq!(Standing::of(&steps.iter().copied().collect(), last, &own), standing, "{steps:?} {last}");
        }
    }
}
