//! Rules for SQL: each company sees only its own data, code rarely distinguishes the engines, and every function of the store is tested on both.

use std::collections::BTreeSet;

use crate::tree::{texts, without_tests};

/// The string literals of a Rust file that contain a statement.
fn statements(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let end = rest.find('"').unwrap_or(rest.len());
        let literal = rest[..end].split_whitespace().collect::<Vec<_>>().join(" ");
        rest = rest.get(end + 1..).unwrap_or_default();
        if ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| literal.starts_with(verb)) {
            found.push(literal);
        }
    }
    found
}

/// Tables whose rows belong to a company.
fn tenant_tables() -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for (_, text) in texts("crates/store/migrations/sqlite", &[".sql"]) {
        for table in text.split("CREATE TABLE ").skip(1) {
            let (name, rest) = table.split_once(" (").unwrap();
            if rest.split("\n)").next().unwrap().contains("tenant_id ") {
                tables.insert(name.to_owned());
            }
        }
    }
    tables
}

#[test]
fn every_statement_on_a_companys_table_names_the_company() {
    let tables = tenant_tables();
    assert!(tables.len() > 15, "{tables:?}");
    let mut seen = 0;
    for (path, text) in texts("crates/store/src", &[".rs"]) {
        if path.contains("/entry_points") {
            continue;
        }
        for statement in statements(without_tests(&text)) {
            let words: BTreeSet<&str> = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            if words.iter().any(|word| tables.contains(*word)) {
                seen += 1;
                assert!(words.contains("tenant_id"), "{path}: {statement}");
            }
        }
    }
    assert!(seen > 60, "only {seen} statements were found");
}

/// What follows `call` in a file, up to the end of the call.
fn calls<'t>(text: &'t str, call: &str) -> Vec<&'t str> {
    text.split(call).skip(1).map(|rest| rest.split(");").next().unwrap_or(rest)).collect()
}

#[test]
fn every_record_is_read_for_its_company() {
    let mut seen = 0;
    for (path, text) in texts("crates/store/src", &[".rs"]) {
        if path.contains("/entry_points") || path.ends_with("/table.rs") {
            continue;
        }
        let company = if path.ends_with("/tenants.rs") { "WHERE id = $1" } else { "tenant_id = $1" };
        for call in calls(&text, "table::select::<").into_iter().chain(calls(&text, "table::select_with::<")) {
            seen += 1;
            assert!(call.contains(company), "{path}: {call}");
        }
    }
    assert!(seen > 20, "only {seen} statements were found");
}

/// The columns of each table that is declared in this file.
fn declared(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut tables = Vec::new();
    for declaration in text.split("\ntable! {").skip(1) {
        let declaration = declaration.split("\n}").next().unwrap();
        let name = declaration.split('"').nth(1).unwrap().to_owned();
        let lists = declaration.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        tables.push((name, lists.flat_map(|(columns, _)| columns.split(", ")).map(str::to_owned).collect()));
    }
    tables
}

/// The most columns in a row that a statement lists, as names or with new values.
fn listed(statement: &str, columns: &BTreeSet<String>) -> usize {
    let (mut most, mut now) = (0, 0);
    for part in statement.split([',', '(', ')']) {
        let part = part.rsplit(" SET ").next().unwrap().trim().trim_start_matches("SELECT ").split(" FROM ").next().unwrap();
        let name = part.split_once(" = $").map_or(part, |(name, _)| name);
        now = if columns.contains(name.rsplit('.').next().unwrap()) { now + 1 } else { 0 };
        most = most.max(now);
    }
    most
}

#[test]
fn the_columns_of_a_table_are_named_once() {
    let old = "SELECT id, tenant_id, shortcode, title, body_zh FROM canned_replies WHERE tenant_id = $1";
    let columns = ["id", "shortcode", "title", "body_zh"].map(str::to_owned).into();
    assert_eq!((listed(old, &columns), listed("UPDATE a SET title = $1, shortcode = $2 WHERE id = $3", &columns)), (3, 2));
    let all: Vec<(String, String)> = texts("crates/store/src", &[".rs"]);
    let tables: Vec<(String, BTreeSet<String>)> = all.iter().flat_map(|(_, text)| declared(text)).collect();
    assert!(tables.len() > 15, "only {} tables are declared", tables.len());
    for (path, text) in all.iter().filter(|(path, _)| !path.contains("/entry_points/")) {
        for statement in statements(without_tests(text)) {
            for (table, columns) in tables.iter().filter(|(table, _)| statement.contains(&format!(" {table} "))) {
                assert!(listed(&statement, columns) < 4, "{path} lists columns of {table} again: {statement}");
            }
        }
    }
}

#[test]
fn every_function_of_the_store_takes_the_company_first() {
    for (path, text) in texts("crates/store/src", &[".rs"]) {
        if path.contains("/entry_points") {
            continue;
        }
        for line in text.lines().filter(|line| line.starts_with("pub async fn ")) {
            let arguments = line.split_once('(').unwrap().1;
            let fine = arguments.starts_with("tx: &mut Tx, tenant: TenantId") || arguments.starts_with("tx: &mut Tx,") && arguments.contains("&Conversation");
            assert!(fine, "{path}: {line}");
        }
    }
}

#[test]
fn every_function_of_the_store_is_tried_on_both_engines() {
    let suite: String = texts("crates/store/tests/it", &[".rs"]).into_iter().map(|(_, text)| text).collect();
    // The functions of `table` are private, and each is tried by those that call it.
    for (path, text) in texts("crates/store/src", &[".rs"]).into_iter().filter(|(path, _)| !path.ends_with("/table.rs")) {
        let module = if path.contains("/entry_points/") { "entry_points" } else { path.rsplit('/').next().unwrap().trim_end_matches(".rs") };
        for line in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
            let name = line.split('(').next().unwrap();
            assert!(suite.contains(&format!("{module}::{name}(")), "store::{module}::{name} is in no test of crates/store/tests");
        }
    }
}

/// The number of places where the program may behave differently on PostgreSQL and SQLite. Opening and plumbing are not counted: there the engines differ by
/// nature.
const FORK_BUDGET: usize = 20;

#[test]
fn engines_are_told_apart_rarely() {
    let plumbing = ["crates/db/src/open.rs", "crates/db/src/tx.rs", "crates/db/src/lib.rs"];
    let mut forks = Vec::new();
    for krate in ["db", "store", "warehouse", "server"] {
        for (path, text) in texts(&format!("crates/{krate}/src"), &[".rs"]) {
            let lines = without_tests(&text).lines().filter(|line| line.contains("is_postgres()") || line.contains("Conn::Postgres("));
            if !plumbing.contains(&path.as_str()) {
                forks.extend(lines.map(|line| format!("{path}: {}", line.trim())));
            }
        }
    }
    assert!(forks.len() <= FORK_BUDGET, "{} forks: {forks:#?}", forks.len());
}

/// Looks for SQL that is not portable, or sorts and counts differently on the two engines.
#[test]
fn shared_statements_keep_to_the_portable_subset() {
    for krate in ["store", "warehouse"] {
        for (path, text) in texts(&format!("crates/{krate}/src"), &[".rs"]) {
            for statement in statements(without_tests(&text)) {
                let upper = statement.to_uppercase();
                for word in ["NOW()", "INTERVAL ", " ILIKE ", " LIKE ", "DATE_TRUNC", "JSON_EXTRACT", "::"] {
                    assert!(!upper.contains(word), "{path}: {word} in {statement}");
                }
            }
        }
    }
}
