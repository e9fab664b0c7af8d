//! Indicators over many periods at once. Wholes are sums of days, quarters of an hour and minutes; parts are sums of days. What is left of parts at the edges of
//! a period is computed from the rows themselves.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
};
use domain::{dimension::Dimension, id::TenantId, time::DAY};
use jiff::tz::TimeZone;

use crate::{
    definition::{DEFINITIONS, Measure, Merge},
    numbers::{Amounts, Formula, Number, merge_of},
    panel::Panel,
    range::{self, Grain},
    render::{self, PartRow},
    sums::{self, Level, Only},
    tally,
    window::Window,
};

/// An indicator over several periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// One value for each period.
    pub values: Vec<Number>,
    /// The value over all periods together.
    pub total: Number,
}

/// The series of an indicator by part.
pub type Parts = Vec<(Option<String>, Series)>;

/// The most values of one split: parts × periods × indicators, of all lists of periods together.
pub const MOST_VALUES: usize = 300_000;
/// The most rows that are read at once for a split, whatever they have of the indicators; more than [`MOST_VALUES`], so that memory alone is the reason.
const MOST_ROWS: usize = 1 << 19;
/// How many pieces of time one statement of a split reads: as many as [`bulk::select`] reads at once.
const PIECES: usize = 128;
/// How many days one statement of a split reads: of each, all parts are in memory.
const DAYS: i64 = 128;

/// Why indicators were not split.
#[derive(Debug)]
pub enum SplitError {
    /// There would be more than [`MOST_VALUES`] values.
    TooManyValues,
    /// The store could not be read.
    Store(Error),
}

impl From<Error> for SplitError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<SplitError> for Error {
    fn from(error: SplitError) -> Self {
        match error {
            SplitError::Store(error) => error,
            SplitError::TooManyValues => Self::Corrupt(format!("a split has more than {MOST_VALUES} values")),
        }
    }
}

/// The amounts of some cells in each period.
#[derive(Debug, Clone)]
struct Periods {
    /// The positions of the cells, ascending.
    cells: Arc<[usize]>,
    /// The column of each cell, with how its values are merged.
    columns: Arc<[Option<(usize, Merge)>]>,
    /// A row for each period: one amount for each of the cells, or nothing at all if nothing is stored.
    rows: Vec<Vec<Option<i64>>>,
}

impl Periods {
    fn new(cells: &Arc<[usize]>, periods: usize) -> Self {
        let mut columns = vec![None; DEFINITIONS.cells.len()];
        for (column, cell) in cells.iter().enumerate() {
            if let Some(of) = columns.get_mut(*cell) {
                *of = Some((column, merge_of(*cell)));
            }
        }
        Self { cells: cells.clone(), columns: columns.into(), rows: vec![Vec::new(); periods] }
    }

    /// The column of a cell, with how its values are merged; `None` if it is not asked for.
    fn column(&self, cell: usize) -> Option<(usize, Merge)> {
        self.columns.get(cell).copied().flatten()
    }

    /// Merges an amount into a cell of a period; a zero adds nothing.
    fn put(&mut self, period: usize, cell: usize, amount: i64) {
        let Some((column, merge)) = self.column(cell) else { return };
        let Some(row) = self.rows.get_mut(period) else { return };
        if amount == 0 && merge == Merge::Add {
            return;
        }
        if row.is_empty() {
            row.resize(self.cells.len(), None);
        }
        if let Some(known) = row.get_mut(column) {
            *known = Some(known.map_or(amount, |known| merge.of(known, amount)));
        }
    }

    /// Merges the packed amounts of a stored row into a period.
    fn put_packed(&mut self, period: usize, packed: &[u8]) -> Result<()> {
        for amount in tally::amounts(packed) {
            let (cell, amount) = amount?;
            self.put(period, cell, amount);
        }
        Ok(())
    }

    /// Merges the amounts of several cells into a period.
    fn put_all(&mut self, period: i64, cells: &[usize], amounts: Vec<Option<i64>>) {
        let Ok(period) = usize::try_from(period) else { return };
        for (cell, amount) in cells.iter().zip(amounts) {
            if let Some(amount) = amount {
                self.put(period, *cell, amount);
            }
        }
    }

