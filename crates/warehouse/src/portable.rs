//! Every indicator a second time, as portable SQL over the raw events, for engines that know nothing of the reducer.
//!
//! - [`layers`]: one query per layer, from `ods_event` to the detail tables, which have the names and columns of [`crate::rows`]; `sql/*.sql` has their text
//! - [`amounts`]: what a measure amounts to by minute or quarter of an hour, company and part of every dimension
//! - [`script`], [`create`] and [`source`]: the statements that set these up on an engine
//! - [`run`]: does all of it on SQLite or PostgreSQL
//! - [`flink`]: all of it as one job of Flink
//!
//! The queries are equal on all engines; only what surrounds them differs, which the lint of the crate `parity` watches. They are made of equi-joins, `GROUP BY`, and a `ROW_NUMBER` of which the first is
//! kept, because Flink can keep these up to date while events arrive. A first or last value is found by the number of its entry, and then read from that entry.
//! Everything derived from amounts (ratios, means, percentiles) stays in [`crate::definition`].

pub mod flink;
pub mod run;

use std::collections::BTreeMap;

use domain::{dimension::Dimension, rating};

use crate::{
    definition::{CellDefinition, Definitions, Kind, Measure, column},
    render,
    rows::{BANDS, Event, PAUSE_MS, Source, back, wait},
};

/// An engine that the SQL is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// Flink SQL, in batches or over a stream.
    Flink,
}

/// How a layer is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a view, which the engine computes when it is asked, or keeps up to date.
    View,
    /// As a table, which is computed once.
    Table,
}

/// The pieces of time for which amounts are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Minutes.
    Minute,
    /// Quarters of an hour.
    Quarter,
}

impl Bucket {
    const fn ms(self) -> i64 {
        match self {
            Self::Minute => domain::time::MINUTE,
            Self::Quarter => domain::time::QUARTER,
        }
    }
}

/// One layer between the events and the amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The name of the view or table.
    pub name: &'static str,
    /// The query, with comments.
    pub sql: String,
}

/// The name of the table of events as they are delivered: in any order, and some more than once.
pub const SOURCE: &str = Event::TABLE;

/// The names of the layers and their text, each after those that it reads.
const LAYERS: [(&str, &str); 23] = [
    ("dwd_event", include_str!("../sql/01_dwd_event.sql")),
    ("dwm_command", include_str!("../sql/02_dwm_command.sql")),
    ("dwm_answer", include_str!("../sql/03_dwm_answer.sql")),
    ("dwm_dialogue", include_str!("../sql/04_dwm_dialogue.sql")),
    ("dwm_verdict", include_str!("../sql/05_dwm_verdict.sql")),
    ("dwm_turn", include_str!("../sql/06_dwm_turn.sql")),
    ("dwm_after", include_str!("../sql/07_dwm_after.sql")),
    ("dwm_customer", include_str!("../sql/08_dwm_customer.sql")),
    ("dwm_episode", include_str!("../sql/09_dwm_episode.sql")),
    ("dwm_stamp", include_str!("../sql/10_dwm_stamp.sql")),
    ("dwd_session", include_str!("../sql/11_dwd_session.sql")),
    ("dwd_dialogue", include_str!("../sql/12_dwd_dialogue.sql")),
    ("dwm_edge", include_str!("../sql/13_dwm_edge.sql")),
    ("dwm_service", include_str!("../sql/14_dwm_service.sql")),
    ("dwm_tenure", include_str!("../sql/15_dwm_tenure.sql")),
    ("dwm_message", include_str!("../sql/16_dwm_message.sql")),
    ("dwm_talk", include_str!("../sql/17_dwm_talk.sql")),
    ("dwm_replier", include_str!("../sql/18_dwm_replier.sql")),
    ("dwd_service", include_str!("../sql/19_dwd_service.sql")),
    ("dwm_waiter", include_str!("../sql/20_dwm_waiter.sql")),
    ("dwm_round", include_str!("../sql/21_dwm_round.sql")),
    ("dwd_reply", include_str!("../sql/22_dwd_reply.sql")),
    ("dwd_work", include_str!("../sql/23_dwd_work.sql")),
];

