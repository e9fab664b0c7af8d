//! All of the SQL as one job of Flink: the events come from one table, and the amounts of every measure go to another. What connects them, files or topics, is
//! the caller's choice.

use super::{Bucket, Dialect, all_amounts, script, source};
use crate::definition::{Definitions, Split};

/// The table that a job writes to: the amounts of all measures, by minute.
pub const AMOUNTS: &str = "dws_amount";

/// The columns by which an amount is known, in the order of the table.
pub fn key() -> Vec<&'static str> {
    ["tenant_id", "cell", "starts_at"].into_iter().chain(Split::EACH.map(Split::column)).collect()
}

/// The statements of the job, each with a semicolon. `from` and `to` connect the events and the amounts (`WITH (…)`); `is_keyed` declares the key of an amount,
/// for a table that keeps only the last.
pub fn job(definitions: &Definitions, from: &str, to: &str, is_keyed: bool) -> String {
    let mut statements = vec![source(Dialect::Flink, from)];
    statements.extend(script(Dialect::Flink));
    statements.push(sink(to, is_keyed));
    statements.push(format!("INSERT INTO {AMOUNTS}\n{}", all_amounts(definitions, Bucket::Minute).join("\nUNION ALL\n")));
    statements.iter().map(|sql| format!("{sql};\n")).collect::<Vec<_>>().join("\n")
}

fn sink(to: &str, is_keyed: bool) -> String {
    let kind = |name: &&str| if *name == "starts_at" { "BIGINT" } else { "STRING" };
    let mut columns: Vec<String> = key().iter().map(|name| format!("  {name} {}", kind(name))).collect();
    columns.push("  amount BIGINT".to_owned());
    if is_keyed {
        columns.push(format!("  PRIMARY KEY ({}) NOT ENFORCED", key().join(", ")));
    }
    format!("CREATE TEMPORARY TABLE {AMOUNTS} (\n{}\n) {to}", columns.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFINITIONS;

    #[test]
    fn a_job_leads_from_the_events_to_the_amounts_of_every_measure() {
        let sql = job(&DEFINITIONS, "WITH ('connector' = 'a')", "WITH ('connector' = 'b')", true);
        let statements: Vec<&str> = sql.split(";\n").map(str::trim).filter(|one| !one.is_empty()).collect();
        assert_eq!(statements.len(), 3 + super::super::layers().len());
        assert!(statements[0].starts_with("CREATE TEMPORARY TABLE ods_event (") && statements[0].ends_with("WITH ('connector' = 'a')"), "{}", statements[0]);
        let sink = statements[statements.len() - 2];
        assert!(sink.contains("  band STRING,\n  amount BIGINT,\n  PRIMARY KEY (tenant_id, cell, starts_at, channel, ") && sink.ends_with("'b')"), "{sink}");
        let insert = statements[statements.len() - 1];
        assert!(DEFINITIONS.cells.iter().all(|cell| insert.contains(&format!("'{}'", cell.name))), "{insert}");
        assert!(!job(&DEFINITIONS, "", "", false).contains("PRIMARY KEY"));
    }
}
