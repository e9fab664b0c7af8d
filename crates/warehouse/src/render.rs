//! The definitions as SQL: one portable text for every engine.
//!
//! `$1` is the company, `$2` and `$3` the start and the end of the window; the end is not included.

use domain::dimension::Dimension;
use sqlx::Row as _;

use crate::{
    definition::{CellDefinition, Constant, Definitions, Filter, Kind, Measure, column},
    rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, Source, WorkRow},
};

/// The statements behind one count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statements {
    /// Counts the rows; returns a column `amount`.
    pub count: String,
    /// Lists the rows: `conversation_id, number, episode, counted_at, score, agent, agent_state, contacts, work_ms`, newest first, those before (`$4` time, `$5` conversation, `$6` number), at most `$7`.
    pub list: String,
}

/// The table of a source, and the column that, after the company and the conversation, completes its key.
pub(crate) const fn table(source: Source) -> (&'static str, &'static str) {
    match source {
        Source::DwdSession => (SessionRow::TABLE, SessionRow::NUMBER),
        Source::DwdDialogue => (DialogueRow::TABLE, DialogueRow::NUMBER),
        Source::DwdReply => (ReplyRow::TABLE, ReplyRow::NUMBER),
        Source::DwdService => (ServiceRow::TABLE, ServiceRow::NUMBER),
        Source::DwdWork => (WorkRow::TABLE, WorkRow::NUMBER),
    }
}

/// The condition of a filter.
fn condition(Filter(column, op, constant): &Filter) -> String {
    let constant = match constant {
        Constant::Int(number) => number.to_string(),
        Constant::Text(word) => format!("'{word}'"),
    };
    format!("{column} {} {constant}", op.sql())
}

/// The conditions that a row has to meet besides its time, each after an `AND`.
pub(crate) fn conditions(measure: &Measure) -> String {
    measure.filters.iter().map(|filter| format!(" AND {}", condition(filter))).collect()
}

fn matching(measure: &Measure) -> String {
    let (stamp, (table, _)) = (&measure.stamp, table(measure.source));
    format!("FROM {table} WHERE tenant_id = $1 AND {stamp} >= $2 AND {stamp} < $3{}", conditions(measure))
}

/// The statements behind a count: all of it, or the part whose value is the last placeholder, `''` for rows without one.
pub fn statements(measure: &Measure, part_of: Option<Dimension>) -> Statements {
    let (_, number) = table(measure.source);
    let score = if measure.source == Source::DwdSession { "score" } else { "CAST(NULL AS BIGINT) AS score" };
    let stretch = match measure.source {
        Source::DwdWork => "agent, agent_state, contacts, work_ms",
        _ => "CAST(NULL AS TEXT) AS agent, CAST(NULL AS TEXT) AS agent_state, CAST(NULL AS BIGINT) AS contacts, CAST(NULL AS BIGINT) AS work_ms",
    };
    let (stamp, matching) = (&measure.stamp, matching(measure));
    let only = |place: &str| part_of.map_or_else(String::new, |by| format!(" AND COALESCE({}, '') = {place}", column(by)));
    Statements {
        count: format!("SELECT COUNT(*) AS amount {matching}{}", only("$4")),
        list: format!(
            "SELECT conversation_id, {number} AS number, episode, {stamp} AS counted_at, {score}, {stretch} {matching} \
             AND ({stamp}, conversation_id, {number}) < ($4, $5, $6){} ORDER BY {stamp} DESC, conversation_id DESC, {number} DESC LIMIT $7",
            only("$8")
        ),
    }
}

/// What a matching row amounts to in a cell; a row that does not match amounts to nothing.
fn amount(definitions: &Definitions, cell: &CellDefinition) -> Option<String> {
    let measure = definitions.measures.get(cell.measure)?;
    let mut when: Vec<String> = measure.filters.iter().map(condition).collect();
    let value = measure.value.as_deref().unwrap_or("1");
    if let Some((above, up_to)) = cell.interval {
        when.extend((above > i64::MIN).then(|| format!("{value} > {above}")));
        when.extend((up_to < i64::MAX).then(|| format!("{value} <= {up_to}")));
    }
    let then = if measure.kind == Kind::Histogram { "1" } else { value };
    let fits = if when.is_empty() { "1 = 1".to_owned() } else { when.join(" AND ") };
    Some(match measure.kind {
        Kind::Min => format!("MIN(CASE WHEN {fits} THEN {then} END)"),
        Kind::Max => format!("MAX(CASE WHEN {fits} THEN {then} END)"),
        _ => format!("COALESCE(SUM(CASE WHEN {fits} THEN {then} ELSE 0 END), 0)"),
    })
}

