//! The tables of sums (DWS): what the cells amount to in a minute, a quarter of an hour, or a day of the company, as wholes, and for days also by the parts of
//! every dimension. A row holds the amounts of all cells: a period is read with one row for each of its pieces, and a batch of events changes few rows, however
//! many indicators there are. The parts of days that are over are packed together ([`packed`]).
//!
//! A row is read, changed and written by whoever holds the lock on the cursor ([`crate::store::hold`]).

pub mod packed;

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
};

use db::{
    Result, Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{dimension::Dimension, id::TenantId, time::Ts};
use packed::Packed;
use uuid::Uuid;

use crate::{
    definition::{DEFINITIONS, column},
    render::{self, PartRow},
    tally::Tally,
    window::Window,
};

/// How long the pieces of time of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Minutes, as wholes.
    Minute,
    /// Quarters of an hour, as wholes.
    Quarter,
    /// Days of the company, as wholes and by part.
    Day,
}

impl Level {
    /// Every level.
    pub const EACH: [Self; 3] = [Self::Minute, Self::Quarter, Self::Day];

    /// The table of its rows.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Minute => "dws_minute",
            Self::Quarter => "dws_quarter",
            Self::Day => "dws_day",
        }
    }
}

/// The whole, and every dimension.
pub(crate) fn every_dimension() -> impl Iterator<Item = Option<Dimension>> {
    std::iter::once(None).chain(Dimension::EACH.map(Some))
}

/// The name of a dimension in the store; empty for the whole.
pub(crate) fn name_of(dimension: Option<Dimension>) -> &'static str {
    dimension.map_or("", column)
}

/// Which rows: of a company, at a level, in a dimension.
pub(crate) type Which = (Uuid, Level, Option<Dimension>);
/// What a row of a level is of: the company, the dimension, the start, the part.
pub(crate) type SumKey<'p> = (Uuid, Option<Dimension>, Ts, &'p str);

/// What is stored of a piece of time.
pub(crate) struct Found {
    /// The position of the piece among those that were asked for.
    pub(crate) piece: usize,
    pub(crate) starts_at: Ts,
    content: Content,
}

enum Content {
    /// A part and its amounts.
    Part(String, Vec<u8>),
    /// The parts of a packed day.
    Packed(Vec<u8>),
}

impl Found {
    /// The amounts of a whole, which [`crate::tally::amounts`] reads.
    pub(crate) fn whole(&self) -> &[u8] {
        if let Content::Part(_, amounts) = &self.content { amounts } else { &[] }
    }

    /// The parts, and their amounts, which [`crate::tally::amounts`] reads. The part is empty for the whole, and for what has no part.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Result<(&str, &[u8])>> {
        let (one, packed) = match &self.content {
            Content::Part(part, amounts) => (Some(Ok((part.as_str(), amounts.as_slice()))), &[][..]),
            Content::Packed(parts) => (None, parts.as_slice()),
        };
        one.into_iter().chain(packed::each(packed))
    }
}

row! { struct Stored { tenant_id: Uuid, dimension: String, starts_at: i64, part: String, amounts: Vec<u8> } }

/// An amount as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct StoredAmount<'a> {
    /// The company.
    pub tenant: TenantId,
    /// How long the piece of time is.
    pub level: Level,
    /// The column of the dimension; empty for the whole.
    pub dimension: &'static str,
    /// The part; empty for the whole, and for what has no part.
    pub part: &'a str,
    /// When the piece of time begins.
    pub starts_at: Ts,
    /// The position of the cell among the definitions.
    pub cell: usize,
    /// The amount.
    pub amount: i64,
}

/// Which rows to read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Only<'p> {
    All,
    /// Those of one part; each piece is then a day of the company.
    Part(&'p str),
    /// At most this many rows.
    Most(usize),
}

