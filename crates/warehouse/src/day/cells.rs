//! The cells of a day: as they are stored, as the second implementation counts them, and as the rows add up to them.

use std::{collections::BTreeMap, sync::LazyLock};

use db::{
    Result, Tx,
    bulk::{self, Value},
    row,
};
use domain::time::{MINUTE, QUARTER, Ts};
use uuid::Uuid;

use super::{CompanyDay, Mismatch};
use crate::{
    definition::{CellDefinition, DEFINITIONS, Merge, Split},
    numbers::merge_of,
    portable::run,
    render::{self, PartRow},
    window::Window,
};

/// A table of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Day,
    Quarter,
    Minute,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    table: Table,
    cell: usize,
    /// The position of the dimension, from 1; 0 for the whole.
    dimension: usize,
    part: String,
    starts_at: i64,
}

/// Cells with their amounts; sums of nothing are not among them.
pub(super) type Cells = BTreeMap<Key, i64>;

row! { struct Stored { indicator: String, part: String, starts_at: i64, amount: i64 } }

static PLACES: LazyLock<BTreeMap<&'static str, usize>> =
    LazyLock::new(|| DEFINITIONS.cells.iter().enumerate().map(|(place, cell)| (cell.name.as_str(), place)).collect());

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Self::Day => "dws_day",
            Self::Quarter => "dws_quarter",
            Self::Minute => "dws_minute",
        }
    }
}

impl Key {
    /// What is told if it is not stored as it was counted.
    pub(super) fn mismatch(&self, stored: Option<i64>, counted: Option<i64>) -> Mismatch {
        Mismatch {
            table: self.table.name().to_owned(),
            indicator: self.name().to_owned(),
            dimension: dimension(self.dimension).to_owned(),
            part: self.part.clone(),
            starts_at: Ts(self.starts_at),
            stored,
            counted,
        }
    }

    fn name(&self) -> &'static str {
        DEFINITIONS.cells.get(self.cell).map_or("", |cell| cell.name.as_str())
    }

    /// The values of the key's columns.
    fn values(&self, tenant: Uuid) -> Vec<Value<'_>> {
        let mut values = vec![Value::Uuid(tenant), Value::Text(Some(self.name())), Value::Int(Some(self.starts_at))];
        if self.table == Table::Day {
            values.extend([Value::Text(Some(dimension(self.dimension))), Value::Text(Some(&self.part))]);
        }
        values
    }
}

/// The name of a dimension in the store.
fn dimension(place: usize) -> &'static str {
    place.checked_sub(1).and_then(|place| Split::EACH.get(place)).map_or("", |split| split.column())
}

fn put(cells: &mut Cells, key: Key, amount: i64) {
    let merge = merge_of(key.cell);
    cells.entry(key).and_modify(|known| *known = merge.of(*known, amount)).or_insert(amount);
}

/// Without sums of nothing, which may be stored or not. Extremes of 0 stay.
pub(super) fn without_zeros(mut cells: Cells) -> Cells {
    cells.retain(|key, amount| *amount != 0 || merge_of(key.cell) != Merge::Add);
    cells
}

/// The stored cells of a day: in every dimension, by quarter of an hour, and by minute as far as minutes are kept.
pub(super) async fn day_cells(tx: &mut Tx, day: &CompanyDay, minutes_from: Ts) -> Result<Cells> {
    let (mut cells, tenant) = (Cells::new(), day.tenant.uuid());
    for place in 0..=Split::EACH.len() {
        cells.append(&mut cells_in(tx, tenant, (Table::Day, place), day.window).await?);
    }
    cells.append(&mut cells_in(tx, tenant, (Table::Quarter, 0), day.window).await?);
    let minutes = Window { from: day.window.from.max(minutes_from), to: day.window.to };
    cells.append(&mut cells_in(tx, tenant, (Table::Minute, 0), minutes).await?);
    Ok(cells)
}

/// The stored cells of one table, and of a dimension, that begin in a window.
pub(super) async fn cells_in(tx: &mut Tx, tenant: Uuid, (table, place): (Table, usize), window: Window) -> Result<Cells> {
    let name = table.name();
    let (part, of_dimension) = match table {
        Table::Day => ("m.part", format!(" AND m.dimension = '{}'", dimension(place))),
        Table::Quarter | Table::Minute => ("'' AS part", String::new()),
    };
    // The cells are listed one by one, so that an engine goes to the range of each and reads nothing else.
    let row = |cell: &'static CellDefinition| {
        vec![Value::Uuid(tenant), Value::Text(Some(&cell.name)), Value::Int(Some(window.from.0)), Value::Int(Some(window.to.0))]
    };
    let rows: Vec<_> = DEFINITIONS.cells.iter().map(row).collect();
    let head = format!("SELECT m.indicator, {part}, m.starts_at, m.amount FROM (VALUES");
    let tail = format!(
        ") AS w JOIN {name} m ON m.tenant_id = w.column1 AND m.indicator = w.column2 AND m.starts_at >= w.column3 AND m.starts_at < w.column4{of_dimension}"
    );
    let mut cells = Cells::new();
    for Stored { indicator, part, starts_at, amount } in bulk::select::<Stored>(tx, &head, &rows, &tail).await? {
        if let Some(cell) = PLACES.get(indicator.as_str()) {
            put(&mut cells, Key { table, cell: *cell, dimension: place, part, starts_at }, amount);
        }
    }
    Ok(without_zeros(cells))
}

