//! Amounts in memory: those of the reducer as it stores them, those of a query added up to the same pieces of time and parts.

use std::{collections::HashMap, sync::Arc};

use db::{Error, Result};
use domain::{
    dimension::Dimension,
    id::TenantId,
    time::{MINUTE, Ts},
};
use uuid::Uuid;
use warehouse::{
    DEFINITIONS, Directory,
    definition::{Merge, column},
    numbers::merge_of,
    range,
};

/// The length of a piece of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// A minute; of the whole only.
    Minute,
    /// A quarter of an hour; of the whole only.
    Quarter,
    /// A day of the company.
    Day,
}

/// What an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    tenant: Uuid,
    cell: usize,
    piece: Piece,
    /// The position of the dimension, from 1; 0 for the whole.
    dimension: usize,
    /// The number of the part's name.
    part: usize,
    starts_at: i64,
}

/// The names of cells and parts, which all engines of a comparison number in the same way.
pub(super) struct Names {
    cells: HashMap<&'static str, usize>,
    parts: HashMap<String, usize>,
    by_number: Vec<String>,
}

impl Names {
    pub(super) fn new() -> Self {
        let cells = DEFINITIONS.cells.iter().enumerate().map(|(place, cell)| (cell.name.as_str(), place)).collect();
        Self { cells, parts: HashMap::new(), by_number: Vec::new() }
    }

    /// The position of a cell; fails if no definition has it.
    pub(super) fn cell(&self, name: &str) -> Result<usize> {
        self.cells.get(name).copied().ok_or_else(|| Error::Corrupt(format!("the cell {name}")))
    }

    /// The number of a part.
    pub(super) fn part(&mut self, name: &str) -> usize {
        if let Some(number) = self.parts.get(name) {
            return *number;
        }
        let number = self.by_number.len();
        self.by_number.push(name.to_owned());
        self.parts.insert(name.to_owned(), number);
        number
    }

    /// The measure of a key.
    pub(super) fn measure(key: &Key) -> &'static str {
        DEFINITIONS.cells.get(key.cell).and_then(|cell| DEFINITIONS.measures.get(cell.measure)).map_or("", |measure| measure.key.as_str())
    }

    /// A key for people.
    pub(super) fn describe(&self, key: &Key) -> String {
        let cell = DEFINITIONS.cells.get(key.cell).map_or("", |cell| cell.name.as_str());
        let by = key.dimension.checked_sub(1).and_then(|n| Dimension::EACH.get(n)).map_or("", |split| column(*split));
        let part = self.by_number.get(key.part).map_or("", String::as_str);
        format!("{cell} of {} in the {:?} from {} by {by}={part}", TenantId::new(key.tenant), key.piece, key.starts_at)
    }
}

/// The amounts of one engine.
pub struct Amounts {
    directory: Arc<Directory>,
    cells: HashMap<Key, i64>,
    /// The start of the company's day, by quarter of an hour.
    days: HashMap<(Uuid, Ts), Ts>,
}

impl Amounts {
    pub(super) fn new(directory: Arc<Directory>) -> Self {
        Self { directory, cells: HashMap::new(), days: HashMap::new() }
    }

    /// The amount of a key, if there is any.
    pub fn get(&self, key: &Key) -> Option<i64> {
        self.cells.get(key).copied()
    }

    /// What there are amounts of.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.cells.keys().copied()
    }

    /// Adds an amount to what is known of its key.
    fn put(&mut self, key: Key, amount: i64) {
        self.cells.entry(key).and_modify(|known| *known = merge_of(key.cell).of(*known, amount)).or_insert(amount);
    }

    /// Adds an amount as the reducer stores it: `dimension` is the column, empty for the whole.
    pub(super) fn put_stored(&mut self, (tenant, cell): (Uuid, usize), piece: Piece, (dimension, part): (&str, usize), (starts_at, amount): (i64, i64)) {
        let dimension = Dimension::EACH.iter().position(|split| column(*split) == dimension).map_or(0, |n| n + 1);
        self.put(Key { tenant, cell, piece, dimension, part, starts_at }, amount);
    }

    /// Adds an amount of a minute, whose parts are in the order of [`Dimension::EACH`], to all pieces of time and parts to which it belongs. `none` is the part of
    /// the whole.
    pub(super) fn put_minute(&mut self, (tenant, cell): (Uuid, usize), starts_at: i64, parts: &[usize], none: usize, amount: i64) -> Result<()> {
        let (at, day) = (Ts(starts_at - starts_at.rem_euclid(MINUTE)), self.day(tenant, Ts(starts_at))?);
        self.put(Key { tenant, cell, piece: Piece::Minute, dimension: 0, part: none, starts_at: at.0 }, amount);
        self.put(Key { tenant, cell, piece: Piece::Quarter, dimension: 0, part: none, starts_at: at.quarter().0 }, amount);
        for (dimension, part) in [none].iter().chain(parts).enumerate() {
            self.put(Key { tenant, cell, piece: Piece::Day, dimension, part: *part, starts_at: day.0 }, amount);
        }
        Ok(())
    }

    /// The start of the company's day.
    fn day(&mut self, tenant: Uuid, at: Ts) -> Result<Ts> {
        let piece = (tenant, at.quarter());
        if let Some(day) = self.days.get(&piece) {
            return Ok(*day);
        }
        let zone = self.directory.zone(TenantId::new(tenant));
        let day = range::start_of(range::day_of(at, &zone)?, &zone)?;
        self.days.insert(piece, day);
        Ok(day)
    }

    /// Takes out what adds up to nothing: an engine may have it or not. Extremes of 0 stay.
    pub(super) fn drop_zeros(&mut self) {
        self.cells.retain(|key, amount| *amount != 0 || merge_of(key.cell) != Merge::Add);
    }
}