/// The layers, each after those that it reads. The queries are the same for every engine.
pub fn layers() -> Vec<Layer> {
    let constants = [
        ("{event_columns}", Event::COLUMNS.join(", ")),
        ("{middle_rating}", rating::MIDDLE.to_string()),
        ("{short_ms}", wait::SHORT_MS.to_string()),
        ("{pause_ms}", PAUSE_MS.to_string()),
        ("{day_ms}", back::DAY_MS.to_string()),
        ("{three_days_ms}", back::THREE_DAYS_MS.to_string()),
        ("{bands}", bands()),
    ];
    let fill = |text: &str| constants.iter().fold(text.trim_end().to_owned(), |text, (name, value)| text.replace(name, value));
    LAYERS.map(|(name, text)| Layer { name, sql: fill(text) }).into()
}

/// The cases that name the interval of a confidence.
fn bands() -> String {
    let last = BANDS.len() - 1;
    let case = |(n, (edge, name)): (usize, &(i64, &str))| match n == last {
        true => format!("WHEN t.confidence IS NOT NULL THEN '{name}'"),
        false => format!("WHEN t.confidence <= {edge} THEN '{name}'"),
    };
    BANDS.iter().enumerate().map(case).collect::<Vec<_>>().join(" ")
}

/// The statement that sets up a layer. A table in Flink needs a connector and is declared by whoever has one: there, a layer is always a view.
pub fn create(layer: &Layer, dialect: Dialect, form: Form) -> String {
    let what = match (dialect, form) {
        (Dialect::Flink, _) => "TEMPORARY VIEW",
        (_, Form::View) => "VIEW",
        (_, Form::Table) => "TABLE",
    };
    format!("CREATE {what} {} AS\n{}", layer.name, layer.sql)
}

/// The statements that set up all layers, in their order. On SQLite and PostgreSQL they are tables with an index and statistics, each computed once from those
/// before it: as views within views, PostgreSQL would guess their sizes wrongly and take quadratic time. In Flink they are views.
pub fn script(dialect: Dialect) -> Vec<String> {
    let statements = |layer: Layer| {
        let name = layer.name;
        let first = create(&layer, dialect, Form::Table);
        match dialect {
            Dialect::Flink => vec![first],
            Dialect::Sqlite | Dialect::Postgres => {
                vec![first, format!("CREATE INDEX {name}_key ON {name} (tenant_id, conversation_id)"), format!("ANALYZE {name}")]
            }
        }
    };
    layers().into_iter().flat_map(statements).collect()
}

/// The statement that sets up the table of events, without a key: copies are removed by the first layer. `options` is what follows the columns, in Flink the
/// connector (`WITH (…)`).
pub fn source(dialect: Dialect, options: &str) -> String {
    let event = Event::default();
    let column = |(name, value): (&&str, db::bulk::Value<'_>)| {
        let (id, int, text) = match dialect {
            Dialect::Sqlite => ("BLOB", "INTEGER", "TEXT"),
            Dialect::Postgres => ("UUID", "BIGINT", "TEXT"),
            Dialect::Flink => ("STRING", "BIGINT", "STRING"),
        };
        let kind = match value {
            db::bulk::Value::Uuid(_) | db::bulk::Value::Id(_) => id,
            db::bulk::Value::Int(_) => int,
            _ => text,
        };
        format!("  {name} {kind}")
    };
    let columns: Vec<String> = Event::COLUMNS.iter().zip(event.values()).map(column).collect();
    let create = if dialect == Dialect::Flink { "CREATE TEMPORARY TABLE" } else { "CREATE TABLE" };
    format!("{create} {SOURCE} (\n{}\n){}{options}", columns.join(",\n"), if options.is_empty() { "" } else { " " })
}

/// The name of the detail table of a source.
pub const fn table(source: Source) -> &'static str {
    render::table(source).0
}

/// What a measure amounts to: `tenant_id, cell, starts_at`, a column for each dimension (empty where a row has no value), `amount`. A distribution has a
/// row for each interval in which there is anything; `cell` is its name, as in [`CellDefinition::name`].
pub fn amounts(definitions: &Definitions, measure: &Measure, bucket: Bucket) -> String {
    sum_up(definitions, &[measure], bucket)
}

/// What all measures amount to, with the same columns: a query for each way of adding up, which engines compute in fewer steps than one for each measure.
pub fn all_amounts(definitions: &Definitions, bucket: Bucket) -> Vec<String> {
    let mut ways: BTreeMap<&str, Vec<&Measure>> = BTreeMap::new();
    for measure in &definitions.measures {
        ways.entry(way(measure)).or_default().push(measure);
    }
    ways.into_values().map(|measures| sum_up(definitions, &measures, bucket)).collect()
}