/// Adds the cells of a day as the second implementation counts them.
pub(super) async fn count_events(second: &mut Tx, (day, minutes_from): (&CompanyDay, Ts), cells: &mut Cells) -> Result<()> {
    for measure in &DEFINITIONS.measures {
        for row in run::amounts(second, measure, Some(day.window)).await? {
            let Some(cell) = PLACES.get(row.cell.as_str()).copied() else { continue };
            let (at, amount) = (Ts(row.starts_at), row.amount);
            let whole = |table, starts_at: Ts| Key { table, cell, dimension: 0, part: String::new(), starts_at: starts_at.0 };
            if at >= minutes_from {
                put(cells, whole(Table::Minute, at), amount);
            }
            put(cells, whole(Table::Quarter, at.quarter()), amount);
            put(cells, whole(Table::Day, day.window.from), amount);
            for (place, part) in row.parts().into_iter().enumerate() {
                put(cells, Key { dimension: place + 1, part: part.to_owned(), ..whole(Table::Day, day.window.from) }, amount);
            }
        }
    }
    Ok(())
}

/// The cells of one table, and of a dimension, as the stored rows add up to them, in these pieces of time.
pub(super) async fn sum_rows(tx: &mut Tx, tenant: Uuid, (table, place): (Table, usize), pieces: &[Window]) -> Result<Cells> {
    let by = place.checked_sub(1).and_then(|place| Split::EACH.get(place)).copied();
    let row = |(n, of): (usize, &Window)| vec![Value::Int(i64::try_from(n).ok()), Value::Int(Some(of.from.0)), Value::Int(Some(of.to.0)), Value::Uuid(tenant)];
    let rows: Vec<_> = pieces.iter().enumerate().map(row).collect();
    let all: Vec<usize> = (0..DEFINITIONS.cells.len()).collect();
    let mut cells = Cells::new();
    for (of, head, tail) in render::cells_in_pieces(&DEFINITIONS, &all, by) {
        for PartRow { piece, part, amounts } in bulk::select::<PartRow>(tx, &head, &rows, &tail).await? {
            let Some(piece) = usize::try_from(piece).ok().and_then(|piece| pieces.get(piece)) else { continue };
            for (cell, amount) in of.iter().zip(amounts) {
                if let Some(amount) = amount {
                    put(&mut cells, Key { table, cell: *cell, dimension: place, part: part.clone(), starts_at: piece.from.0 }, amount);
                }
            }
        }
    }
    Ok(without_zeros(cells))
}

/// Makes the stored cells of one table what they should be; returns how many had to be changed.
pub(super) async fn mend(tx: &mut Tx, tenant: Uuid, table: Table, stored: &Cells, right: &Cells) -> Result<i64> {
    let wrong: Vec<_> = stored.keys().filter(|key| !right.contains_key(*key)).map(|key| key.values(tenant)).collect();
    let mut changed = Vec::new();
    for (key, amount) in right.iter().filter(|(key, amount)| stored.get(*key) != Some(*amount)) {
        let mut values = key.values(tenant);
        values.push(Value::Int(Some(*amount)));
        changed.push(values);
    }
    let (name, more) = (table.name(), if table == Table::Day { ", dimension, part" } else { "" });
    let key = format!("tenant_id, indicator, starts_at{more}");
    bulk::execute(tx, &format!("DELETE FROM {name} WHERE ({key}) IN (VALUES"), &wrong, ")").await?;
    let tail = format!("ON CONFLICT ({key}) DO UPDATE SET amount = excluded.amount");
    bulk::execute(tx, &format!("INSERT INTO {name} ({key}, amount) VALUES"), &changed, &tail).await?;
    Ok(i64::try_from(wrong.len() + changed.len()).unwrap_or(i64::MAX))
}

/// The quarters of an hour, or the minutes, of a window.
pub(super) fn pieces(table: Table, window: Window) -> Vec<Window> {
    let length = match table {
        Table::Day => return vec![window],
        Table::Quarter => QUARTER,
        Table::Minute => MINUTE,
    };
    let mut pieces = Vec::new();
    let mut from = window.from;
    while from < window.to {
        pieces.push(Window { from, to: from.plus(length) });
        from = from.plus(length);
    }
    pieces
}
