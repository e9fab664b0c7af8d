//! Indicators over many periods at once: as sums of quarters of an hour and minutes, and split by a column from the rows themselves.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{
    definition::{Count, DEFINITIONS, Split},
    numbers::{Number, Numbers},
    panel::Panel,
    render,
    rows::Source,
    window::{QUARTER, Window, quarter},
};
use db::{
    Result, Tx,
    bulk::{self, Value},
    row,
};
use domain::{id::TenantId, time::Ts};

/// An indicator over several periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// One value for each period.
    pub values: Vec<Number>,
    /// The value over all periods together.
    pub total: Number,
}

/// All requested counts by period: one value per count of the definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted(Vec<Vec<i64>>);

row! { struct Sum { piece: i64, indicator: String, value: i64 } }
row! { struct Part { piece: i64, part: Option<String>, value: i64 } }

impl Counted {
    fn zeros(pieces: usize) -> Self {
        Self(vec![vec![0; DEFINITIONS.counts.len()]; pieces])
    }
    fn add(&mut self, piece: i64, place: usize, value: i64) {
        if let Some(cell) = usize::try_from(piece).ok().and_then(|piece| self.0.get_mut(piece)).and_then(|counts| counts.get_mut(place)) {
            *cell += value;
        }
    }
    fn series(&self, key: &str) -> Option<Series> {
        let of = |counts: &[i64]| Numbers::derive(counts).get(key);
        let mut sums = vec![0; DEFINITIONS.counts.len()];
        for counts in &self.0 {
            for (sum, value) in sums.iter_mut().zip(counts) {
                *sum += value;
            }
        }
        Some(Series { values: self.0.iter().map(|counts| of(counts)).collect::<Option<_>>()?, total: of(&sums)? })
    }
}

/// The positions of the counts that an indicator consists of: the count itself, or the part and the whole of a ratio.
fn places(key: &str) -> Vec<usize> {
    let place = |key: &str| DEFINITIONS.counts.iter().position(|count| count.key == key);
    match DEFINITIONS.ratios.iter().find(|ratio| ratio.key == key) {
        Some(ratio) => [place(&ratio.part), place(&ratio.whole)].into_iter().flatten().collect(),
        None => place(key).into_iter().collect(),
    }
}