    /// What a period holds in a cell.
    fn amount(&self, row: &[Option<i64>], cell: usize) -> Option<i64> {
        let (column, _) = self.column(cell)?;
        row.get(column).copied().flatten()
    }

    /// What all periods together hold in a cell.
    fn total(&self, cell: usize) -> Option<i64> {
        let merge = merge_of(cell);
        self.rows.iter().filter_map(|row| self.amount(row, cell)).reduce(|one, other| merge.of(one, other))
    }

    /// Whether anything is in any of these cells.
    fn has_any(&self, cells: &[usize]) -> bool {
        let is_something = |row: &[Option<i64>], cell| self.amount(row, cell).is_some_and(|amount| amount != 0 || merge_of(cell) != Merge::Add);
        self.rows.iter().any(|row| cells.iter().any(|cell| is_something(row, *cell)))
    }

    fn series(&self, formula: &Formula) -> Series {
        let columns: Vec<_> = formula.cells.iter().map(|cell| self.column(*cell).map(|(column, _)| column)).collect();
        // Most periods of a long list may be empty.
        let nothing = formula.number(columns.iter().map(|_| None));
        let number = |row: &Vec<Option<i64>>| {
            if row.is_empty() { nothing } else { formula.number(columns.iter().map(|column| row.get((*column)?).copied().flatten())) }
        };
        let total = formula.number(formula.cells.iter().map(|cell| self.total(*cell)));
        Series { values: self.rows.iter().map(number).collect(), total }
    }

    /// The amounts of each period among all cells.
    fn amounts(&self) -> Vec<Amounts> {
        let of = |row: &Vec<Option<i64>>| {
            let mut amounts = Amounts::default();
            for (cell, amount) in self.cells.iter().zip(row) {
                if let Some(amount) = amount {
                    amounts.put(*cell, *amount);
                }
            }
            amounts
        };
        self.rows.iter().map(of).collect()
    }
}

/// The parts of a dimension that were found so far, each with its periods.
struct Found {
    /// The periods of a part in which nothing is.
    empty: Periods,
    /// The most parts that there may be.
    most: usize,
    parts: BTreeMap<String, Periods>,
}

impl Found {
    fn new(cells: &Arc<[usize]>, periods: usize, most: usize) -> Self {
        Self { empty: Periods::new(cells, periods), most, parts: BTreeMap::new() }
    }

    /// Merges the packed amounts of a stored row into a period of its part; a part without any of the cells is left out.
    fn put_packed(&mut self, part: &str, period: usize, packed: &[u8]) -> std::result::Result<(), SplitError> {
        if let Some(periods) = self.parts.get_mut(part) {
            return Ok(periods.put_packed(period, packed)?);
        }
        for amount in tally::amounts(packed) {
            let (cell, _) = amount?;
            if self.empty.column(cell).is_some() {
                return Ok(self.of(part.to_owned())?.put_packed(period, packed)?);
            }
        }
        Ok(())
    }

    /// The periods of a part; refused if it is one part too many.
    fn of(&mut self, part: String) -> std::result::Result<&mut Periods, SplitError> {
        let known = self.parts.len();
        match self.parts.entry(part) {
            Entry::Vacant(_) if known >= self.most => Err(SplitError::TooManyValues),
            entry => Ok(entry.or_insert_with(|| self.empty.clone())),
        }
    }

    /// How many rows are enough, if a part has at most one in each of so many pieces of time: if there are more, there are too many parts. Few different numbers
    /// occur, so that few statements are ever prepared.
    fn enough(&self, pieces: usize) -> usize {
        self.most.saturating_mul(pieces).saturating_add(1).next_power_of_two()
    }

    /// The series of an indicator by part, as far as there is anything in a part.
    fn series(&self, formula: &Formula) -> Parts {
        let with_any = self.parts.iter().filter(|(_, periods)| periods.has_any(&formula.cells));
        with_any.map(|(part, periods)| (Some(part.clone()).filter(|part| !part.is_empty()), periods.series(formula))).collect()
    }
}