/// How the values of a measure are added up.
const fn way(measure: &Measure) -> &'static str {
    match (measure.kind, &measure.value) {
        (Kind::Sum, Some(_)) => "CAST(SUM(counted_value) AS BIGINT)",
        (Kind::Min, Some(_)) => "MIN(counted_value)",
        (Kind::Max, Some(_)) => "MAX(counted_value)",
        _ => "COUNT(*)",
    }
}

/// The query of measures whose values are added up in the same way.
fn sum_up(definitions: &Definitions, measures: &[&Measure], bucket: Bucket) -> String {
    let names: Vec<&str> = Dimension::EACH.map(column).to_vec();
    let (names, amount) = (names.join(", "), measures.first().map_or("COUNT(*)", |measure| way(measure)));
    let counted: Vec<String> = measures.iter().map(|measure| countable(definitions, measure, bucket)).collect();
    format!(
        "SELECT tenant_id, cell, starts_at, {names}, {amount} AS amount\n\
         FROM (\n  {}\n) AS counted\n\
         GROUP BY tenant_id, cell, starts_at, {names}",
        counted.join("\n  UNION ALL\n  ")
    )
}

/// The rows that a measure counts, each with its value if that is added up.
fn countable(definitions: &Definitions, measure: &Measure, bucket: Bucket) -> String {
    let (table, stamp, ms) = (table(measure.source), &measure.stamp, bucket.ms());
    let parts = Dimension::EACH.map(|by| format!("COALESCE({0}, '') AS {0}", column(by))).join(", ");
    let value = match (measure.kind, &measure.value) {
        (Kind::Sum | Kind::Min | Kind::Max, Some(column)) => format!(", {column} AS counted_value"),
        _ => String::new(),
    };
    let has_value = measure.value.as_ref().map_or_else(String::new, |column| format!(" AND {column} IS NOT NULL"));
    let (name, conditions) = (cell_name(definitions, measure), render::conditions(measure));
    format!(
        "SELECT tenant_id, {name} AS cell, {stamp} - {stamp} % {ms} AS starts_at,\n    {parts}{value}\n  \
         FROM {table}\n  WHERE {stamp} IS NOT NULL{has_value}{conditions}"
    )
}