/// The positions of the counts that these indicators need, without duplicates.
fn needed(keys: &[&str]) -> Vec<usize> {
    let mut all: Vec<_> = keys.iter().flat_map(|key| places(key)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Panel {
    /// Indicators over lists of periods, all from one state of the store: by list, then by indicator. Unknown keys are left out.
    pub async fn series(&self, tenant: TenantId, keys: &[&str], lists: &[Vec<Window>]) -> Result<Vec<Vec<Series>>> {
        let needed = needed(keys);
        let mut tx = self.db.snapshot().await?;
        let mut all = Vec::with_capacity(lists.len());
        for pieces in lists {
            let counted = sums(&mut tx, tenant, &needed, pieces).await?;
            all.push(keys.iter().filter_map(|key| counted.series(key)).collect());
        }
        Ok(all)
    }

    /// An indicator over several periods, split by a column: each value of the column that occurs, in order, with its series. Items without a value come first.
    pub async fn split(&self, tenant: TenantId, key: &str, by: Split, pieces: &[Window]) -> Result<Vec<(Option<String>, Series)>> {
        let mut parts: BTreeMap<Option<String>, Counted> = BTreeMap::new();
        let mut tx = self.db.snapshot().await?;
        for place in places(key) {
            let Some(count) = DEFINITIONS.counts.get(place) else { continue };
            let rows = pieces.iter().enumerate().map(|(n, piece)| row(n, tenant, *piece)).collect::<Vec<_>>();
            for Part { piece, part, value } in bulk::select::<Part>(&mut tx, &split_head(count, by), &rows, &split_tail(count, by)).await? {
                parts.entry(part).or_insert_with(|| Counted::zeros(pieces.len())).add(piece, place, value);
            }
        }
        Ok(parts.into_iter().filter_map(|(part, counted)| Some((part, counted.series(key)?))).collect())
    }
}

/// Every window is a sum of minutes; whole quarters of an hour within it are read instead of their minutes.
async fn sums(tx: &mut Tx, tenant: TenantId, places: &[usize], pieces: &[Window]) -> Result<Counted> {
    if places.is_empty() {
        return Ok(Counted::zeros(pieces.len()));
    }
    let (mut minutes, mut quarters) = (Vec::new(), Vec::new());
    for (n, piece) in pieces.iter().enumerate() {
        let (first, last) = (quarter(piece.from.plus(QUARTER - 1)), quarter(piece.to));
        if first >= last {
            minutes.push(row(n, tenant, *piece));
            continue;
        }
        quarters.push(row(n, tenant, Window { from: first, to: last }));
        for rest in [Window { from: piece.from, to: first }, Window { from: last, to: piece.to }] {
            if rest.from < rest.to {
                minutes.push(row(n, tenant, rest));
            }
        }
    }
    let mut counted = Counted::zeros(pieces.len());
    let names: Vec<_> = places.iter().filter_map(|place| DEFINITIONS.counts.get(*place)).collect();
    for (table, column, rows) in [("dws_minute", "minute", minutes), ("dws_quarter", "quarter", quarters)] {
        for Sum { piece, indicator, value } in bulk::select::<Sum>(tx, SUM_HEAD, &rows, &sum_tail(table, column, &names)).await? {
            if let Some(place) = DEFINITIONS.counts.iter().position(|count| count.key == indicator) {
                counted.add(piece, place, value);
            }
        }
    }
    Ok(counted)
}

fn row(n: usize, tenant: TenantId, Window { from: Ts(from), to: Ts(to) }: Window) -> Vec<Value<'static>> {
    vec![Value::Int(i64::try_from(n).ok()), Value::Int(Some(from)), Value::Int(Some(to)), Value::Uuid(tenant.uuid())]
}

/// Both engines name the columns of a list of values `column1`, `column2` …: number, from, to, company.
const SUM_HEAD: &str = "SELECT w.column1 AS piece, m.indicator, CAST(SUM(m.value) AS BIGINT) AS value FROM (VALUES";

fn sum_tail(table: &str, column: &str, counts: &[&Count]) -> String {
    let names = counts.iter().map(|count| format!("'{}'", count.key)).collect::<Vec<_>>().join(", ");
    format!(
        ") AS w JOIN {table} m ON m.tenant_id = w.column4 AND m.indicator IN ({names}) AND m.{column} >= w.column2 AND m.{column} < w.column3 \
         GROUP BY w.column1, m.indicator"
    )
}

fn split_head(count: &Count, by: Split) -> String {
    let of = match count.source {
        Source::DwdSession => "x",
        Source::DwdDialogue => "s",
    };
    format!("SELECT w.column1 AS piece, {of}.{} AS part, COUNT(*) AS value FROM (VALUES", by.column())
}

fn split_tail(count: &Count, by: Split) -> String {
    let (stamp, table) = (&count.stamp, render::table(count.source));
    let mut sql = format!(") AS w JOIN {table} x ON x.tenant_id = w.column4 AND x.{stamp} >= w.column2 AND x.{stamp} < w.column3");
    let of = match count.source {
        Source::DwdSession => "x",
        Source::DwdDialogue => {
            sql.push_str(" LEFT JOIN dwd_session s ON s.tenant_id = x.tenant_id AND s.conversation_id = x.conversation_id AND s.episode = x.episode");
            "s"
        }
    };
    for (n, filter) in count.filters.iter().enumerate() {
        let word = if n == 0 { "WHERE" } else { "AND" };
        let _ = write!(sql, " {word} x.{}", render::condition(filter));
    }
    let _ = write!(sql, " GROUP BY w.column1, {of}.{}", by.column());
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_its_part_and_its_whole() {
        let names = |key| places(key).into_iter().map(|place| DEFINITIONS.counts[place].key.as_str()).collect::<Vec<_>>();
        assert_eq!(names("good_ratio"), ["rating_good", "session_rated"]);
        assert_eq!((names("dialogue"), names("nothing")), (vec!["dialogue"], vec![]));
        assert_eq!(needed(&["good_ratio", "poor_ratio", "session_rated"]).len(), 3);
    }

    #[test]
    fn what_is_rendered_is_portable_and_names_the_company() {
        for count in &DEFINITIONS.counts {
            for by in [Split::Channel, Split::Queue, Split::Site, Split::Lang] {
                let sql = format!("{} ($1,$2,$3,$4) {}", split_head(count, by), split_tail(count, by));
                assert!(sql.contains("x.tenant_id = w.column4"), "{sql}");
                assert!(["::", "%", " / ", "LIKE"].iter().all(|word| !sql.contains(word)), "{sql}");
            }
        }
        let all: Vec<_> = DEFINITIONS.counts.iter().collect();
        assert!(sum_tail("dws_quarter", "quarter", &all).contains("m.tenant_id = w.column4"));
    }
}
