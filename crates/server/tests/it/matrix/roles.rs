//! Which role may call which operation: a committed table of statuses.

use std::fmt::Write as _;

use super::{document::operations, house::House};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix/roles.txt");

#[tokio::test]
async fn everyone_is_let_in_where_the_table_says() {
    let mut table =
        format!("{:<46} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8}\n", "operation", "nobody", "visitor", "agent", "manager", "admin", "foreign", "customer");
    let reading = House::new().await;
    let mut changing = House::new().await;
    for operation in operations() {
        let mut row = format!("{:<46}", operation.name());
        for column in 0..7 {
            let house = if operation.method.is_safe() { &reading } else { &changing };
            let who = match column {
                0 => &*house.app,
                1 => &house.visitor,
                2 => &house.agent,
                3 => &house.manager,
                4 => &house.administrator,
                5 => &house.foreign,
                _ => &house.customer,
            };
            let answer = house.ask(who, &operation, &house.path(&operation)).await;
            assert!(answer.status.as_u16() < 500, "{}: {answer:?}", operation.name());
            // A request that succeeded may have changed something, and wrong passwords and codes are counted: the next request gets a fresh house.
            let counts_tries = operation.path.starts_with("/api/v1/auth/") || operation.path.starts_with("/api/v1/customer/");
            let left_no_trace = match answer.status.as_u16() {
                401 | 403 => !operation.path.ends_with("/sessions"),
                status => (400..500).contains(&status) && !counts_tries,
            };
            if !operation.method.is_safe() && !left_no_trace {
                changing = House::new().await;
            }
            write!(row, " {:>width$}", answer.status.as_u16(), width = if column == 6 { 8 } else { 7 }).unwrap();
        }
        table.push_str(&row);
        table.push('\n');
    }
    let committed = std::fs::read_to_string(TABLE).unwrap_or_default();
    if table != committed {
        std::fs::write(TABLE, &table).unwrap();
        panic!("crates/server/tests/it/matrix/roles.txt has been rewritten; check each line that changed, then commit it\n{table}");
    }
}

#[tokio::test]
async fn both_engines_answer_alike() {
    let (Some(postgres), sqlite) = (House::on_postgres().await, House::new().await) else { return };
    // The operations that end the manager's own session come last.
    let (ending, others): (Vec<_>, Vec<_>) = operations().into_iter().partition(|operation| operation.path.ends_with("/current"));
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