/// The amounts of cells as columns `c0`, `c1` …, filled up with empty ones.
fn columns(definitions: &Definitions, cells: &[usize], width: usize) -> String {
    let amounts = cells.iter().filter_map(|cell| amount(definitions, definitions.cells.get(*cell)?));
    let padded = amounts.chain(std::iter::repeat_with(|| "NULL".to_owned())).take(width);
    padded.enumerate().map(|(n, column)| format!("CAST({column} AS BIGINT) AS c{n}")).collect::<Vec<_>>().join(", ")
}

/// The statement that computes cells from the rows in a window, and the cells by table and timestamp. The statement returns a row for each of these groups: its
/// position `n`, and a column for each of its cells. Without cells, the statement is empty.
pub fn cells_in_window(definitions: &Definitions, wanted: &[usize]) -> (Vec<Vec<usize>>, String) {
    let groups = groups_of(definitions, wanted);
    let width = groups.iter().map(|(.., cells)| cells.len()).max().unwrap_or_default();
    let select = |(n, (source, stamp, cells)): (usize, &(Source, &str, Vec<usize>))| {
        let (table, _) = table(*source);
        let columns = columns(definitions, cells, width);
        format!("SELECT CAST({n} AS BIGINT) AS n, {columns} FROM {table} WHERE tenant_id = $1 AND {stamp} >= $2 AND {stamp} < $3")
    };
    let sql = groups.iter().enumerate().map(select).collect::<Vec<_>>().join(" UNION ALL ");
    (groups.into_iter().map(|(.., cells)| cells).collect(), sql)
}

/// The cells by table and timestamp.
fn groups_of<'d>(definitions: &'d Definitions, wanted: &[usize]) -> Vec<(Source, &'d str, Vec<usize>)> {
    let mut groups: Vec<(Source, &str, Vec<usize>)> = Vec::new();
    for cell in wanted {
        let Some(measure) = definitions.cells.get(*cell).and_then(|cell| definitions.measures.get(cell.measure)) else { continue };
        match groups.iter_mut().find(|(source, stamp, _)| *source == measure.source && *stamp == measure.stamp) {
            Some((.., cells)) => cells.push(*cell),
            None => groups.push((measure.source, &measure.stamp, vec![*cell])),
        }
    }
    groups
}

/// The condition that a row counts for any of these cells, after an `AND`; nothing if one of them counts every row.
fn any_condition(definitions: &Definitions, cells: &[usize]) -> String {
    let mut all: Vec<String> = Vec::new();
    for measure in cells.iter().filter_map(|cell| definitions.measures.get(definitions.cells.get(*cell)?.measure)) {
        let one = measure.filters.iter().map(condition).collect::<Vec<_>>().join(" AND ");
        if one.is_empty() {
            return one;
        }
        if !all.contains(&one) {
            all.push(one);
        }
    }
    format!(" AND ({})", all.join(" OR "))
}

/// The statements that compute cells in pieces of time from the rows, each with its cells: what stands before and after the list of pieces (number, from, to,
/// company). Each returns `piece`, `part` and a column for each of its cells; the part is empty if there is no split. One statement serves all cells of a table
/// and timestamp. If only one part is wanted, it is the fifth value of each piece. SQLite goes through a cross join from left to right, and so reads, for each piece, only the rows within it.
pub fn cells_in_pieces(definitions: &Definitions, wanted: &[usize], by: Option<Dimension>, is_one: bool) -> Vec<(Vec<usize>, String, String)> {
    let (part, group) = match by {
        None => ("''".to_owned(), String::new()),
        Some(by) => (format!("COALESCE({}, '')", column(by)), format!(", COALESCE({}, '')", column(by))),
    };
    let one = if is_one { format!(" AND {part} = w.column5") } else { String::new() };
    let statement = |(source, stamp, cells): (Source, &str, Vec<usize>)| {
        let (table, _) = table(source);
        let (columns, only) = (columns(definitions, &cells, cells.len()), any_condition(definitions, &cells));
        let head = format!("SELECT w.column1 AS piece, {part} AS part, {columns} FROM (VALUES");
        let tail = format!(
            ") AS w CROSS JOIN {table} WHERE tenant_id = w.column4 AND {stamp} >= w.column2 AND {stamp} < w.column3{one}{only} GROUP BY w.column1{group}"
        );
        (cells, head, tail)
    };
    groups_of(definitions, wanted).into_iter().map(statement).collect()
}

