//! All of the SQL as one job of Flink: the events come from one table, and the amounts of every measure go to another. What connects them, files or topics, is
//! the caller's choice.

use std::time::Duration;

use super::{Bucket, Dialect, all_amounts, script, source};
use crate::{
    definition::Definitions,
    outside::{
        Form, Layer,
        amounts::{AMOUNTS, key},
    },
};

/// The statements of the job, each with a semicolon. `from` and `to` connect the events and the amounts (`WITH (…)`); `is_keyed` declares the key of an amount,
/// for a table that keeps only the last.
pub fn job(definitions: &Definitions, from: &str, to: &str, is_keyed: bool) -> String {
    let mut statements = vec![source(Dialect::Flink, from)];
    statements.extend(script(Dialect::Flink));
    statements.push(sink(to, is_keyed));
    statements.push(format!("INSERT INTO {AMOUNTS}\n{}", all_amounts(definitions, Bucket::Minute).join("\nUNION ALL\n")));
    statements.iter().map(|sql| format!("{sql};\n")).collect::<Vec<_>>().join("\n")
}

/// Where a job over topics of Kafka reads and writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    /// The brokers, as `host:port` with commas between them.
    pub brokers: String,
    /// The topic of the events.
    pub events: String,
    /// The group under which the job notes what it has read, once a checkpoint has everything that follows from it; the names of its transactions begin so, too.
    pub group: String,
    /// How long the results of a checkpoint may wait to be committed, which is how long Flink may be away between the checkpoint and that. Brokers refuse what is
    /// longer than their `transaction.max.timeout.ms`.
    pub commit_within: Duration,
    /// The topics of the results, each of which keeps the last of every key.
    pub results: Vec<(Layer, String)>,
}

/// The statements of a job that reads the events from a topic, and keeps the rows of the detail tables and the amounts of all measures up to date in others.
///
/// The results of a checkpoint are transactions, one for each topic and writer. Written at least once, an amount on the way to another could stay: after a crash the job goes
/// on from its last checkpoint, groups the events differently, and need not come by that amount again, so that nothing would take it back.
pub fn job_on_topics(definitions: &Definitions, topics: &Topics) -> String {
    let Topics { brokers, events, group, commit_within, results } = topics;
    let commit_within = commit_within.as_millis();
    let from = format!(
        "WITH (\n  'connector' = 'kafka',\n  'topic' = '{events}',\n  'properties.bootstrap.servers' = '{brokers}',\n  'properties.group.id' = '{group}',\n  \
         'properties.isolation.level' = 'read_committed',\n  'scan.startup.mode' = 'earliest-offset',\n  'format' = 'json'\n)"
    );
    let mut statements = vec![source(Dialect::Flink, &from)];
    statements.extend(script(Dialect::Flink));
    for (layer, topic) in results {
        let to = format!(
            "WITH (\n  'connector' = 'upsert-kafka',\n  'topic' = '{topic}',\n  'properties.bootstrap.servers' = '{brokers}',\n  'key.format' = 'json',\n  \
             'value.format' = 'json',\n  'sink.delivery-guarantee' = 'exactly-once',\n  'sink.transactional-id-prefix' = '{group}.{}',\n  \
             'sink.transaction-naming-strategy' = 'pooling',\n  'properties.transaction.timeout.ms' = '{commit_within}'\n)",
            layer.name()
        );
        statements.push(keeping_table(*layer, &to));
        let query = match layer {
            Layer::Amounts => all_amounts(definitions, Bucket::Minute).join("\nUNION ALL\n"),
            _ => format!("SELECT {} FROM {}", names(*layer).join(", "), layer.name()),
        };
        statements.push(format!("INSERT INTO kept_{}\n{query}", layer.name()));
    }
    statements.iter().map(|sql| format!("{sql};\n")).collect::<Vec<_>>().join("\n")
}

fn names(layer: Layer) -> Vec<&'static str> {
    layer.columns().into_iter().map(|(name, _)| name).collect()
}

/// A table that keeps the last of every key of a layer.
fn keeping_table(layer: Layer, to: &str) -> String {
    let column = |(name, form): (&'static str, Form)| format!("  {name} {}", if form == Form::Int { "BIGINT" } else { "STRING" });
    let mut columns: Vec<String> = layer.columns().into_iter().map(column).collect();
    columns.push(format!("  PRIMARY KEY ({}) NOT ENFORCED", layer.key().join(", ")));
    format!("CREATE TEMPORARY TABLE kept_{} (\n{}\n) {to}", layer.name(), columns.join(",\n"))
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

    #[test]
    fn a_job_on_topics_keeps_every_layer_of_results_by_its_key() {
        let results = Layer::RESULTS.map(|layer| (layer, format!("t-{}", layer.name()))).to_vec();
        let topics = Topics {
            brokers: "broker:9092".to_owned(),
            events: "t-events".to_owned(),
            group: "t-flink".to_owned(),
            commit_within: Duration::from_secs(900),
            results,
        };
        let sql = job_on_topics(&DEFINITIONS, &topics);
        let statements: Vec<&str> = sql.split(";\n").map(str::trim).filter(|one| !one.is_empty()).collect();
        assert_eq!(statements.len(), 1 + super::super::layers().len() + 2 * Layer::RESULTS.len());
        assert!(statements[0].contains("'topic' = 't-events'") && statements[0].contains("'read_committed'"), "{}", statements[0]);
        for layer in Layer::RESULTS {
            let name = layer.name();
            let kept = statements.iter().find(|one| one.starts_with(&format!("CREATE TEMPORARY TABLE kept_{name} ("))).unwrap();
            assert!(kept.contains(&format!("PRIMARY KEY ({}) NOT ENFORCED", layer.key().join(", "))) && kept.contains(&format!("'t-{name}'")), "{kept}");
            assert!(kept.contains("'exactly-once'") && kept.contains("'900000'") && kept.contains(&format!("'t-flink.{name}'")), "{kept}");
            assert!(statements.iter().any(|one| one.starts_with(&format!("INSERT INTO kept_{name}\nSELECT "))), "{name} is filled");
        }
    }
}