/// The positions of the cells that these indicators are computed from, without duplicates.
pub(crate) fn cells_for(keys: &[&str]) -> Vec<usize> {
    let mut all: Vec<_> = keys.iter().flat_map(|key| DEFINITIONS.cells_behind(key)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The formulas of these indicators; unknown keys are left out.
fn formulas(keys: &[&str]) -> Vec<Formula> {
    keys.iter().filter_map(|key| Formula::of(key)).collect()
}

impl Panel {
    /// Indicators over lists of periods, all from one state of the store: by list, then by indicator. Unknown keys are left out.
    pub async fn series(&self, tenant: TenantId, keys: &[&str], lists: &[Vec<Window>]) -> Result<Vec<Vec<Series>>> {
        let needed: Arc<[usize]> = cells_for(keys).into();
        let mut tx = self.db.snapshot_of(tenant).await?;
        let mut all = Vec::with_capacity(lists.len());
        for pieces in lists {
            all.push(wholes(&mut tx, tenant, &needed, pieces).await?);
        }
        // The store is not held any longer while numbers are computed.
        drop(tx);
        let formulas = formulas(keys);
        Ok(all.iter().map(|periods| formulas.iter().map(|formula| periods.series(formula)).collect()).collect())
    }

    /// Indicators over lists of periods, split by a dimension, all from one state of the store: by list, then by indicator each part that occurs, in order,
    /// with its series. What has no part comes first. Unknown keys are left out. Refused if there would be more than [`MOST_VALUES`].
    pub async fn split(&self, tenant: TenantId, keys: &[&str], by: Dimension, lists: &[Vec<Window>]) -> std::result::Result<Vec<Vec<Parts>>, SplitError> {
        let needed: Arc<[usize]> = cells_for(keys).into();
        let mut left = MOST_VALUES;
        let mut tx = self.db.snapshot_of(tenant).await?;
        let mut all = Vec::with_capacity(lists.len());
        for pieces in lists {
            let of_part = pieces.len().saturating_mul(keys.len()).max(1);
            let found = parts(&mut tx, tenant, &needed, (by, None), pieces, left / of_part).await?;
            left = left.saturating_sub(found.parts.len().saturating_mul(of_part));
            all.push(found);
        }
        drop(tx);
        let formulas = formulas(keys);
        Ok(all.iter().map(|found| formulas.iter().map(|formula| found.series(formula)).collect()).collect())
    }
}

/// A kind of piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Stored(Level),
    /// Not stored: the rows themselves.
    Rows,
}

/// What of the store can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    /// Days, quarters of an hour and minutes.
    Wholes,
    /// Days.
    Parts,
}

/// Cuts periods into what is stored, and what has to be computed from the rows.
struct Cut<'z> {
    /// The zone by whose days the store is summed; `None` if that is unknown.
    zone: Option<&'z TimeZone>,
    stored: Stored,
    pieces: Vec<(Piece, usize, Window)>,
}

