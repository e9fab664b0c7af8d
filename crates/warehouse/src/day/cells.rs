//! The cells of a day: as they are stored, as the second implementation counts them, and as the rows add up to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use db::{Result, Tx};
use domain::{
    dimension::Dimension,
    time::{MINUTE, QUARTER, Ts},
};
use uuid::Uuid;

use super::{CompanyDay, Mismatch};
use crate::{
    definition::{DEFINITIONS, Merge},
    numbers::merge_of,
    portable::run,
    sums::{self, Level, Only, SumKey, Which, every_dimension, name_of},
    tally::Tally,
    window::Window,
};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    level: Level,
    dimension: Option<Dimension>,
    starts_at: Ts,
    part: String,
    cell: usize,
}

/// Cells with their amounts; sums of nothing are not among them.
pub(super) type Cells = BTreeMap<Key, i64>;

static PLACES: LazyLock<BTreeMap<&'static str, usize>> =
    LazyLock::new(|| DEFINITIONS.cells.iter().enumerate().map(|(place, cell)| (cell.name.as_str(), place)).collect());

impl Key {
    /// What is told if it is not stored as it was counted.
    pub(super) fn mismatch(&self, stored: Option<i64>, counted: Option<i64>) -> Mismatch {
        Mismatch {
            table: self.level.table().to_owned(),
            indicator: DEFINITIONS.cells.get(self.cell).map_or("", |cell| cell.name.as_str()).to_owned(),
            dimension: name_of(self.dimension).to_owned(),
            part: self.part.clone(),
            starts_at: self.starts_at,
            stored,
            counted,
        }
    }

    /// The row that it is in.
    fn row(&self, tenant: Uuid) -> SumKey<'_> {
        (tenant, self.dimension, self.starts_at, &self.part)
    }
}

fn put(cells: &mut Cells, key: Key, amount: i64) {
    let merge = merge_of(key.cell);
    cells.entry(key).and_modify(|known| *known = merge.of(*known, amount)).or_insert(amount);
}

/// Without sums of nothing, which are not stored. Extremes of 0 stay.
pub(super) fn without_zeros(mut cells: Cells) -> Cells {
    cells.retain(|key, amount| *amount != 0 || merge_of(key.cell) != Merge::Add);
    cells
}

/// The stored cells of a day: in every dimension, by quarter of an hour, and by minute.
pub(super) async fn day_cells(tx: &mut Tx, day: &CompanyDay) -> Result<Cells> {
    let (mut cells, tenant) = (Cells::new(), day.tenant.uuid());
    let wholes = [Level::Minute, Level::Quarter].map(|level| (level, None));
    for (level, dimension) in every_dimension().map(|dimension| (Level::Day, dimension)).chain(wholes) {
        cells.append(&mut cells_in(tx, (tenant, level, dimension), day.window).await?);
    }
    Ok(cells)
}

/// The stored cells of one level, and of a dimension, that begin in a window.
pub(super) async fn cells_in(tx: &mut Tx, which: Which, window: Window) -> Result<Cells> {
    let (_, level, dimension) = which;
    let mut cells = Cells::new();
    for row in sums::within(tx, which, &[window], Only::All).await? {
        // What cannot be read is as bad as absent: it is told, and written anew.
        for (part, amounts) in row.parts().map_while(Result::ok) {
            for (cell, amount) in Tally::unpack(amounts).unwrap_or_default().iter() {
                put(&mut cells, Key { level, dimension, starts_at: row.starts_at, part: part.to_owned(), cell }, amount);
            }
        }
    }
    Ok(without_zeros(cells))
}

/// Adds the cells of a day as the second implementation counts them.
pub(super) async fn count_events(second: &mut Tx, day: &CompanyDay, cells: &mut Cells) -> Result<()> {
    for measure in &DEFINITIONS.measures {
        for row in run::amounts(second, measure, Some(day.window)).await? {
            let Some(cell) = PLACES.get(row.cell.as_str()).copied() else { continue };
            let (at, amount) = (Ts(row.starts_at), row.amount);
            let whole = |level, starts_at| Key { level, dimension: None, starts_at, part: String::new(), cell };
            put(cells, whole(Level::Minute, at), amount);
            put(cells, whole(Level::Quarter, at.quarter()), amount);
            put(cells, whole(Level::Day, day.window.from), amount);
            for (part, by) in row.parts().into_iter().zip(Dimension::EACH) {
                put(cells, Key { dimension: Some(by), part: part.to_owned(), ..whole(Level::Day, day.window.from) }, amount);
            }
        }
    }
    Ok(())
}

/// The cells of one level, and of a dimension, as the stored rows add up to them, in these pieces of time.
pub(super) async fn sum_rows(tx: &mut Tx, (tenant, level, dimension): Which, pieces: &[Window]) -> Result<Cells> {
    let mut cells = Cells::new();
    for ((starts_at, part), tally) in sums::of_details(tx, (tenant, dimension), pieces).await? {
        cells.extend(tally.iter().map(|(cell, amount)| (Key { level, dimension, starts_at, part: part.clone(), cell }, amount)));
    }
    Ok(without_zeros(cells))
}

/// Replaces the stored cells of one level, and of a dimension, that begin in a window with what they should be, whatever is stored and whether or not it can be
/// read; returns how many were wrong.
pub(super) async fn replace(tx: &mut Tx, which: Which, window: Window, (stored, right): (&Cells, &Cells)) -> Result<i64> {
    let (tenant, level, _) = which;
    let keys: BTreeSet<&Key> = stored.keys().chain(right.keys()).collect();
    let wrong = keys.into_iter().filter(|key| stored.get(*key) != right.get(*key)).count();
    let mut rows: BTreeMap<SumKey<'_>, Tally> = BTreeMap::new();
    for (key, amount) in right {
        rows.entry(key.row(tenant)).or_default().set(key.cell, Some(*amount));
    }
    sums::delete(tx, which, window).await?;
    sums::write(tx, level, &rows).await?;
    Ok(i64::try_from(wrong).unwrap_or(i64::MAX))
}

/// The quarters of an hour, or the minutes, of a window.
pub(super) fn pieces(level: Level, window: Window) -> Vec<Window> {
    let length = match level {
        Level::Day => return vec![window],
        Level::Quarter => QUARTER,
        Level::Minute => MINUTE,
    };
    let mut pieces = Vec::new();
    let mut from = window.from;
    while from < window.to {
        pieces.push(Window { from, to: from.plus(length) });
        from = from.plus(length);
    }
    pieces
}
