//! Works out what a table would do to the catalogue as it is, without changing anything.

use std::collections::{HashMap, HashSet};

use content::goods::{self, GoodsState, Product};
use domain::{revision::Revision, time::Ts};
use service::catalogue::Catalogue;
use sha2::{Digest as _, Sha256};
use store_hall::goods::{Kept, Version};

use super::read::{BadCell, Row, Table};
use crate::goods::{
    fields::{CellFault, Column, place},
    forms::{complete, drawing},
    sheet::differing,
};

/// The change that a row makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The product as it will be.
    pub kept: Kept,
    /// The product as it is; `None` if it is new.
    pub before: Option<Kept>,
    /// The columns that differ.
    pub columns: Vec<Column>,
}

/// The changes that a table makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Wrong cells; nothing may be applied while there are any.
    pub bad: Vec<BadCell>,
    /// Products that are added or changed.
    pub changes: Vec<Change>,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// The ids that the table is about.
    pub ids: Vec<String>,
}

/// A fingerprint of what the plan is based on: the products it is about, and the categories. It changes with them.
pub fn fingerprint(ids: &[String], versions: &[Version], frame_at: Ts) -> String {
    let known: HashMap<&str, &Version> = versions.iter().map(|version| (version.id.as_str(), version)).collect();
    let mut hash = Sha256::new_with_prefix(frame_at.0.to_be_bytes());
    for id in ids {
        let (at, deleted) = known.get(id.as_str()).map_or((-1, false), |version| (version.updated_at.0, version.deleted));
        hash.update(id.as_bytes());
        hash.update([0, u8::from(deleted)]);
        hash.update(at.to_be_bytes());
    }
    hash.finalize().iter().take(16).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Works out what a table does. New products without an id get the numbers after `last`, the last one that was given. For members who may not set prices, a
/// price that differs is a wrong cell, and so is a state that puts a product on sale.
pub fn plan(table: &Table, catalogue: &Catalogue, versions: &[Version], last: i64, (now, sets_prices): (Ts, bool)) -> Plan {
    let mut plan = Plan { bad: table.bad.clone(), ..Plan::default() };
    let in_file: HashSet<&str> = table.rows.iter().filter_map(|row| Some(row.cells.get(&Column::Id)?.trim())).collect();
    let mut last = in_file.iter().copied().filter_map(goods::number_of).max().unwrap_or(0).max(last);
    let changed: HashMap<&str, Ts> = versions.iter().map(|version| (version.id.as_str(), version.updated_at)).collect();
    let known: HashMap<&str, &Kept> = catalogue.kept.iter().map(|kept| (kept.product.id.as_str(), kept)).collect();
    for row in &table.rows {
        let given = row.cells.get(&Column::Id).map_or("", |id| id.trim());
        let before = known.get(given).copied();
        let id = if given.is_empty() { next_id(&mut last, |id| changed.contains_key(id) || in_file.contains(id)) } else { given.to_owned() };
        plan.ids.push(id.clone());
        let read = product(row, id, before, catalogue).and_then(|kept| if sets_prices { Ok(kept) } else { at_prices_that_stand(row, before, kept) });
        match read {
            Err(bad) => plan.bad.extend(bad),
            Ok(kept) if before.is_some_and(|before| before.product == kept.product && before.state == kept.state) => plan.unchanged += 1,
            Ok(mut kept) => {
                kept.updated_at = changed.get(kept.product.id.as_str()).map_or(now, |at| Revision(*at).next(now));
                let columns = before.map(|before| differing(before, &kept, &catalogue.frame)).unwrap_or_default();
                plan.changes.push(Change { line: row.line, kept, before: before.cloned(), columns });
            }
        }
    }
    plan.bad.sort_by_key(|bad| (bad.line, bad.column));
    plan
}

/// The id after the last one that was given; ids that are already taken are skipped.
fn next_id(last: &mut i64, taken: impl Fn(&str) -> bool) -> String {
    loop {
        *last += 1;
        let id = goods::product_id(*last);
        if !taken(&id) {
            return id;
        }
    }
}

/// A wrong cell of a row.
fn bad_cell(row: &Row, column: Column, fault: CellFault) -> BadCell {
    BadCell::new(row.line, Some(column), fault, row.cells.get(&column).map_or("", |cell| cell.trim()))
}

/// The product of a row, unless a price would differ or something would be offered at one that was not.
fn at_prices_that_stand(row: &Row, before: Option<&Kept>, kept: Kept) -> Result<Kept, Vec<BadCell>> {
    let is_same_price = before.is_some_and(|before| before.product.price_fen == kept.product.price_fen);
    let is_put_on_sale = before.is_some_and(|before| kept.state.puts_on_sale(before.state));
    let mut bad = Vec::new();
    if !is_same_price {
        bad.push(bad_cell(row, Column::Price, CellFault::PriceNotPermitted));
    }
    if is_put_on_sale {
        bad.push(bad_cell(row, Column::State, CellFault::StateNotPermitted));
    }
    if bad.is_empty() { Ok(kept) } else { Err(bad) }
}

/// The product of a row: fields for which the file has no column stay as they are, or get the defaults of new products.
fn product(row: &Row, id: String, before: Option<&Kept>, catalogue: &Catalogue) -> Result<Kept, Vec<BadCell>> {
    let new = Kept { product: Product::default(), state: GoodsState::Draft, updated_at: Ts(0), deleted_at: None };
    let mut kept = before.cloned().unwrap_or(new);
    kept.product.id = id;
    let mut bad = Vec::new();
    for (column, cell) in &row.cells {
        if let Err(fault) = (column.spec().read)(&mut kept, cell, &catalogue.frame) {
            bad.push(bad_cell(row, *column, fault));
        }
    }
    if before.is_none() && !row.cells.contains_key(&Column::Price) {
        bad.push(bad_cell(row, Column::Price, CellFault::PriceMissing));
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    let product = &mut kept.product;
    if product.illustration.is_empty() {
        product.illustration = drawing(catalogue, &product.category);
    }
    if let Err(error) = complete(product, catalogue) {
        let (column, fault) = place(error, product);
        return Err(vec![bad_cell(row, column, fault)]);
    }
    Ok(kept)
}
