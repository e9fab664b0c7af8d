//! The schema is the same on both engines, and a released migration stays as it is.

use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest as _, Sha256};

use crate::tree::{root, texts};

/// Tables and their columns, in order.
fn tables(sql: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for statement in sql.split("CREATE TABLE ").skip(1) {
        let (name, rest) = statement.split_once(" (\n").unwrap();
        let body = rest.split("\n)").next().unwrap();
        let first = |line: &str| line.trim().split(' ').next().unwrap_or_default().to_owned();
        let columns = body.lines().map(first).filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()));
        tables.insert(name.to_owned(), columns.collect());
    }
    tables
}
fn indexes(sql: &str) -> Vec<&str> {
    sql.lines().filter_map(|line| line.strip_prefix("CREATE ")).filter(|line| line.contains("INDEX ")).collect()
}
fn of(krate: &str, engine: &str) -> Vec<(String, String)> {
    let folder = format!("crates/{krate}/migrations/{engine}");
    texts(&folder, &[".sql"]).into_iter().map(|(path, text)| (path.rsplit('/').next().unwrap().to_owned(), text)).collect()
}

#[test]
fn both_engines_have_the_same_steps_tables_and_indexes() {
    for krate in ["store", "warehouse"] {
        let (sqlite, postgres) = (of(krate, "sqlite"), of(krate, "postgres"));
        assert!(!sqlite.is_empty());
        let names = |steps: &[(String, String)]| steps.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&sqlite), names(&postgres), "{krate}");
        for ((name, one), (_, other)) in sqlite.iter().zip(&postgres) {
            // The feed of PostgreSQL needs the transaction besides the position; SQLite has one writer.
            let mut with_xid = tables(other);
            for columns in with_xid.values_mut() {
                if !columns.iter().any(|column| column == "batches") {
                    columns.retain(|column| column != "xid");
                }
            }
            assert_eq!(tables(one), with_xid, "{krate} {name}");
            let of_feed = |index: &&str| !index.contains("(xid");
            let without_xid = indexes(other).into_iter().filter(of_feed).map(|index| index.replace("xid, ", "")).collect::<Vec<_>>();
            assert_eq!(indexes(one), without_xid, "{krate} {name}");
        }
    }
}

/// The last step whose number was handed out.
const LAST_HANDED_OUT: i64 = 99;

#[test]
fn a_new_step_is_numbered_by_date_and_time() {
    let is_time = |number: i64| {
        let [month, day, hour, minute] = [number / 1_000_000 % 100, number / 10_000 % 100, number / 100 % 100, number % 100];
        (2026..3000).contains(&(number / 100_000_000)) && (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60
    };
    assert!(is_time(2026_1130_1930) && !is_time(100) && !is_time(2026_1330_1930));
    let numbers = store::schema::MIGRATIONS.numbers();
    let wrong: Vec<&i64> = numbers.iter().filter(|number| **number > LAST_HANDED_OUT && !is_time(**number)).collect();
    assert!(wrong.is_empty(), "{wrong:?}: call it YYYYMMDDhhmm_name.sql, so that no number has to be handed out");
}

#[test]
fn every_index_starts_with_the_company_or_says_why_not() {
    /// Lookups before a company is known, and due work of all companies.
    const WITHOUT: &[&str] = &[
        "agents_email",
        "visitor_tokens_expiry",
        "visitor_devices_expiry",
        "conversations_due",
        "request_keys_expiry",
        "journal_refusals_expiry",
        "webhook_deliveries_ended",
        "customer_sessions_expiry",
        "customer_codes_expiry",
        "customer_tickets_expiry",
        "spent_identities_expiry",
        "spent_puzzles_expiry",
        "goods_thrown",
        "goods_pictures_old",
        "goods_imports_old",
        "files_unsent",
        "recommendation_models_due",
        "jobs_due",
        "job_turns_last",
        "due_next",
        "erasures_open",
        "practice_learners_live",
        "tenants_practice_of",
        "tenants_root",
        "tenants_host",
        "tenants_suspended",
        "tenants_message_limit",
    ];
    for (name, text) in store::schema::MIGRATIONS.sqlite {
        for index in indexes(text) {
            let known = WITHOUT.iter().any(|without| index.contains(&format!("INDEX {without} ")));
            assert!(known || index.contains("(tenant_id"), "{name}: {index}");
        }
    }
}

/// The migrations of a release that are not what they were, from the digests that it was made with (`scripts/dist-fixtures.sh`).
fn changed(release: &Path) -> Vec<String> {
    let digests = fs::read_to_string(release.join("migrations.sha256")).unwrap();
    let is_changed = |line: &str| {
        let (digest, path) = line.split_once("  ").unwrap();
        let now = fs::read(root().join(path)).map(|text| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        (now.ok().as_deref() != Some(digest)).then(|| path.to_owned())
    };
    assert!(digests.lines().count() > 0, "{}", release.display());
    digests.lines().filter_map(is_changed).collect()
}

#[test]
fn no_released_migration_has_changed() {
    let releases: Vec<_> = fs::read_dir(root().join("crates/server/fixtures")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!releases.is_empty());
    for release in releases {
        let changed = changed(&release);
        assert!(
            changed.is_empty(),
            "{} was released with a different text of {}. Whoever has it installed could not update: write a new migration instead. If that version is not \
             out yet, run scripts/dist-fixtures.sh again.",
            release.file_name().unwrap().display(),
            changed.join(", ")
        );
    }
}