/// Calls `each` for every amount that is stored of a company.
pub(crate) async fn each_amount(tx: &mut Tx, tenant: TenantId, mut each: impl FnMut(&StoredAmount<'_>)) -> Result<()> {
    let always = [Window { from: Ts(i64::MIN), to: Ts(i64::MAX) }];
    for (level, by) in Level::EACH.into_iter().flat_map(|level| every_dimension().map(move |by| (level, by))) {
        for row in within(tx, (tenant.uuid(), level, by), &always, Only::All).await? {
            for stored in row.parts() {
                let (part, packed) = stored?;
                for (cell, amount) in Tally::unpack(packed)?.iter() {
                    each(&StoredAmount { tenant, level, dimension: name_of(by), part, starts_at: row.starts_at, cell, amount });
                }
            }
        }
    }
    Ok(())
}

/// What is stored of the minutes, quarters of an hour or days that begin in these pieces of time.
pub(crate) async fn within(tx: &mut Tx, which: Which, pieces: &[Window], only: Only<'_>) -> Result<Vec<Found>> {
    let (tenant, level, dimension) = which;
    let found = |piece, at, content| Found { piece: usize::try_from(piece).unwrap_or(usize::MAX), starts_at: Ts(at), content };
    let rows = rows(tx, which, pieces, only).await?;
    let mut all: Vec<_> = rows.into_iter().map(|(piece, at, part, amounts)| found(piece, at, Content::Part(part, amounts))).collect();
    if level != Level::Day || dimension.is_none() {
        return Ok(all);
    }
    let pieces: Vec<_> = pieces.iter().enumerate().map(|(n, of)| of.piece(n, tenant)).collect();
    for (piece, at, parts) in packed::within(tx, dimension, &pieces).await? {
        let day = found(piece, at, Content::Packed(parts));
        let Only::Part(part) = only else {
            all.push(day);
            continue;
        };
        let of_part = day.parts().find(|one| one.as_ref().map_or(true, |(one, _)| *one == part)).transpose()?;
        all.extend(of_part.map(|(part, amounts)| found(piece, at, Content::Part(part.to_owned(), amounts.to_owned()))));
    }
    Ok(all)
}

/// The rows, none of them packed, that begin in these pieces of time: number of the piece, start, part, amounts.
async fn rows(tx: &mut Tx, (tenant, level, dimension): Which, pieces: &[Window], only: Only<'_>) -> Result<Vec<(i64, i64, String, Vec<u8>)>> {
    let part = if let Only::Part(part) = only { Some(Value::Text(Some(part))) } else { None };
    let pieces: Vec<Vec<Value<'_>>> = pieces.iter().enumerate().map(|(n, of)| of.piece(n, tenant).into_iter().chain(part.clone()).collect()).collect();
    let (head, tail) = statement(level, dimension, only);
    bulk::select(tx, &head, &pieces, &tail).await
}

/// What the detail rows add up to in these pieces of time, by the start of the piece and the part.
pub(crate) async fn of_details(tx: &mut Tx, (tenant, dimension): (Uuid, Option<Dimension>), pieces: &[Window]) -> Result<BTreeMap<(Ts, String), Tally>> {
    let rows: Vec<_> = pieces.iter().enumerate().map(|(n, of)| of.piece(n, tenant)).collect();
    let all: Vec<usize> = (0..DEFINITIONS.cells.len()).collect();
    let mut sums: BTreeMap<(Ts, String), Tally> = BTreeMap::new();
    for (cells, head, tail) in render::cells_in_pieces(&DEFINITIONS, &all, dimension, false) {
        for PartRow { piece, part, amounts } in bulk::select::<PartRow>(tx, &head, &rows, &tail).await? {
            let Some(piece) = usize::try_from(piece).ok().and_then(|piece| pieces.get(piece)) else { continue };
            let amounts = cells.iter().zip(amounts).filter_map(|(cell, amount)| Some((*cell, amount?)));
            sums.entry((piece.from, part)).or_default().merge(&amounts.collect());
        }
    }
    Ok(sums)
}

/// The statement that reads rows, before and after the list of pieces: number, from, to, company, and the part if only one is wanted. Both engines name the columns
/// of such a list `column1`, `column2` … SQLite goes through a cross join from left to right: for each piece, it reads only the rows within it.
fn statement(level: Level, dimension: Option<Dimension>, only: Only<'_>) -> (String, String) {
    let (table, dimension) = (level.table(), name_of(dimension));
    let (when, limit) = match only {
        Only::All => ("m.starts_at >= w.column2 AND m.starts_at < w.column3", String::new()),
        Only::Most(most) => ("m.starts_at >= w.column2 AND m.starts_at < w.column3", format!(" LIMIT {most}")),
        // With the start, the part is found in the key.
        Only::Part(_) => ("m.starts_at = w.column2 AND m.part = w.column5", String::new()),
    };
    (
        "SELECT w.column1, m.starts_at, m.part, m.amounts FROM (VALUES".to_owned(),
        format!(") AS w CROSS JOIN {table} m WHERE m.tenant_id = w.column4 AND m.dimension = '{dimension}' AND {when}{limit}"),
    )
}

/// The first and the last quarter of an hour of a company in which anything was counted.
pub(crate) async fn edges(tx: &mut Tx, tenant: Uuid) -> Result<Option<(Ts, Ts)>> {
    // SQLite goes to the end of an index only for one of them at a time.
    let sql = "SELECT (SELECT MIN(starts_at) FROM dws_quarter WHERE tenant_id = $1 AND dimension = ''), \
               (SELECT MAX(starts_at) FROM dws_quarter WHERE tenant_id = $1 AND dimension = '')";
    let (first, last): (Option<i64>, Option<i64>) = q!(tx, |c| sqlx::query_as(sql).bind(tenant).fetch_one(c).await)?;
    Ok(first.zip(last).map(|(first, last)| (Ts(first), Ts(last))))
}

/// Merges amounts into the stored rows.
pub(crate) async fn merge<'c>(tx: &mut Tx, changes: impl Iterator<Item = (Level, SumKey<'c>, &'c Tally)>) -> Result<()> {
    let mut levels: BTreeMap<Level, Vec<(SumKey<'_>, &Tally)>> = BTreeMap::new();
    for (level, key, by) in changes.filter(|(.., by)| !by.is_nothing()) {
        levels.entry(level).or_default().push((key, by));
    }
    for (level, changes) in levels {
        let packed = Packed::load(tx, level, changes.iter().map(|(key, _)| key)).await?;
        let keys: Vec<_> = changes.iter().filter(|(key, _)| !packed.holds(key)).map(|(key, _)| values(key)).collect();
        let stored: Vec<Stored> = bulk::look_up(tx, "tenant_id, dimension, starts_at, part, amounts", level.table(), KEY, &keys).await?;
        let before: HashMap<_, _> =
            stored.iter().map(|row| ((row.tenant_id, row.dimension.as_str(), row.starts_at, row.part.as_str()), row.amounts.as_slice())).collect();
        let mut rows = BTreeMap::new();
        for (key, by) in changes {
            let (tenant, dimension, at, part) = key;
            let before = packed.get(&key)?.or_else(|| before.get(&(tenant, name_of(dimension), at.0, part)).copied());
            let mut tally = before.map(Tally::unpack).transpose()?.unwrap_or_default();
            tally.merge(by);
            rows.insert(key, tally);
        }
        replace(tx, level, &rows, packed).await?;
    }
    Ok(())
}

/// Writes rows; those without amounts are deleted.
pub(crate) async fn write<T: Borrow<Tally> + Sync>(tx: &mut Tx, level: Level, rows: &BTreeMap<SumKey<'_>, T>) -> Result<()> {
    let packed = Packed::load(tx, level, rows.keys()).await?;
    replace(tx, level, rows, packed).await
}

/// Writes rows, in the order of their keys, so that neighbours are on the same page, and into the days that are packed.
async fn replace<T: Borrow<Tally> + Sync>(tx: &mut Tx, level: Level, rows: &BTreeMap<SumKey<'_>, T>, mut packed: Packed) -> Result<()> {
    let rows = || rows.iter().map(|(key, tally)| (key, tally.borrow()));
    for (key, tally) in rows() {
        packed.put(key, tally);
    }
    packed.save(tx).await?;
    let amounts: Vec<_> = rows().filter(|(key, tally)| !tally.is_empty() && !packed.holds(key)).map(|(key, tally)| (key, tally.pack())).collect();
    let written: Vec<_> = amounts.iter().map(|(key, amounts)| [values(key), vec![Value::Bytes(Some(amounts))]].concat()).collect();
    let tail = format!("ON CONFLICT ({KEY}) DO UPDATE SET amounts = excluded.amounts");
    bulk::execute(tx, &format!("INSERT INTO {} ({KEY}, amounts) VALUES", level.table()), &written, &tail).await?;
    let gone: Vec<_> = rows().filter(|(_, tally)| tally.is_empty()).map(|(key, _)| values(key)).collect();
    bulk::execute(tx, &format!("DELETE FROM {} WHERE ({KEY}) IN (VALUES", level.table()), &gone, ")").await.map(drop)
}

/// Deletes what begins in a window, packed or not.
pub(crate) async fn delete(tx: &mut Tx, which: Which, window: Window) -> Result<()> {
    let (_, level, _) = which;
    delete_from(tx, level.table(), which, window).await?;
    if level == Level::Day { delete_from(tx, packed::TABLE, which, window).await } else { Ok(()) }
}

async fn delete_from(tx: &mut Tx, table: &str, (tenant, _, dimension): Which, window: Window) -> Result<()> {
    let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND dimension = $2 AND starts_at >= $3 AND starts_at < $4");
    let values = [Value::Uuid(tenant), Value::Text(Some(name_of(dimension))), Value::Int(Some(window.from.0)), Value::Int(Some(window.to.0))];
    bulk::run(tx, sql, &values).await.map(drop)
}

const KEY: &str = "tenant_id, dimension, starts_at, part";

fn values<'p>((tenant, dimension, at, part): &SumKey<'p>) -> Vec<Value<'p>> {
    vec![Value::Uuid(*tenant), Value::Text(Some(name_of(*dimension))), Value::Int(Some(at.0)), Value::Text(Some(part))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_is_portable_and_names_the_company() {
        for only in [Only::All, Only::Part("que_1"), Only::Most(7)] {
            let (head, tail) = statement(Level::Day, Some(Dimension::Queue), only);
            let sql = head + &tail;
            assert!(sql.contains("m.tenant_id = w.column4 AND m.dimension = 'queue'"), "{sql}");
            assert!(["::", "%", " / ", "LIKE"].iter().all(|word| !sql.contains(word)), "{sql}");
        }
    }
}
