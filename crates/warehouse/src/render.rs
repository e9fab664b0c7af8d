//! The definitions as SQL: one portable text for both engines, rendered once at startup.
//!
//! `$1` is the company, `$2` and `$3` the start and the end of the window; the end is not included.

use std::sync::LazyLock;

use crate::{
    definition::{Constant, Count, DEFINITIONS, Definitions, Filter, Split},
    rows::Source,
};

/// The statements of one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statements {
    /// Counts the rows; returns a column `value`.
    pub count: String,
    /// Lists the rows: `conversation_id, number, episode, at, score`, newest first, those before (`$4` at, `$5` conversation, `$6` number), at most `$7`.
    pub list: String,
}

/// The statements of each count, in the definitions' order.
pub static STATEMENTS: LazyLock<Vec<Statements>> = LazyLock::new(|| DEFINITIONS.counts.iter().map(statements).collect());
/// The sums of three windows from the minutes: `indicator, today, yesterday, last_60`. `$2` is the first minute needed and `$7` the end of all three;
/// today begins at `$3`, yesterday at `$4` and ends at `$5`, the last 60 minutes begin at `$6`.
pub static SUMS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT indicator, \
         CAST(SUM(CASE WHEN minute >= $3 THEN value ELSE 0 END) AS BIGINT) AS today, \
         CAST(SUM(CASE WHEN minute >= $4 AND minute < $5 THEN value ELSE 0 END) AS BIGINT) AS yesterday, \
         CAST(SUM(CASE WHEN minute >= $6 THEN value ELSE 0 END) AS BIGINT) AS last_60 \
         FROM dws_minute WHERE tenant_id = $1 AND minute >= $2 AND minute < $7 AND indicator IN ({}) GROUP BY indicator",
        names(&DEFINITIONS)
    )
});
/// The minutes of a window: `indicator, minute, value`.
pub static MINUTES: LazyLock<String> = LazyLock::new(|| {
    let names = names(&DEFINITIONS);
    format!("SELECT indicator, minute, value FROM dws_minute WHERE tenant_id = $1 AND minute >= $2 AND minute < $3 AND indicator IN ({names})")
});
/// The first quarter of an hour in which anything was counted: a column `since`. It takes one lookup in the key for each count.
pub static SINCE: LazyLock<String> = LazyLock::new(|| {
    let first = |count: &Count| format!("SELECT MIN(quarter) AS quarter FROM dws_quarter WHERE tenant_id = $1 AND indicator = '{}'", count.key);
    let all: Vec<_> = DEFINITIONS.counts.iter().map(first).collect();
    format!("SELECT MIN(quarter) AS since FROM ({}) AS firsts", all.join(" UNION ALL "))
});
/// All counts at once, from the detail rows: `indicator, value`.
pub static ALL_COUNTS: LazyLock<String> = LazyLock::new(|| all_counts(&DEFINITIONS));

pub(crate) fn table(source: Source) -> &'static str {
    match source {
        Source::DwdSession => "dwd_session",
        Source::DwdDialogue => "dwd_dialogue",
    }
}

fn matching(count: &Count) -> String {
    let stamp = &count.stamp;
    let mut sql = format!("FROM {} WHERE tenant_id = $1 AND {stamp} >= $2 AND {stamp} < $3", table(count.source));
    for filter in &count.filters {
        sql.push_str(" AND ");
        sql.push_str(&condition(filter));
    }
    sql
}

/// The condition of a filter.
pub(crate) fn condition(Filter(column, op, constant): &Filter) -> String {
    let constant = match constant {
        Constant::Int(number) => number.to_string(),
        Constant::Text(word) => format!("'{word}'"),
    };
    format!("{column} {} {constant}", op.sql())
}

