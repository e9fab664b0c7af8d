//! Days that are over, packed: one row holds all parts of a day in a dimension, so that a year is read with as many rows as it has days. A day is stored in one
//! way only: by part in `dws_day`, or packed. What comes late changes a packed day where it is.

use crate::{sums::every_dimension, sums::name_of};
use std::collections::{BTreeMap, BTreeSet};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
    row,
};
use domain::{dimension::Dimension, time::Ts};
use integer_encoding::VarInt;
use uuid::Uuid;

use super::{Level, Only, SumKey, Which};
use crate::{tally::Tally, window::Window};

pub(super) const TABLE: &str = "dws_day_packed";
const KEY: &str = "tenant_id, dimension, starts_at";

row! { struct Stored { tenant_id: Uuid, dimension: String, starts_at: i64, parts: Vec<u8> } }

/// A day of a company in a dimension.
type DayKey = (Uuid, Option<Dimension>, Ts);
/// The parts of a day and their packed amounts.
type Parts = BTreeMap<String, Vec<u8>>;

/// Packed days that are being changed.
#[derive(Default)]
pub(super) struct Packed(BTreeMap<DayKey, PackedDay>);

#[derive(Default)]
struct PackedDay {
    parts: Parts,
    /// Whether there are more, which cannot be read.
    broken: bool,
    changed: bool,
}

impl Packed {
    /// Those of the days of these rows that are packed.
    pub(super) async fn load<'r>(tx: &mut Tx, level: Level, rows: impl Iterator<Item = &'r SumKey<'r>>) -> Result<Self> {
        let days: BTreeSet<_> = rows.filter(|(_, dimension, ..)| level == Level::Day && dimension.is_some()).map(day_of).collect();
        let keys: Vec<_> = days.iter().map(values).collect();
        let mut found = Self::default();
        for row in bulk::look_up::<Stored>(tx, &format!("{KEY}, parts"), TABLE, KEY, &keys).await? {
            let Some(dimension) = every_dimension().find(|dimension| name_of(*dimension) == row.dimension) else { continue };
            let mut day = PackedDay::default();
            for part in each(&row.parts) {
                match part {
                    Ok((part, amounts)) => drop(day.parts.insert(part.to_owned(), amounts.to_owned())),
                    Err(_) => day.broken = true,
                }
            }
            found.0.insert((row.tenant_id, dimension, Ts(row.starts_at)), day);
        }
        Ok(found)
    }

    /// Whether the day of a row is packed.
    pub(super) fn holds(&self, row: &SumKey<'_>) -> bool {
        self.0.contains_key(&day_of(row))
    }

    /// The packed amounts of a row; an error if its day cannot be read.
    pub(super) fn get(&self, row: &SumKey<'_>) -> Result<Option<&[u8]>> {
        let Some(day) = self.0.get(&day_of(row)) else { return Ok(None) };
        if day.broken { Err(corruption()) } else { Ok(day.parts.get(row.3).map(Vec::as_slice)) }
    }

    /// Replaces a row of a packed day; one without amounts goes. What cannot be read of the day is not kept.
    pub(super) fn put(&mut self, row: &SumKey<'_>, tally: &Tally) {
        let Some(day) = self.0.get_mut(&day_of(row)) else { return };
        if tally.is_empty() {
            day.parts.remove(row.3);
        } else {
            day.parts.insert(row.3.to_owned(), tally.pack());
        }
        day.changed = true;
    }

    /// Stores what was changed; days without parts are deleted.
    pub(super) async fn save(&self, tx: &mut Tx) -> Result<()> {
        let changed = || self.0.iter().filter(|(_, day)| day.changed).map(|(key, day)| (key, &day.parts));
        let packed: Vec<_> = changed().filter(|(_, parts)| !parts.is_empty()).map(|(key, parts)| (key, bytes_of(parts))).collect();
        let written: Vec<_> = packed.iter().map(|(key, parts)| [values(key), vec![Value::Bytes(Some(parts))]].concat()).collect();
        let tail = format!("ON CONFLICT ({KEY}) DO UPDATE SET parts = excluded.parts");
        bulk::execute(tx, &format!("INSERT INTO {TABLE} ({KEY}, parts) VALUES"), &written, &tail).await?;
        let gone: Vec<_> = changed().filter(|(_, parts)| parts.is_empty()).map(|(key, _)| values(key)).collect();
        bulk::execute(tx, &format!("DELETE FROM {TABLE} WHERE ({KEY}) IN (VALUES"), &gone, ")").await.map(drop)
    }
}

