//! `yingda metrics …`

use std::io::Write as _;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use warehouse::{
    DEFINITIONS,
    definition::{Derived, How, Kind, Measure},
    portable::{self, Bucket, Dialect},
};

/// Prints the definitions of the indicators.
#[derive(Args)]
pub struct Metrics {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the indicators.
    List {
        /// Print them as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Print the SQL of an indicator, or of everything that leads to one.
    Render {
        /// The engine that is to run it.
        #[arg(long, value_enum)]
        engine: EngineName,
        /// The key of the indicator. Without it, what leads from the events (`ods_event`) to the rows that indicators are computed from: views in Flink, otherwise tables.
        key: Option<String>,
    },
}

/// An engine that runs SQL.
#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    /// Flink SQL, in batches or over a stream.
    Flink,
    /// SQLite and PostgreSQL.
    Sql,
}

/// All indicators.
#[derive(Serialize)]
struct List {
    version: u32,
    indicators: Vec<Entry>,
}

/// An indicator as it is listed.
#[derive(Serialize)]
struct Entry {
    key: &'static str,
    kind: &'static str,
    unit: &'static str,
    owner: &'static str,
    zh: &'static str,
    en: &'static str,
    rule: &'static str,
    /// The table whose rows are looked at, or the indicators from which it is derived.
    from: Vec<String>,
}

impl Metrics {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let mut out = std::io::stdout();
        match self.command {
            Command::List { json: true } => writeln!(out, "{}", serde_json::to_string_pretty(&list())?)?,
            Command::List { json: false } => {
                for Entry { key, kind, zh, en, .. } in list().indicators {
                    writeln!(out, "{key:<22} {kind:<10} {zh} · {en}")?;
                }
            }
            Command::Render { engine, key: None } => writeln!(out, "{}", script(engine.dialect()))?,
            Command::Render { key: Some(key), .. } => writeln!(out, "{}", render(&key)?)?,
        }
        Ok(())
    }
}

impl EngineName {
    const fn dialect(self) -> Dialect {
        match self {
            Self::Flink => Dialect::Flink,
            // They are the same on both.
            Self::Sql => Dialect::Postgres,
        }
    }
}

fn list() -> List {
    let measures = DEFINITIONS.measures.iter().map(measure_entry);
    List { version: DEFINITIONS.version, indicators: measures.chain(DEFINITIONS.derived.iter().map(derived_entry)).collect() }
}

fn measure_entry(measure: &'static Measure) -> Entry {
    let Measure { key, name, rule, owner, unit, kind, source, .. } = measure;
    let kind = match kind {
        Kind::Count => "count",
        Kind::Distinct => "distinct",
        Kind::Sum => "sum",
        Kind::Min => "min",
        Kind::Max => "max",
        Kind::Histogram => "histogram",
    };
    Entry { key, kind, unit, owner, zh: &name.zh, en: &name.en, rule: &rule.en, from: vec![portable::table(*source).to_owned()] }
}

fn derived_entry(derived: &'static Derived) -> Entry {
    let Derived { key, how, name, rule, owner, unit, .. } = derived;
    let (kind, from) = match how {
        How::Ratio { part, whole } => ("ratio", vec![part.clone(), whole.clone()]),
        How::Percentile { of, .. } => ("percentile", vec![of.clone()]),
        How::Coverage { of, judged, right, whole, .. } => ("coverage", [of, judged, right, whole].map(Clone::clone).into()),
        How::Calibration { of, judged, right } => ("calibration", [of, judged, right].map(Clone::clone).into()),
    };
    Entry { key, kind, unit, owner, zh: &name.zh, en: &name.en, rule: &rule.en, from }
}

/// What leads from the events to the rows: views, or tables that are computed once, each after those that it reads.
fn script(dialect: Dialect) -> String {
    portable::script(dialect).iter().map(|sql| format!("{sql};")).collect::<Vec<_>>().join("\n\n")
}

/// The queries of an indicator, by minute: one, or those of the indicators from which it is derived. They are the same for every engine.
fn render(key: &str) -> anyhow::Result<String> {
    if let Some(measure) = DEFINITIONS.measure(key) {
        return Ok(query(measure));
    }
    let Some(derived) = DEFINITIONS.derivation(key) else { bail!("there is no indicator {key}; `yingda metrics list` prints them") };
    let (how, from) = match &derived.how {
        How::Ratio { part, whole } => (format!("the sum of {part}, divided by the sum of {whole}"), vec![part, whole]),
        How::Percentile { of, at } => (format!("the value that {} of the distribution {of} do not exceed", percent(*at)), vec![of]),
        How::Coverage { of, judged, right, whole, at } => {
            (format!("the share of {whole} that can be answered at a precision of {}", percent(*at)), vec![of, judged, right, whole])
        }
        How::Calibration { of, judged, right } => (format!("how far {of} is from the share of {right} in {judged}"), vec![of, judged, right]),
    };
    let queries: Vec<String> = from.into_iter().filter_map(|key| DEFINITIONS.measure(key)).map(query).collect();
    Ok(format!("-- {key}: {how}; derived where it is read.\n{}", queries.join("\n\n")))
}

fn percent(at: f64) -> String {
    format!("{} %", (at * 100.0).round())
}

fn query(measure: &Measure) -> String {
    format!("-- {}: {}\n{};", measure.key, measure.rule.en, portable::amounts(&DEFINITIONS, measure, Bucket::Minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_is_listed_and_can_be_rendered() {
        let all = list().indicators;
        assert_eq!(all.len(), DEFINITIONS.measures.len() + DEFINITIONS.derived.len());
        for Entry { key, from, .. } in &all {
            let sql = render(key).unwrap();
            assert!(sql.starts_with(&format!("-- {key}: ")) && sql.ends_with(';'), "{sql}");
            assert!(from.iter().all(|name| sql.contains(name.as_str())), "{key} of {from:?}: {sql}");
        }
        assert!(render("nothing").is_err());
    }

    #[test]
    fn the_statements_of_each_engine_end_in_the_rows_that_are_counted() {
        for (dialect, create) in [(Dialect::Flink, "CREATE TEMPORARY VIEW "), (Dialect::Postgres, "CREATE TABLE ")] {
            let text = script(dialect);
            assert!(DEFINITIONS.measures.iter().all(|measure| text.contains(&format!("{create}{} AS\n", portable::table(measure.source)))), "{text}");
        }
    }
}