/// The name of the cell to which a row belongs.
fn cell_name(definitions: &Definitions, measure: &Measure) -> String {
    let Some(value) = measure.value.as_ref().filter(|_| measure.kind == Kind::Histogram) else { return format!("'{}'", measure.key) };
    let cells: Vec<&CellDefinition> = definitions.cells_at(&measure.key).filter_map(|place| definitions.cells.get(place)).collect();
    let case = |cell: &&CellDefinition| match cell.interval {
        Some((_, up_to)) if up_to < i64::MAX => format!("WHEN {value} <= {up_to} THEN '{}'", cell.name),
        _ => format!("ELSE '{}'", cell.name),
    };
    format!("CASE {} END", cells.iter().map(case).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;
    use crate::{DEFINITIONS, event::kind};

    /// The names that a query reads from.
    fn reads(sql: &str) -> Vec<&str> {
        let words: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).flat_map(str::split_whitespace).collect();
        words.windows(2).filter(|two| ["FROM", "JOIN"].contains(&two[0]) && two[1] != "(").map(|two| two[1]).collect()
    }

    #[test]
    fn every_layer_reads_only_what_is_there_before_it_and_is_read_itself() {
        let (mut there, mut read) = (vec![SOURCE], HashSet::new());
        let all = layers();
        for layer in &all {
            for name in reads(&layer.sql) {
                assert!(there.contains(&name), "{} reads {name}", layer.name);
                read.insert(name.to_owned());
            }
            there.push(layer.name);
        }
        for measure in &DEFINITIONS.measures {
            read.extend(reads(&amounts(&DEFINITIONS, measure, Bucket::Minute)).into_iter().map(str::to_owned));
        }
        let unread: Vec<_> = there.iter().filter(|name| !read.contains(**name)).collect();
        assert!(unread.is_empty(), "{unread:?}");
    }

    #[test]
    fn the_files_are_the_layers_and_every_constant_is_filled_in() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
        let files: BTreeSet<String> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        let named: BTreeSet<String> = LAYERS.iter().enumerate().map(|(n, (name, _))| format!("{:02}_{name}.sql", n + 1)).collect();
        assert_eq!(files, named);
        assert!(layers().iter().all(|layer| layer.sql.starts_with("-- ") && !layer.sql.contains(['{', ';'])));
    }

    #[test]
    fn the_kinds_that_are_compared_are_kinds_of_events() {
        let text: String = layers().iter().map(|layer| layer.sql.as_str()).collect();
        let said: HashSet<&str> = text.split('\'').skip(1).step_by(2).filter(|word| word.contains('.')).collect();
        assert_eq!(said, HashSet::from(kind::EACH));
    }

    #[test]
    fn a_measure_reads_as_expected() {
        let parts = "COALESCE(channel, '') AS channel, COALESCE(queue, '') AS queue, COALESCE(agent, '') AS agent, COALESCE(group_id, '') AS group_id, \
                     COALESCE(department, '') AS department, COALESCE(site, '') AS site, COALESCE(lang, '') AS lang, COALESCE(goods, '') AS goods, COALESCE(category, '') AS category, COALESCE(topic, '') AS topic, \
                     COALESCE(entry, '') AS entry, COALESCE(band, '') AS band";
        let names = "channel, queue, agent, group_id, department, site, lang, goods, category, topic, entry, band";
        let of = |key: &str, bucket| amounts(&DEFINITIONS, DEFINITIONS.measure(key).unwrap(), bucket);
        assert_eq!(
            of("rating_poor", Bucket::Minute),
            format!(
                "SELECT tenant_id, cell, starts_at, {names}, COUNT(*) AS amount\nFROM (\n  \
                 SELECT tenant_id, 'rating_poor' AS cell, first_rated_at - first_rated_at % 60000 AS starts_at,\n    {parts}\n  \
                 FROM dwd_session\n  WHERE first_rated_at IS NOT NULL AND began_with = 'bot' AND score < 3\n) AS counted\n\
                 GROUP BY tenant_id, cell, starts_at, {names}"
            )
        );
        assert!(of("talk_sum", Bucket::Quarter).contains(&format!("{names}, CAST(SUM(counted_value) AS BIGINT) AS amount")));
        assert!(of("talk_sum", Bucket::Quarter).contains("ended_at % 900000") && of("talk_sum", Bucket::Quarter).contains(" AND talk_ms IS NOT NULL"));
        assert!(of("longest_wait", Bucket::Minute).contains("MAX(counted_value) AS amount"));
        let first = "CASE WHEN reply_ms <= 500 THEN 'reply_ms#00' WHEN reply_ms <= 1000 THEN 'reply_ms#01' WHEN ";
        let last = " WHEN reply_ms <= 86400000 THEN 'reply_ms#23' ELSE 'reply_ms#24' END AS cell";
        assert!(of("reply_ms", Bucket::Minute).contains(first) && of("reply_ms", Bucket::Minute).contains(last), "{}", of("reply_ms", Bucket::Minute));
    }

    #[test]
    fn what_surrounds_a_query_is_that_of_the_engine() {
        let layer = Layer { name: "dwd_x", sql: "SELECT 1".into() };
        let created = |dialect, form| create(&layer, dialect, form).replace('\n', " ");
        assert_eq!(created(Dialect::Sqlite, Form::Table), "CREATE TABLE dwd_x AS SELECT 1");
        assert_eq!(created(Dialect::Postgres, Form::View), "CREATE VIEW dwd_x AS SELECT 1");
        assert_eq!(created(Dialect::Flink, Form::Table), "CREATE TEMPORARY VIEW dwd_x AS SELECT 1");
        let columns = |dialect| source(dialect, "").lines().skip(1).take(3).map(|line| line.trim().trim_end_matches(',').to_owned()).collect::<Vec<_>>();
        assert_eq!(columns(Dialect::Sqlite), ["tenant_id BLOB", "conversation_id BLOB", "seq INTEGER"]);
        assert_eq!(columns(Dialect::Postgres), ["tenant_id UUID", "conversation_id UUID", "seq BIGINT"]);
        let kinds =
            |dialect| script(dialect).iter().map(|sql| sql.split(' ').next().unwrap().to_owned() + sql.split(' ').nth(1).unwrap()).take(4).collect::<Vec<_>>();
        assert_eq!(kinds(Dialect::Postgres), ["CREATETABLE", "CREATEINDEX", "ANALYZEdwd_event", "CREATETABLE"]);
        assert_eq!((script(Dialect::Sqlite), kinds(Dialect::Flink)), (script(Dialect::Postgres), vec!["CREATETEMPORARY".to_owned(); 4]));
        let flink = source(Dialect::Flink, "WITH ('connector' = 'x')");
        assert!(
            flink.starts_with("CREATE TEMPORARY TABLE ods_event (\n  tenant_id STRING,") && flink.ends_with("  slots BIGINT\n) WITH ('connector' = 'x')"),
            "{flink}"
        );
    }
}