/// A row of [`cells_in_pieces`]: the amounts of several cells in a piece of time, for one part.
pub(crate) struct PartRow {
    pub(crate) piece: i64,
    pub(crate) part: String,
    pub(crate) amounts: Vec<Option<i64>>,
}

macro_rules! part_row {
    ($row:ty) => {
        impl<'r> sqlx::FromRow<'r, $row> for PartRow {
            fn from_row(row: &'r $row) -> sqlx::Result<Self> {
                let amounts: Vec<Option<i64>> = (2..row.len()).map(|n| row.try_get(n)).collect::<sqlx::Result<_>>()?;
                Ok(Self { piece: row.try_get("piece")?, part: row.try_get("part")?, amounts })
            }
        }
    };
}
part_row!(sqlx::sqlite::SqliteRow);
part_row!(sqlx::postgres::PgRow);

/// The extreme of a window from the rows, by part of a dimension (a column) or as a whole (an empty one): `part, amount`.
pub fn extreme(measure: &Measure, dimension: &str) -> String {
    let (value, function) = (measure.value.as_deref().unwrap_or("1"), if measure.kind == Kind::Min { "MIN" } else { "MAX" });
    let matching = matching(measure);
    match dimension {
        "" => format!("SELECT '' AS part, CAST({function}({value}) AS BIGINT) AS amount {matching}"),
        column => format!("SELECT COALESCE({column}, '') AS part, CAST({function}({value}) AS BIGINT) AS amount {matching} GROUP BY COALESCE({column}, '')"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::DEFINITIONS;

    #[test]
    fn a_definition_reads_as_expected() {
        let poor = statements(DEFINITIONS.measure("rating_poor").unwrap(), None);
        assert_eq!(
            poor.count,
            "SELECT COUNT(*) AS amount FROM dwd_session WHERE tenant_id = $1 AND first_rated_at >= $2 AND first_rated_at < $3 AND began_with = 'bot' AND score < 3"
        );
        let requests = statements(DEFINITIONS.measure("transfer_request").unwrap(), None);
        assert_eq!(
            requests.list,
            "SELECT conversation_id, seq AS number, episode, happened_at AS counted_at, CAST(NULL AS BIGINT) AS score, CAST(NULL AS TEXT) AS agent, \
             CAST(NULL AS TEXT) AS agent_state, CAST(NULL AS BIGINT) AS contacts, CAST(NULL AS BIGINT) AS work_ms FROM dwd_dialogue \
             WHERE tenant_id = $1 AND happened_at >= $2 AND happened_at < $3 AND kind = 'request' AND (happened_at, conversation_id, seq) < ($4, $5, $6) \
             ORDER BY happened_at DESC, conversation_id DESC, seq DESC LIMIT $7"
        );
        let wanted: Vec<_> = DEFINITIONS.cells_at("reply_sum").chain(DEFINITIONS.cells_at("reply_ms").take(2)).collect();
        let (cells, sql) = cells_in_window(&DEFINITIONS, &wanted);
        assert_eq!(cells, [wanted]);
        assert_eq!(
            sql,
            "SELECT CAST(0 AS BIGINT) AS n, CAST(COALESCE(SUM(CASE WHEN 1 = 1 THEN reply_ms ELSE 0 END), 0) AS BIGINT) AS c0, \
             CAST(COALESCE(SUM(CASE WHEN reply_ms <= 500 THEN 1 ELSE 0 END), 0) AS BIGINT) AS c1, \
             CAST(COALESCE(SUM(CASE WHEN reply_ms > 500 AND reply_ms <= 1000 THEN 1 ELSE 0 END), 0) AS BIGINT) AS c2 \
             FROM dwd_reply WHERE tenant_id = $1 AND replied_at >= $2 AND replied_at < $3"
        );
    }

    #[test]
    fn cells_of_several_tables_are_computed_by_one_statement() {
        let of = |keys: &[&str]| keys.iter().flat_map(|key| DEFINITIONS.cells_at(key)).collect::<Vec<_>>();
        let (cells, sql) = cells_in_window(&DEFINITIONS, &of(&["reply", "dialogue", "no_answer"]));
        assert_eq!(cells, [of(&["reply"]), of(&["dialogue", "no_answer"])]);
        let (first, second) = sql.split_once(" UNION ALL ").unwrap();
        assert!(first.contains("CAST(NULL AS BIGINT) AS c1 FROM dwd_reply ") && second.starts_with("SELECT CAST(1 AS BIGINT) AS n, "), "{sql}");
        assert_eq!(cells_in_window(&DEFINITIONS, &[]), (vec![], String::new()));
    }

    #[test]
    fn the_parts_of_all_cells_of_a_table_and_timestamp_come_from_one_statement() {
        let of = |keys: &[&str]| keys.iter().flat_map(|key| DEFINITIONS.cells_at(key)).collect::<Vec<_>>();
        let only = |keys: &[&str]| any_condition(&DEFINITIONS, &of(keys));
        assert_eq!(only(&["dialogue", "dialogue", "transfer_request"]), " AND (kind = 'turn' OR kind = 'request')");
        assert_eq!((only(&["rating_poor"]), only(&["reply", "reply_sum"])), (" AND (began_with = 'bot' AND score < 3)".to_owned(), String::new()));
        let statements = cells_in_pieces(&DEFINITIONS, &of(&["dialogue", "reply_ms", "no_answer"]), Some(Dimension::Group), false);
        assert_eq!(statements.iter().map(|(cells, ..)| cells.clone()).collect::<Vec<_>>(), [of(&["dialogue", "no_answer"]), of(&["reply_ms"])]);
        assert!(statements[0].1.starts_with("SELECT w.column1 AS piece, COALESCE(group_id, '') AS part, CAST("), "{}", statements[0].1);
        assert!(statements[0].2.ends_with(" AND (kind = 'turn' OR kind = 'turn' AND outcome = 'no_answer') GROUP BY w.column1, COALESCE(group_id, '')"));
    }

    #[test]
    fn what_is_rendered_is_portable_and_names_the_company() {
        let refused = ["MOD(", "DATE_TRUNC", "AVG(", "TUMBLE", "APPROX_", "NOW(", "::", " / ", "%", "LIKE", "INTERVAL"];
        let mut all = Vec::new();
        for measure in &DEFINITIONS.measures {
            for part_of in [None].into_iter().chain(Dimension::EACH.map(Some)) {
                let Statements { count, list } = statements(measure, part_of);
                assert!(part_of.is_none() || (count.ends_with("'') = $4") && list.contains("'') = $8 ORDER BY")), "{list}");
                all.extend([count, list, extreme(measure, part_of.map_or("", column))]);
            }
        }
        let cells: Vec<_> = (0..DEFINITIONS.cells.len()).collect();
        all.push(cells_in_window(&DEFINITIONS, &cells).1);
        for by in [None].into_iter().chain(Dimension::EACH.map(Some)) {
            for (_, head, tail) in [false, true].into_iter().flat_map(|is_one| cells_in_pieces(&DEFINITIONS, &cells, by, is_one)) {
                assert!(tail.contains("tenant_id = w.column4"), "{tail}");
                all.push(format!("{head} ($1,$2,$3,$4) {tail} /* tenant_id = $1 */"));
            }
        }
        for sql in all {
            let upper = sql.to_uppercase();
            for word in refused {
                assert!(!upper.contains(word), "{word} in {sql}");
            }
            assert!(sql.contains("tenant_id = $1"), "{sql}");
        }
    }
}
