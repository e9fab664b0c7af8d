//! Rules for SQL: each company sees only its own data, code rarely distinguishes the engines, and every function of the store is tested on both.

use std::collections::BTreeSet;

use crate::{
    arrows::{contexts, is_of_tables, stores},
    tree::{texts, without_tests},
};

/// The files that contain the statements on the record: the crates of the store, and the tables of contexts that have their own.
fn sources() -> Vec<(String, String)> {
    holders().iter().flat_map(|name| sources_of(name)).collect()
}

/// The crates that have such files.
fn holders() -> Vec<String> {
    stores().map(str::to_owned).chain(contexts().into_iter().filter(|name| !sources_of(name).is_empty())).collect()
}

/// Those files of a crate.
fn sources_of(name: &str) -> Vec<(String, String)> {
    let is_context = contexts().iter().any(|context| context == name);
    let all = texts(&format!("crates/{name}/src"), &[".rs"]);
    all.into_iter().filter(|(path, _)| !is_context || is_of_tables(path)).collect()
}

/// Whether a file belongs to the one module whose functions take no company.
fn is_entry_point(path: &str) -> bool {
    path.starts_with("crates/store/src/entry_points")
}

/// How a statement begins.
const VERBS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// The string literals of a Rust file that contain a statement. The pieces of a `concat!` are one literal.
fn statements(text: &str) -> Vec<String> {
    let (mut found, mut literal, mut rest) = (Vec::new(), String::new(), text);
    while let Some(start) = rest.find('"') {
        let between = &rest[..start];
        // A fragment or a comma between two pieces belongs to the same statement; anything else ends it, and so does a verb.
        let is_same = !literal.is_empty()
            && !VERBS.iter().any(|verb| rest[start + 1..].trim_start().starts_with(verb))
            && between.split(',').all(|part| part.trim().is_empty() || is_fragment(part.trim()));
        if !is_same {
            found.extend(statement(&literal));
            literal.clear();
        }
        rest = &rest[start + 1..];
        let end = closing(rest);
        literal.push_str(&rest[..end]);
        literal.push(' ');
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    found.extend(statement(&literal));
    found
}

/// Whether this is a call of a macro without arguments, or the name of one's argument.
fn is_fragment(part: &str) -> bool {
    let name = part.strip_suffix("!()").or_else(|| part.strip_prefix('$')).unwrap_or("-");
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The place of the quote that ends a literal.
fn closing(literal: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in literal.char_indices() {
        match c {
            '"' if !is_escaped => return at,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    literal.len()
}

fn statement(literal: &str) -> Option<String> {
    let literal = literal.split_whitespace().collect::<Vec<_>>().join(" ");
    VERBS.iter().any(|verb| literal.starts_with(verb)).then_some(literal)
}

#[test]
fn statements_are_found_whole() {
    let text =
        r#"let a = concat!("SELECT a FROM b WHERE c IN ", open_states!(), " AND tenant_id = $1"); let b = "%\"x\":%"; ["DELETE FROM d", "DELETE FROM e"]"#;
    assert_eq!(statements(text), ["SELECT a FROM b WHERE c IN AND tenant_id = $1", "DELETE FROM d", "DELETE FROM e"]);
}

/// Tables whose rows belong to a company.
fn tenant_tables() -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for (_, text) in store::schema::MIGRATIONS.sqlite {
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
    assert!(!tables.is_empty(), "no table was found");
    let mut seen = 0;
    for (path, text) in sources() {
        if is_entry_point(&path) {
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
    assert!(seen > 0, "no statement was found");
}

#[test]
fn records_of_any_company_are_read_only_where_the_company_is_looked_up() {
    for (path, text) in sources() {
        let is_allowed = is_entry_point(&path) || path.ends_with("/table.rs");
        assert!(is_allowed || !text.contains("select_any::<"), "{path} reads records of any company");
    }
}

/// Where readers are lent that see the rows of all companies, and why.
const OF_ALL_COMPANIES: &[(&str, &str)] = &[
    ("company/src/openings/open.rs", "the keys of sites are those of the whole installation"),
    ("connect/src/jobs/send_webhooks/", "deliveries are taken up for all companies"),
    ("demo/src/", "writes a past, at the terminal"),
    ("insight/src/jobs/", "the numbers of all companies are counted from one feed"),
    ("insight/src/panel/mod.rs", "how far the feed has been counted"),
    ("operator/src/health.rs", "how far the feed lags"),
    ("portability/src/import.rs", "names and keys are those of the whole installation"),
    ("portability/src/moving.rs", "copies whole records"),
    ("privacy/src/jobs/repeat.rs", "erasures of all companies are applied again"),
    ("realtime/src/jobs/", "follows what other nodes committed for any company"),
    ("server/src/health.rs", "how far the feed lags"),
    ("server/src/setup/", "the first start, and companies that come and go"),
    ("server/src/start.rs", "what the record is"),
    ("service/src/follow.rs", "follows the feed"),
    ("service/src/learning/note.rs", "follows the feed"),
    ("warehouse/src/", "sums, packs and carries the numbers of all companies"),
];

#[test]
fn what_belongs_to_a_company_is_read_as_the_company() {
    let mut used = BTreeSet::new();
    for (path, text) in texts("crates", &[".rs"]) {
        let is_source = path.contains("/src/") && !path.starts_with("crates/testkit") && !path.starts_with("crates/bench/");
        let lends = [".read()", ".snapshot()"]
            .iter()
            .any(|lend| without_tests(&text).contains(&format!("db{lend}")) || without_tests(&text).contains(&format!("db(){lend}")));
        if is_source && lends && !is_entry_point(&path) {
            let known = OF_ALL_COMPANIES.iter().find(|(place, _)| path.trim_start_matches("crates/").starts_with(place));
            used.insert(known.unwrap_or_else(|| panic!("{path} reads rows of all companies: use `read_of` or `snapshot_of`, or say here why")).0);
        }
    }
    let unused: Vec<&str> = OF_ALL_COMPANIES.iter().map(|(place, _)| *place).filter(|place| !used.contains(place)).collect();
    assert!(unused.is_empty(), "{unused:?} read no rows of all companies");
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
    let all = sources();
    let tables: Vec<(String, BTreeSet<String>)> = all.iter().flat_map(|(_, text)| declared(text)).collect();
    assert!(!tables.is_empty(), "no table is declared");
    for (path, text) in all.iter().filter(|(path, _)| !path.contains("/entry_points/")) {
        for statement in statements(without_tests(text)) {
            for (table, columns) in tables.iter().filter(|(table, _)| statement.contains(&format!(" {table} "))) {
                // A few columns are a view of their own; most of them are the record again.
                let most = columns.len().min(4.max(columns.len() * 2 / 3));
                assert!(listed(&statement, columns) < most, "{path} lists columns of {table} again: {statement}");
            }
        }
    }
}

#[test]
fn every_function_of_the_store_takes_the_company_first() {
    for (path, text) in sources() {
        if is_entry_point(&path) {
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
    let suite = |name: &str| texts(&format!("crates/{name}/tests/it"), &[".rs"]).into_iter().map(|(_, text)| text).collect::<String>();
    let suites: String = holders().iter().map(|name| suite(name)).collect();
    // Each suite begins with a company and its conversations.
    let fixture = texts("crates/testkit/src", &["fixture.rs"]).remove(0).1;
    // The functions of `table` and `access` are for the store itself, and each is tried by those that call it.
    let is_tried = |path: &str| !path.ends_with("/table.rs") && !path.ends_with("/access.rs");
    for name in holders() {
        let own = suite(&name) + &fixture;
        for (path, text) in sources_of(&name).into_iter().filter(|(path, _)| is_tried(path)) {
            // What is looked up for all companies was stored by functions of any of the crates.
            let (module, suite) =
                if is_entry_point(&path) { ("entry_points", &suites) } else { (path.rsplit('/').next().unwrap().trim_end_matches(".rs"), &own) };
            for function in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
                let function = function.split('(').next().unwrap();
                assert!(suite.contains(&format!("{module}::{function}(")), "{module}::{function} is in no test of crates/{name}/tests");
            }
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
    for krate in ["db", "warehouse", "service", "platform", "realtime", "http-kit", "server"].into_iter().map(str::to_owned).chain(holders()) {
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
    for krate in holders().into_iter().chain(["warehouse".to_owned()]) {
        for (path, text) in sources_of(&krate) {
            for statement in statements(without_tests(&text)) {
                let upper = statement.to_uppercase();
                for word in ["NOW()", "INTERVAL ", " ILIKE ", " LIKE ", "DATE_TRUNC", "JSON_EXTRACT", "::"] {
                    assert!(!upper.contains(word), "{path}: {word} in {statement}");
                }
            }
        }
    }
}