impl Cut<'_> {
    fn period(&mut self, n: usize, whole: Window) -> Result<()> {
        match self.days_within(whole)? {
            None => self.within_days(n, whole),
            Some(days) => {
                self.within_days(n, Window { from: whole.from, to: days.from });
                self.add(Piece::Stored(Level::Day), n, days);
                self.within_days(n, Window { from: days.to, to: whole.to });
            }
        }
        Ok(())
    }

    /// A stretch without whole days, which begins and ends with a minute.
    fn within_days(&mut self, n: usize, whole: Window) {
        if self.stored == Stored::Parts {
            return self.add(Piece::Rows, n, whole);
        }
        let minutes = Piece::Stored(Level::Minute);
        let Some(quarters) = whole.quarters() else { return self.add(minutes, n, whole) };
        self.add(minutes, n, Window { from: whole.from, to: quarters.from });
        self.add(Piece::Stored(Level::Quarter), n, quarters);
        self.add(minutes, n, Window { from: quarters.to, to: whole.to });
    }

    /// The whole days within a window.
    fn days_within(&self, window: Window) -> Result<Option<Window>> {
        let Some(zone) = self.zone else { return Ok(None) };
        let first = range::day_of(window.from, zone)?;
        let from = match range::start_of(first, zone)? {
            start if start == window.from => start,
            _ => range::start_of(range::after(first)?, zone)?,
        };
        let to = range::start_of(range::day_of(window.to, zone)?, zone)?;
        Ok((from < to).then_some(Window { from, to }))
    }

    fn add(&mut self, piece: Piece, n: usize, window: Window) {
        if window.from < window.to {
            self.pieces.push((piece, n, window));
        }
    }

    /// The pieces, those of days cut into single days.
    fn single_days(&self) -> Result<Vec<Window>> {
        let mut all = Vec::new();
        for (piece, _, window) in &self.pieces {
            match (piece, self.zone) {
                (Piece::Stored(Level::Day), Some(zone)) => all.extend(range::cut(*window, Grain::Day, zone)?),
                _ => all.push(*window),
            }
        }
        Ok(all)
    }

    /// The pieces of one kind, and of each the number of its period.
    fn of(&self, kind: Piece) -> (Vec<usize>, Vec<Window>) {
        self.pieces.iter().filter(|(piece, ..)| *piece == kind).map(|(_, n, window)| (*n, *window)).unzip()
    }

    /// The pieces of whole days, and of each the number of its period, cut and put together so that there are at most [`DAYS`] days in one list.
    fn stretches(&self) -> Vec<(Vec<usize>, Vec<Window>)> {
        let (mut lists, mut room) = (Vec::<(Vec<usize>, Vec<Window>)>::new(), 0);
        let (numbers, pieces) = self.of(Piece::Stored(Level::Day));
        for (number, mut rest) in numbers.into_iter().zip(pieces) {
            while rest.from < rest.to {
                if room <= 0 {
                    lists.push((Vec::new(), Vec::new()));
                    room = DAYS;
                }
                // Days are as long as they are: where a stretch ends within one, the day is read with the stretch that holds its start.
                let to = rest.to.min(rest.from.plus(room * DAY));
                room -= to.since(rest.from).div_euclid(DAY).max(1);
                if let Some((numbers, pieces)) = lists.last_mut() {
                    numbers.push(number);
                    pieces.push(Window { from: rest.from, to });
                }
                rest.from = to;
            }
        }
        lists
    }

    /// The pieces that are computed from the rows, as rows of a statement: number of the period, from, to, company.
    fn rows(&self, tenant: TenantId) -> Vec<Vec<Value<'static>>> {
        let of = self.pieces.iter().filter(|(piece, ..)| *piece == Piece::Rows);
        of.map(|(_, n, window)| window.piece(*n, tenant.uuid())).collect()
    }
}

async fn cut<'z>(tx: &mut Tx, tenant: TenantId, stored: Stored, pieces: &[Window], zone: &'z mut Option<TimeZone>) -> Result<Cut<'z>> {
    *zone = crate::store::days_of(tx, tenant).await?;
    let mut cut = Cut { zone: zone.as_ref(), stored, pieces: Vec::new() };
    for (n, piece) in pieces.iter().enumerate() {
        cut.period(n, *piece)?;
    }
    Ok(cut)
}

/// Every window is merged from what is stored.
async fn wholes(tx: &mut Tx, tenant: TenantId, cells: &Arc<[usize]>, windows: &[Window]) -> Result<Periods> {
    let mut zone = None;
    let cut = cut(tx, tenant, Stored::Wholes, windows, &mut zone).await?;
    let mut periods = Periods::new(cells, windows.len());
    for level in Level::EACH {
        let (numbers, pieces) = cut.of(Piece::Stored(level));
        for row in sums::within(tx, (tenant.uuid(), level, None), &pieces, Only::All).await? {
            let Some(number) = numbers.get(row.piece) else { continue };
            periods.put_packed(*number, row.whole())?;
        }
    }
    Ok(periods)
}

/// The amounts of cells, whose positions ascend, in several windows, in the windows' order.
pub(crate) async fn amounts(tx: &mut Tx, tenant: TenantId, cells: &[usize], windows: &[Window]) -> Result<Vec<Amounts>> {
    let cells: Arc<[usize]> = cells.into();
    Ok(wholes(tx, tenant, &cells, windows).await?.amounts())
}

/// What a count counted in a window, which begins and ends with a minute: all of it, or what belongs to one part.
pub(crate) struct Counted {
    /// How many things.
    pub(crate) count: i64,
    /// The stretches of time in which they are, latest first: days, and what is left at the edges; longer ones while days are being summed again.
    pub(crate) stretches: Vec<Window>,
}

