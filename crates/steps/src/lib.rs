//! Finds a crate's migrations in its folder while it is built: whoever adds one adds a file and nothing else.
//!
//! A step is `NUMBER_name.sql`, and steps are taken in the order of their numbers. There are two ways to write one:
//!
//! - once, in `migrations/`: its number is the date and time at which it was begun (`202611301930_tickets.sql`), so that nobody has to hand out numbers;
//! - once for each engine, in `migrations/sqlite/` and `migrations/postgres/`: where the engines need different statements.
//!
//! What is written once has PostgreSQL's types and SQLite's options, and each engine gets its own words:
//!
//! | written | SQLite | PostgreSQL |
//! |---|---|---|
//! | `UUID`, `BYTEA` | `BLOB` | as written |
//! | `BIGINT` | `INTEGER` | as written |
//! | `) STRICT`, `) STRICT, WITHOUT ROWID` | as written | `)` |

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

/// What each engine's steps are called in their folder and in what is written.
const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    const fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The step's file for SQLite and the one for PostgreSQL, by number and name.
type Found = BTreeMap<(i64, String), [PathBuf; 2]>;

/// For a build script: writes `migrations.rs` into the output folder, a value of `db::migrations::Migrations` with the steps in `migrations/` of the crate.
///
/// Fails with what is to be mended: a name without a number, two steps of one number, a step that one engine lacks.
pub fn collect() -> Result<(), String> {
    let of = |name| env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("{name} is not set: this is for build scripts"));
    println!("cargo::rerun-if-changed=migrations");
    let (folder, out) = (of("CARGO_MANIFEST_DIR")?.join("migrations"), of("OUT_DIR")?);
    let found = find(&folder, &out)?;
    write(&out.join("migrations.rs"), &listed(&found))
}

fn find(folder: &Path, out: &Path) -> Result<Found, String> {
    let mut found = Found::new();
    for name in names(folder)? {
        let path = folder.join(&name);
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut each = [PathBuf::new(), PathBuf::new()];
        for (engine, place) in ENGINES.into_iter().zip(&mut each) {
            let own = out.join(engine.folder());
            fs::create_dir_all(&own).map_err(|error| format!("{}: {error}", own.display()))?;
            *place = own.join(&name);
            write(place, &said_for(engine, &text))?;
        }
        found.insert((number(&name)?, name), each);
    }
    let [sqlite, postgres] = ENGINES.map(|engine| folder.join(engine.folder()));
    let (in_sqlite, in_postgres) = (names(&sqlite)?, names(&postgres)?);
    if let Some(alone) = in_sqlite.iter().find(|name| !in_postgres.contains(name)).or_else(|| in_postgres.iter().find(|name| !in_sqlite.contains(name))) {
        return Err(format!("migrations/: {alone} is there for one engine only: write it for the other, too, or once for both"));
    }
    for name in in_sqlite {
        let each = [sqlite.join(&name), postgres.join(&name)];
        found.insert((number(&name)?, name), each);
    }
    let twice = found.keys().zip(found.keys().skip(1)).find(|((one, _), (other, _))| one == other);
    match twice {
        Some(((number, one), (_, other))) => {
            Err(format!("migrations/: {one} and {other} have the same number {number}: give the newer one the current date and time"))
        }
        None => Ok(found),
    }
}

/// The names of the steps in a folder; none if there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<Vec<_>, _>>().map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(names.into_iter().filter(|name| name.ends_with(".sql")).collect())
}

fn number(name: &str) -> Result<i64, String> {
    let number = name.split_once('_').and_then(|(number, _)| number.parse().ok());
    number.ok_or_else(|| format!("migrations/: {name} is not called NUMBER_name.sql"))
}

/// What is written once for both engines, in the words of one.
fn said_for(engine: Engine, text: &str) -> String {
    match engine {
        Engine::Postgres => text.replace(") STRICT, WITHOUT ROWID", ")").replace(") STRICT", ")"),
        Engine::Sqlite => {
            let (mut said, mut rest) = (String::with_capacity(text.len()), text);
            while let Some(from) = rest.find(|c: char| c.is_ascii_alphabetic()) {
                let (before, word) = rest.split_at(from);
                let (word, after) = word.split_at(word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len()));
                said += before;
                said += match word {
                    "UUID" | "BYTEA" => "BLOB",
                    "BIGINT" => "INTEGER",
                    word => word,
                };
                rest = after;
            }
            said + rest
        }
    }
}

fn listed(found: &Found) -> String {
    let of = |engine: usize| {
        let step = |((_, name), each): (&(i64, String), &[PathBuf; 2])| format!("({name:?}, include_str!({:?})),\n", each[engine]);
        found.iter().map(step).collect::<String>()
    };
    format!("db::migrations::Migrations {{\nsqlite: &[\n{}],\npostgres: &[\n{}],\n}}\n", of(0), of(1))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONCE: &str =
        "-- UUID of a visit.\nCREATE TABLE visits (\n  tenant_id UUID NOT NULL,\n  seen_at BIGINT NOT NULL,\n  sum BYTEA\n) STRICT, WITHOUT ROWID;\n";

    /// The steps found in a folder with these files.
    fn found(files: &[&str]) -> Result<(Vec<String>, Vec<String>), String> {
        let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, ONCE).unwrap();
        }
        let found = find(folder.path(), out.path())?;
        let texts = found.values().map(|each| each.clone().map(|path| fs::read_to_string(path).unwrap())).map(|[sqlite, postgres]| sqlite + &postgres);
        Ok((found.keys().map(|(_, name)| name.clone()).collect(), texts.collect()))
    }

    #[test]
    fn steps_stand_in_the_order_of_their_numbers_wherever_they_are_written() {
        let (names, texts) = found(&["202611301930_b.sql", "sqlite/0099_a.sql", "postgres/0099_a.sql", "202611301200_c.sql", "notes.txt"]).unwrap();
        assert_eq!(names, ["0099_a.sql", "202611301200_c.sql", "202611301930_b.sql"]);
        assert_eq!(texts[0], ONCE.repeat(2), "what is written for an engine stays as it is");
    }

    #[test]
    fn what_is_written_once_has_the_words_of_each_engine() {
        let sqlite =
            "-- BLOB of a visit.\nCREATE TABLE visits (\n  tenant_id BLOB NOT NULL,\n  seen_at INTEGER NOT NULL,\n  sum BLOB\n) STRICT, WITHOUT ROWID;\n";
        assert_eq!(said_for(Engine::Sqlite, ONCE), sqlite);
        assert_eq!(said_for(Engine::Postgres, ONCE), ONCE.replace(" STRICT, WITHOUT ROWID", ""));
        assert_eq!(said_for(Engine::Sqlite, "UUIDS BIGINTS x_UUID"), "UUIDS BIGINTS x_UUID", "whole words only");
    }

    #[test]
    fn what_cannot_be_a_step_is_told_with_what_to_do() {
        let told = |files: &[&str]| found(files).unwrap_err();
        assert!(told(&["tickets.sql"]).contains("tickets.sql is not called NUMBER_name.sql"));
        assert!(told(&["1_a.sql", "1_b.sql"]).contains("1_a.sql and 1_b.sql have the same number 1"));
        assert!(told(&["sqlite/1_a.sql"]).contains("1_a.sql is there for one engine only"));
        assert!(told(&["postgres/1_a.sql"]).contains("1_a.sql is there for one engine only"));
    }
}
