//! Which role may call which operation: a committed table of statuses.
//!
//! In the columns after `customer`, a change that succeeds is not made again: `may` says that the caller holds what lets an agent, a manager, an administrator or a
//! visitor make it, whose success is tried in their column. Everything that is refused is asked of one house, which must stay as it was. `=` stands where nobody is
//! asked who they are.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    callers::{COLUMNS, Callers, Record},
    document::{Operation, operations},
    house::House,
};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix/roles.txt");
/// The columns of those whose every request is made.
const TRIED: [&str; 7] = ["nobody", "visitor", "agent", "manager", "admin", "foreign", "customer"];

/// The cells of the committed table.
fn committed() -> BTreeMap<String, Vec<String>> {
    let table = std::fs::read_to_string(TABLE).unwrap_or_default();
    let rows = table.lines().skip(1).map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    rows.map(|words| (words[..2].join(" "), words[2..].to_vec())).collect()
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
    let mut table = format!("{:<46}", "operation");
    for name in TRIED.iter().chain(&COLUMNS) {
        write!(table, " {name:>8}").unwrap();
    }
    table.push('\n');
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
        let known = committed.get(&operation.name());
        for column in 0..COLUMNS.len() {
            let known = known.and_then(|row| row.get(TRIED.len() + column)).map(String::as_str);
            let cell = further.cell(&operation, column, known).await;
            assert!(cell != "may" || is_done_by_somebody, "{}: nobody does it whose success is tried", operation.name());
            row.push(cell);
        }
        write!(table, "{:<46}", operation.name()).unwrap();
        for cell in row {
            write!(table, " {cell:>8}").unwrap();
        }
        table.push('\n');
    }
    // Those who were refused changed nothing.
    further.callers.is_still(&further.before).await;
    if table != std::fs::read_to_string(TABLE).unwrap_or_default() {
        std::fs::write(TABLE, &table).unwrap();
        panic!("crates/server/tests/it/matrix/roles.txt has been rewritten; check each line that changed, then commit it\n{table}");
    }
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