/// The number of things that a count counted, and when they were, as far as that is known without reading them.
pub(crate) async fn count(tx: &mut Tx, tenant: TenantId, indicator: &Measure, window: Window, part: Option<(Dimension, &str)>) -> Result<Counted> {
    let cells: Arc<[usize]> = DEFINITIONS.cells_at(&indicator.key).collect();
    let mut zone = None;
    let stored = if part.is_some() { Stored::Parts } else { Stored::Wholes };
    let pieces = cut(tx, tenant, stored, &[window], &mut zone).await?.single_days()?;
    let periods = match part {
        None => Some(wholes(tx, tenant, &cells, &pieces).await?),
        Some((by, part)) => parts(tx, tenant, &cells, (by, Some(part)), &pieces, 1).await?.parts.remove(part),
    };
    let Some((periods, cell)) = periods.zip(cells.first().copied()) else { return Ok(Counted { count: 0, stretches: Vec::new() }) };
    let mut stretches: Vec<_> = pieces.iter().zip(&periods.rows).filter(|(_, row)| periods.amount(row, cell).is_some()).map(|(piece, _)| *piece).collect();
    stretches.sort_by_key(|piece| std::cmp::Reverse(piece.from));
    Ok(Counted { count: periods.total(cell).unwrap_or(0), stretches })
}