/// Renders the statements of one indicator.
pub fn statements(count: &Count) -> Statements {
    let (number, score) = match count.source {
        Source::DwdSession => ("episode", "score"),
        Source::DwdDialogue => ("seq", "CAST(NULL AS BIGINT) AS score"),
    };
    let (stamp, matching) = (&count.stamp, matching(count));
    Statements {
        count: format!("SELECT COUNT(*) AS value {matching}"),
        list: format!(
            "SELECT conversation_id, {number} AS number, episode, {stamp} AS at, {score} {matching} \
             AND ({stamp}, conversation_id, {number}) < ($4, $5, $6) ORDER BY {stamp} DESC, conversation_id DESC, {number} DESC LIMIT $7"
        ),
    }
}

/// The statements for one part of a split indicator: its value is the last placeholder, `''` for items without one.
pub fn statements_of_part(count: &Count, by: Split) -> Statements {
    let column = by.column();
    let value = match count.source {
        Source::DwdSession => column.to_owned(),
        Source::DwdDialogue => {
            let same = "s.tenant_id = dwd_dialogue.tenant_id AND s.conversation_id = dwd_dialogue.conversation_id AND s.episode = dwd_dialogue.episode";
            format!("(SELECT s.{column} FROM dwd_session s WHERE {same})")
        }
    };
    let Statements { count, list } = statements(count);
    let only = |place| format!(" AND COALESCE({value}, '') = {place}");
    Statements { count: format!("{count}{}", only("$4")), list: list.replacen(" ORDER BY", &format!("{} ORDER BY", only("$8")), 1) }
}

/// The indicators are listed one by one, so that an engine goes to each indicator's range of minutes and reads nothing else.
fn names(definitions: &Definitions) -> String {
    definitions.counts.iter().map(|count| format!("'{}'", count.key)).collect::<Vec<_>>().join(", ")
}

fn all_counts(definitions: &Definitions) -> String {
    let parts: Vec<_> = definitions.counts.iter().map(|count| format!("SELECT '{}' AS indicator, COUNT(*) AS value {}", count.key, matching(count))).collect();
    parts.join(" UNION ALL ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_reads_as_expected() {
        let poor = statements(DEFINITIONS.count("rating_poor").unwrap());
        assert_eq!(
            poor.count,
            "SELECT COUNT(*) AS value FROM dwd_session WHERE tenant_id = $1 AND first_rated_at >= $2 AND first_rated_at < $3 AND began_with = 'bot' AND score < 3"
        );
        let requests = statements(DEFINITIONS.count("transfer_request").unwrap());
        assert_eq!(
            requests.list,
            "SELECT conversation_id, seq AS number, episode, at AS at, CAST(NULL AS BIGINT) AS score FROM dwd_dialogue \
             WHERE tenant_id = $1 AND at >= $2 AND at < $3 AND kind = 'request' AND (at, conversation_id, seq) < ($4, $5, $6) \
             ORDER BY at DESC, conversation_id DESC, seq DESC LIMIT $7"
        );
    }

    #[test]
    fn what_is_rendered_is_portable() {
        let refused = ["MOD(", "DATE_TRUNC", "AVG(", "TUMBLE", "APPROX_", "NOW(", "::", " / ", "%", "LIKE", "INTERVAL"];
        let splits = [Split::Channel, Split::Queue, Split::Site, Split::Lang];
        let parts: Vec<_> = DEFINITIONS.counts.iter().flat_map(|count| splits.map(|by| statements_of_part(count, by))).collect();
        assert!(parts.iter().all(|s| s.count.ends_with("'') = $4") && s.list.contains("'') = $8 ORDER BY")));
        let all = STATEMENTS.iter().chain(&parts).flat_map(|s| [&s.count, &s.list]).chain([&*ALL_COUNTS, &*SUMS, &*MINUTES]);
        for sql in all {
            let upper = sql.to_uppercase();
            for word in refused {
                assert!(!upper.contains(word), "{word} in {sql}");
            }
            assert!(sql.contains("tenant_id = $1"), "{sql}");
        }
    }
}
