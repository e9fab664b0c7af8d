//! Amounts by minute and all parts, as they are given back, and what changes in the sums over time and by part when one of them does.

use std::collections::{BTreeSet, HashMap};

use db::{
    Error, Result, Tx,
    bulk::{self, Value},
};
use domain::{dimension::Dimension, id::TenantId, time::Ts};
use uuid::Uuid;

use crate::{
    changes::Changes,
    definition::{DEFINITIONS, Measure, column},
    event::Directory,
    extremes,
    portable::run::AmountRow,
    store,
};

/// Which amount it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AmountKey {
    /// The company.
    pub tenant: Uuid,
    /// The name of the cell.
    pub cell: String,
    /// The minute.
    pub starts_at: i64,
    /// The parts, in the order of [`Dimension::EACH`]; empty where there is none.
    pub parts: [String; Dimension::EACH.len()],
}

/// An amount that came, changed or went.
pub(super) struct Amount<'k> {
    pub(super) key: &'k AmountKey,
    pub(super) amount: Option<i64>,
}

impl AmountKey {
    fn values(&self) -> Vec<Value<'_>> {
        let head = [Value::Uuid(self.tenant), Value::Text(Some(&self.cell)), Value::Int(Some(self.starts_at))];
        head.into_iter().chain(self.parts.iter().map(|part| Value::Text(Some(part)))).collect()
    }
}

/// The name of the layer: the amounts of all measures, by minute.
pub const AMOUNTS: &str = "dws_amount";

/// The columns by which an amount is known, in their order.
pub fn key() -> Vec<&'static str> {
    ["tenant_id", "cell", "starts_at"].into_iter().chain(Dimension::EACH.map(column)).collect()
}

fn columns() -> String {
    key().join(", ")
}

/// Stores amounts, and merges the differences into minutes, quarters of an hour and days. Returns the companies whose numbers changed.
pub(super) async fn save(tx: &mut Tx, amounts: Vec<Amount<'_>>, directory: &Directory) -> Result<BTreeSet<TenantId>> {
    let cells: HashMap<&str, usize> = DEFINITIONS.cells.iter().enumerate().map(|(place, cell)| (cell.name.as_str(), place)).collect();
    let before = read_stored(tx, &amounts).await?;
    let mut changes = Changes::default();
    for Amount { key, amount } in &amounts {
        let cell = *cells.get(key.cell.as_str()).ok_or_else(|| Error::Corrupt(format!("an amount of {}", key.cell)))?;
        changes.cells.amount((key.tenant, cell), Ts(key.starts_at), &key.parts, (before.get(*key).copied(), *amount), directory);
    }
    let columns = columns();
    let written: Vec<_> = amounts.iter().filter_map(|one| Some([one.key.values(), vec![Value::Int(Some(one.amount?))]].concat())).collect();
    let tail = format!("ON CONFLICT ({columns}) DO UPDATE SET amount = excluded.amount");
    bulk::execute(tx, &format!("INSERT INTO outside_amount ({columns}, amount) VALUES"), &written, &tail).await?;
    let gone: Vec<_> = amounts.iter().filter(|one| one.amount.is_none()).map(|one| one.key.values()).collect();
    bulk::execute(tx, &format!("DELETE FROM outside_amount WHERE ({columns}) IN (VALUES"), &gone, ")").await?;
    store::save(tx, &changes).await?;
    extremes::look_up_again(tx, &changes.cells.taken_back, directory, extreme).await?;
    Ok(changes.tenants())
}

/// The stored amounts of the same cells and minutes.
async fn read_stored(tx: &mut Tx, amounts: &[Amount<'_>]) -> Result<HashMap<AmountKey, i64>> {
    let places: BTreeSet<(Uuid, &str, i64)> = amounts.iter().map(|one| (one.key.tenant, one.key.cell.as_str(), one.key.starts_at)).collect();
    let places: Vec<_> = places.into_iter().map(|(tenant, cell, at)| vec![Value::Uuid(tenant), Value::Text(Some(cell)), Value::Int(Some(at))]).collect();
    let head = format!("SELECT {}, amount FROM outside_amount WHERE (tenant_id, cell, starts_at) IN (VALUES", columns());
    let rows: Vec<AmountRow> = bulk::select(tx, &head, &places, ")").await?;
    let of = |row: AmountRow| {
        let parts = row.parts().map(str::to_owned);
        (AmountKey { tenant: row.tenant_id, cell: row.cell, starts_at: row.starts_at, parts }, row.amount)
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The query for an extreme of the stored amounts of a measure, in a stretch of time, by part of a dimension or as a whole.
fn extreme(measure: &Measure, dimension: &str) -> String {
    let (part, tail) = if dimension.is_empty() { ("''".to_owned(), String::new()) } else { (dimension.to_owned(), format!(" GROUP BY {dimension}")) };
    let (most, key) = (measure.kind.merge().sql(), &measure.key);
    format!(
        "SELECT {part} AS part, {most}(amount) AS amount FROM outside_amount WHERE tenant_id = $1 AND cell = '{key}' AND starts_at >= $2 AND starts_at < $3{tail}"
    )
}