/// The first day of a company, from a time on, that is stored by part.
pub(crate) async fn first_unpacked(tx: &mut Tx, tenant: Uuid, from: Ts) -> Result<Option<Ts>> {
    let asked: Vec<_> = dimensions().map(|dimension| values(&(tenant, dimension, from))).collect();
    let head = "SELECT (SELECT MIN(m.starts_at) FROM dws_day m WHERE m.tenant_id = w.column1 AND m.dimension = w.column2 AND m.starts_at >= w.column3) \
                FROM (VALUES";
    let first = bulk::select::<(Option<i64>,)>(tx, head, &asked, ") AS w").await?;
    Ok(first.into_iter().filter_map(|(at,)| at.map(Ts)).min())
}

/// Packs the days of a company that begin in a window.
pub(crate) async fn pack(tx: &mut Tx, tenant: Uuid, window: Window) -> Result<()> {
    for dimension in dimensions() {
        pack_days(tx, (tenant, Level::Day, dimension), window).await?;
    }
    Ok(())
}

fn dimensions() -> impl Iterator<Item = Option<Dimension>> {
    every_dimension().filter(Option::is_some)
}

/// Packs the days that begin in a window; to what is packed already, the other parts are added.
async fn pack_days(tx: &mut Tx, which: Which, window: Window) -> Result<()> {
    let (tenant, _, dimension) = which;
    let rows = super::rows(tx, which, &[window], Only::All).await?;
    let keys: Vec<SumKey<'_>> = rows.iter().map(|(_, at, part, _)| (tenant, dimension, Ts(*at), part.as_str())).collect();
    let mut packed = Packed::load(tx, Level::Day, keys.iter()).await?;
    for (key, (.., amounts)) in keys.iter().zip(&rows) {
        let day = packed.0.entry(day_of(key)).or_default();
        day.parts.insert(key.3.to_owned(), amounts.clone());
        day.changed = true;
    }
    super::delete_from(tx, Level::Day.table(), which, window).await?;
    packed.save(tx).await
}

/// The packed days that begin in these pieces of time: number of the piece, start, parts.
pub(super) async fn within(tx: &mut Tx, dimension: Option<Dimension>, pieces: &[Vec<Value<'_>>]) -> Result<Vec<(i64, i64, Vec<u8>)>> {
    let tail = format!(
        ") AS w CROSS JOIN {TABLE} m WHERE m.tenant_id = w.column4 AND m.dimension = '{}' AND m.starts_at >= w.column2 AND m.starts_at < w.column3",
        name_of(dimension)
    );
    bulk::select(tx, "SELECT w.column1, m.starts_at, m.parts FROM (VALUES", pieces, &tail).await
}

/// Parts as bytes: of each the part and its amounts, both after their length, a variable-length integer.
/// Stores that exist are read by these rules: whoever changes them raises [`crate::rows::VERSION`].
fn bytes_of(parts: &Parts) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in parts.iter().flat_map(|(part, amounts)| [part.as_bytes(), amounts]) {
        bytes.extend(piece.len().encode_var_vec());
        bytes.extend(piece);
    }
    bytes
}

/// The parts from bytes, ascending, each with its amounts, which [`Tally::unpack`] reads.
pub fn each(mut bytes: &[u8]) -> impl Iterator<Item = Result<(&str, &[u8])>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let next = take(&mut bytes).and_then(|part| std::str::from_utf8(part).ok()).and_then(|part| Some((part, take(&mut bytes)?)));
        if next.is_none() {
            bytes = &[];
        }
        Some(next.ok_or_else(corruption))
    })
}

fn corruption() -> Error {
    Error::Corrupt("the parts of a day".to_owned())
}

fn take<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, read) = usize::decode_var(bytes)?;
    let (piece, rest) = bytes.get(read..)?.split_at_checked(length)?;
    *bytes = rest;
    Some(piece)
}

const fn day_of((tenant, dimension, at, _): &SumKey<'_>) -> DayKey {
    (*tenant, *dimension, *at)
}

fn values((tenant, dimension, at): &DayKey) -> Vec<Value<'static>> {
    vec![Value::Uuid(*tenant), Value::Text(Some(name_of(*dimension))), Value::Int(Some(at.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_are_the_parts() {
        let long = "p".repeat(200);
        let parts: Parts = [("", vec![1, 2]), ("que_1", vec![]), (long.as_str(), vec![9; 300])].map(|(part, amounts)| (part.to_owned(), amounts)).into();
        let bytes = bytes_of(&parts);
        let read: Vec<_> = each(&bytes).map(|part| part.unwrap()).collect();
        assert_eq!(read, parts.iter().map(|(part, amounts)| (part.as_str(), amounts.as_slice())).collect::<Vec<_>>());
        assert_eq!(each(&[]).count(), 0);
        for bytes in [&[1][..], &[1, 65], &[1, 65, 2, 0], &[1, 0xff, 0], &[0x80], &[255; 40]] {
            assert!(matches!(each(bytes).last(), Some(Err(Error::Corrupt(_)))), "{bytes:?}");
        }
    }
}
