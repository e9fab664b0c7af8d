//! Which role may call which operation: committed tables of statuses, one for each tag of the document. A test that finds no row of an operation writes it, and
//! fails for that in CI only; where a known row changed, it fails everywhere.
//!
//! In the columns after `customer`, a change that succeeds is not made again: `may` says that the caller holds what lets an agent, a manager, an administrator or a
//! visitor make it, whose success is tried in their column. Everything that is refused is asked of one house, which must stay as it was. `=` stands where nobody is
//! asked who they are.

use std::{collections::BTreeMap, fmt::Write as _};
use testkit::eventually;

use super::{
    callers::{COLUMNS, Callers, Record},
    document::{Operation, operations},
    house::House,
};

const TABLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix/roles");
/// The columns of those whose every request is made.
const TRIED: [&str; 7] = ["nobody", "visitor", "agent", "manager", "admin", "foreign", "customer"];

/// A table: the rows of its operations, without the head.
type Rows = BTreeMap<String, Vec<String>>;

/// The committed tables, by tag.
fn committed() -> BTreeMap<String, Rows> {
    let tables = std::fs::read_dir(TABLES).into_iter().flatten().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let table = std::fs::read_to_string(&path).unwrap();
        let rows = table.lines().skip(1).map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), rows.map(|words| (words[..2].join(" "), words[2..].to_vec())).collect())
    };
    tables.map(read).collect()
}

/// A table as it is committed, its operations in the document's order.
fn written(rows: &[(String, Vec<String>)]) -> String {
    let head = TRIED.iter().chain(&COLUMNS).map(|name| (*name).to_owned()).collect();
    let mut table = String::new();
    for (name, cells) in [&("operation".to_owned(), head)].into_iter().chain(rows) {
        write!(table, "{name:<46}").unwrap();
        for cell in cells {
            write!(table, " {cell:>8}").unwrap();
        }
        table.push('\n');
    }
    table
}

/// Writes the tables that differ from the committed ones. Fails if a known row changed, and in CI also if one is new or of no operation any more.
fn compare(found: &BTreeMap<String, Vec<(String, Vec<String>)>>, mut committed: BTreeMap<String, Rows>) {
    let (mut changed, mut others) = (Vec::new(), Vec::new());
    for (tag, rows) in found {
        let mut known = committed.remove(tag).unwrap_or_default();
        for (name, cells) in rows {
            match known.remove(name) {
                Some(before) if before != *cells => changed.push(format!("{name}: {} -> {}", before.join(" "), cells.join(" "))),
                Some(_) => {}
                None => others.push(format!("new: {name} {}", cells.join(" "))),
            }
        }
        others.extend(known.keys().map(|name| format!("gone: {name}")));
        let path = format!("{TABLES}/{tag}.txt");
        if std::fs::read_to_string(&path).unwrap_or_default() != written(rows) {
            std::fs::create_dir_all(TABLES).unwrap();
            std::fs::write(path, written(rows)).unwrap();
        }
    }
    for tag in committed.keys() {
        std::fs::remove_file(format!("{TABLES}/{tag}.txt")).unwrap();
        others.push(format!("gone: {tag}.txt"));
    }
    let told = format!("{TABLES} has been rewritten; check each line, then commit it\n{}\n{}", changed.join("\n"), others.join("\n"));
    assert!(changed.is_empty() && (others.is_empty() || std::env::var_os("CI").is_none()), "{told}");
    if !others.is_empty() {
        eprintln!("{told}");
    }
}

/// The statuses of those whose every request is made; returns whether the house is worn.
async fn tried(house: &House, operation: &Operation, column: &str) -> (u16, bool) {
    let who = match column {
        "nobody" => &*house.app,
        "visitor" => &house.visitor,
        "agent" => &house.agent,
        "manager" => &house.manager,
        "admin" => &house.administrator,
        "foreign" => &house.foreign,
        _ => &house.customer,
    };
    let answer = house.ask(who, operation, &house.path(operation)).await;
    assert!(answer.status.as_u16() < 500, "{}: {answer:?}", operation.name());
    // A request that succeeded may have changed something, and wrong passwords and codes are counted: the next request gets a fresh house.
    let counts_tries = operation.path.starts_with("/api/v1/auth/") || operation.path.starts_with("/api/v1/customer/");
    let left_no_trace = match answer.status.as_u16() {
        401 | 403 => !operation.path.ends_with("/sessions"),
        status => (400..500).contains(&status) && !counts_tries,
    };
    (answer.status.as_u16(), !operation.method.is_safe() && !left_no_trace)
}