/// The amounts of cells in several windows by part, of all parts or of one; refused if there are more parts than `most`.
async fn parts(
    tx: &mut Tx,
    tenant: TenantId,
    cells: &Arc<[usize]>,
    (by, part): (Dimension, Option<&str>),
    windows: &[Window],
    most: usize,
) -> std::result::Result<Found, SplitError> {
    let mut zone = None;
    let cut = cut(tx, tenant, Stored::Parts, windows, &mut zone).await?;
    let mut found = Found::new(cells, windows.len(), most);
    for (numbers, pieces) in &cut.stretches() {
        let rows = sums::within(tx, (tenant.uuid(), Level::Day, Some(by)), pieces, part.map_or(Only::Most(MOST_ROWS), Only::Part)).await?;
        if rows.len() >= MOST_ROWS {
            return Err(SplitError::TooManyValues);
        }
        for row in rows {
            let Some(number) = numbers.get(row.piece) else { continue };
            for part in row.parts() {
                let (part, amounts) = part?;
                found.put_packed(part, *number, amounts)?;
            }
        }
    }
    let edges = cut.rows(tenant);
    if edges.is_empty() {
        return Ok(found);
    }
    for (cells, head, tail) in render::cells_in_pieces(&DEFINITIONS, cells, Some(by), part.is_some()) {
        let tail = format!("{tail} LIMIT {}", found.enough(PIECES));
        for pieces in edges.chunks(PIECES) {
            let pieces: Vec<_> = pieces.iter().map(|piece| piece.iter().cloned().chain(part.map(|part| Value::Text(Some(part)))).collect()).collect();
            for PartRow { piece, part, amounts } in bulk::select::<PartRow>(tx, &head, &pieces, &tail).await? {
                found.of(part)?.put_all(piece, &cells, amounts);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use domain::time::Ts;

    use super::*;

    #[test]
    fn what_is_derived_needs_what_it_is_derived_from() {
        let names = |keys: &[&str]| cells_for(keys).into_iter().map(|cell| DEFINITIONS.cells[cell].name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&["good_ratio"]), ["session_rated", "rating_good"]);
        assert_eq!((names(&["dialogue"]), names(&["nothing"])), (vec!["dialogue"], vec![]));
        assert_eq!(names(&["good_ratio", "poor_ratio", "session_rated"]).len(), 3);
        assert_eq!(names(&["reply_p90", "reply_p50"]).len(), DEFINITIONS.edges.len() + 1);
    }

    #[test]
    fn periods_hold_only_the_cells_that_are_asked_for_and_merge_them_as_their_measure_says() {
        let cell = |key: &str| DEFINITIONS.cells_at(key).next().unwrap();
        let mut periods = Periods::new(&cells_for(&["reply_mean", "longest_wait"]).into(), 3);
        for (n, key, amount) in
            [(0, "reply", 2), (0, "reply_sum", 900), (2, "reply", 1), (2, "reply_sum", 600), (2, "longest_wait", 70), (2, "longest_wait", 50)]
        {
            periods.put(n, cell(key), amount);
        }
        // A zero, a cell that is not asked for, and periods that do not exist.
        for (n, key, amount) in [(1, "reply", 0), (1, "dialogue", 7), (3, "reply", 7)] {
            periods.put(n, cell(key), amount);
        }
        assert_eq!(periods.rows.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 3]);
        let (mean, longest) = (Number::Derived, Number::Extreme);
        let series = |key: &str| periods.series(&Formula::of(key).unwrap());
        assert_eq!(series("reply_mean"), Series { values: vec![mean(Some(450.0)), mean(None), mean(Some(600.0))], total: mean(Some(500.0)) });
        assert_eq!(series("longest_wait"), Series { values: vec![longest(None), longest(None), longest(Some(70))], total: longest(Some(70)) });
        assert_eq!(periods.amounts()[0].get("reply_mean"), Some(mean(Some(450.0))));
        let has = |key: &str| periods.has_any(&Formula::of(key).unwrap().cells);
        assert!(has("reply") && has("longest_wait") && !has("dialogue"));
    }

    #[test]
    fn one_part_too_many_is_refused_before_anything_is_built_for_it() {
        let dialogue = cells_for(&["dialogue"]);
        let mut found = Found::new(&dialogue.clone().into(), 2, 2);
        let unwanted = crate::tally::Tally::from_iter(cells_for(&["reply"]).into_iter().map(|cell| (cell, 5))).pack();
        for part in ["x", "y", "z"] {
            found.put_packed(part, 0, &unwanted).unwrap();
        }
        assert!(found.parts.is_empty(), "none of these has anything of what is asked for");
        for part in ["a", "b", "a"] {
            found.of(part.to_owned()).unwrap().put(1, dialogue[0], 1);
        }
        assert!(matches!(found.of("c".to_owned()), Err(SplitError::TooManyValues)));
        let parts: Vec<_> = found.series(&Formula::of("dialogue").unwrap()).into_iter().map(|(part, series)| (part, series.total)).collect();
        assert_eq!(parts, [("a", 2), ("b", 1)].map(|(part, total)| (Some(part.to_owned()), Number::Count(total))));
        assert_eq!(found.enough(PIECES), 512);
    }

    #[test]
    fn a_period_is_cut_into_days_quarters_and_what_is_left() {
        let zone = TimeZone::get("Asia/Kolkata").unwrap();
        let at = |text: &str| Ts(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let pieces = |from: &str, to: &str, zone: Option<&TimeZone>, stored: Stored| {
            let mut cut = Cut { zone, stored, pieces: Vec::new() };
            cut.period(0, Window { from: at(from), to: at(to) }).unwrap();
            let minutes = |window: Window| window.to.since(window.from) / 60_000;
            let mut told: Vec<_> = cut.pieces.iter().map(|(piece, _, window)| (window.from, *piece, minutes(*window))).collect();
            told.sort_by_key(|(from, ..)| *from);
            told.into_iter().map(|(_, piece, minutes)| (piece, minutes)).collect::<Vec<_>>()
        };
        // Midnight in India is 18:30 UTC.
        let [minute, quarter, day] = Level::EACH.map(Piece::Stored);
        assert_eq!(pieces("2026-11-18T18:30:00Z", "2026-11-20T18:30:00Z", Some(&zone), Stored::Wholes), [(day, 2_880)]);
        let odd = ("2026-11-18T18:07:00Z", "2026-11-19T18:52:00Z");
        assert_eq!(pieces(odd.0, odd.1, Some(&zone), Stored::Wholes), [(minute, 8), (quarter, 15), (day, 1_440), (quarter, 15), (minute, 7)]);
        assert_eq!(pieces(odd.0, odd.1, Some(&zone), Stored::Parts), [(Piece::Rows, 23), (day, 1_440), (Piece::Rows, 22)]);
        assert_eq!(pieces(odd.0, odd.1, None, Stored::Wholes), [(minute, 8), (quarter, 1_470), (minute, 7)]);
        assert_eq!(pieces("2026-11-18T18:07:00Z", "2026-11-18T18:14:00Z", Some(&zone), Stored::Wholes), [(minute, 7)]);
    }
}