/// The further callers, with the house as it was before anybody asked.
struct Further {
    callers: Callers,
    before: Record,
}

impl Further {
    async fn new() -> Self {
        // Boxed: a test has a small stack.
        let callers = Box::pin(Callers::new()).await;
        // An export of what is found is refused until everything can be found.
        let records = async || callers.house.manager.get("/api/v1/records?q=x").await.expect(200)["index"]["is_complete"] == true;
        eventually("what was said is indexed", async || records().await.then_some(())).await;
        let before = callers.record().await;
        Self { callers, before }
    }

    /// The cell of a further caller. The house is left as it was, unless a change succeeds that the table does not have yet.
    async fn cell(&mut self, operation: &Operation, column: usize, known: Option<&str>) -> String {
        let is_of_widget = operation.path.starts_with("/api/v1/widget/") && operation.path != "/api/v1/widget/sessions";
        let is_for_somebody = operation.is_signed_in || is_of_widget;
        if !operation.method.is_safe() && (!is_for_somebody || known == Some("may")) {
            return if is_for_somebody { "may" } else { "=" }.to_owned();
        }
        let Callers { house, all, .. } = &self.callers;
        let answer = house.ask(&all[column].1, operation, &house.path(operation)).await;
        assert!(answer.status.as_u16() < 500, "{} as {}: {answer:?}", operation.name(), all[column].0);
        if operation.method.is_safe() || !answer.status.is_success() {
            return answer.status.as_u16().to_string();
        }
        *self = Self::new().await;
        "may".to_owned()
    }
}

#[tokio::test]
async fn everyone_is_let_in_where_the_table_says() {
    let (reading, mut changing) = (Box::pin(House::new()).await, Box::pin(House::new()).await);
    let mut further = Further::new().await;
    let committed = committed();
    let mut found: BTreeMap<String, Vec<(String, Vec<String>)>> = BTreeMap::new();
    for operation in operations() {
        let mut row = Vec::new();
        for column in TRIED {
            let house = if operation.method.is_safe() { &reading } else { &changing };
            let (status, is_worn) = Box::pin(tried(house, &operation, column)).await;
            if is_worn {
                changing = Box::pin(House::new()).await;
            }
            row.push(status.to_string());
        }
        let is_done_by_somebody = row.iter().any(|status| status.starts_with('2'));
        let known = committed.get(&operation.tag).and_then(|rows| rows.get(&operation.name()));
        for column in 0..COLUMNS.len() {
            let known = known.and_then(|row| row.get(TRIED.len() + column)).map(String::as_str);
            let cell = further.cell(&operation, column, known).await;
            assert!(cell != "may" || is_done_by_somebody, "{}: nobody does it whose success is tried", operation.name());
            row.push(cell);
        }
        found.entry(operation.tag.clone()).or_default().push((operation.name(), row));
    }
    // Those who were refused changed nothing.
    further.callers.is_still(&further.before).await;
    compare(&found, committed);
}

#[tokio::test]
async fn both_engines_answer_alike() {
    let (Some(postgres), sqlite) = (House::on_postgres().await, House::new().await) else { return };
    // The operations after which a session is over, or can change nothing any more, come last.
    let ends = |operation: &Operation| operation.path.ends_with("/current") || operation.path.ends_with("/me/view");
    let (ending, others): (Vec<_>, Vec<_>) = operations().into_iter().partition(ends);
    for operation in others.iter().chain(&ending) {
        let mut answers = Vec::new();
        for house in [&sqlite, &postgres] {
            let answer = house.ask(house.welcome(operation), operation, &house.path(operation)).await;
            let fields = serde_json::from_slice::<serde_json::Map<_, _>>(&answer.body).map(|body| body.keys().cloned().collect::<Vec<_>>());
            answers.push((answer.status, fields.ok()));
        }
        assert_eq!(answers[0], answers[1], "{}", operation.name());
    }
    postgres.app.stop().await;
}
