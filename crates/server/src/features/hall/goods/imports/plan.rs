//! Works out what a table would do to the catalogue as it is, without changing anything.

use std::collections::{HashMap, HashSet};

use domain::{
    goods::{self, GoodsError, GoodsState, PriceError, Product},
    revision::Revision,
    time::Ts,
};
use sha2::{Digest as _, Sha256};
use store::goods::{Kept, Version};

use super::read::{BadCell, CellFault, Row, Table};
use service::catalogue::Catalogue;

use crate::features::hall::goods::{
    create::drawing,
    sheet::{self, Column},
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

/// Works out what a table does. New products without an id get the numbers after `last`, the last one that was given.
pub fn plan(table: &Table, catalogue: &Catalogue, versions: &[Version], last: i64, now: Ts) -> Plan {
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
        match product(row, id, before, catalogue) {
            Err(bad) => plan.bad.extend(bad),
            Ok((product, state)) if before.is_some_and(|before| before.product == product && before.state == state) => plan.unchanged += 1,
            Ok((product, state)) => {
                let updated_at = changed.get(product.id.as_str()).map_or(now, |at| Revision(*at).next(now));
                let kept = Kept { product, state, updated_at, deleted_at: None };
                let columns = before.map(|before| differing(before, &kept)).unwrap_or_default();
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
        let id = goods::numbered(*last);
        if !taken(&id) {
            return id;
        }
    }
}

fn differing(before: &Kept, after: &Kept) -> Vec<Column> {
    let (a, b) = (&before.product, &after.product);
    let differs = |column: &Column| match column {
        Column::Id => false,
        Column::Category => a.category != b.category,
        Column::NameZh => a.name.zh != b.name.zh,
        Column::NameEn => a.name.en != b.name.en,
        Column::Price => a.price_fen != b.price_fen,
        Column::Stock => a.stock != b.stock,
        Column::State => before.state != after.state,
        Column::Tags => a.tags != b.tags,
        Column::PointsZh => a.selling_points.zh != b.selling_points.zh,
        Column::PointsEn => a.selling_points.en != b.selling_points.en,
        Column::DescriptionZh => a.description.zh != b.description.zh,
        Column::DescriptionEn => a.description.en != b.description.en,
        Column::Properties => a.attributes != b.attributes,
        Column::Drawing => a.illustration != b.illustration,
    };
    Column::EACH.into_iter().filter(differs).collect()
}

/// The product of a row: fields for which the file has no column stay as they are, or get the defaults of new products.
fn product(row: &Row, id: String, before: Option<&Kept>, catalogue: &Catalogue) -> Result<(Product, GoodsState), Vec<BadCell>> {
    let mut cells = Cells { row, bad: Vec::new() };
    let old = before.map(|kept| kept.product.clone()).unwrap_or_default();
    let mut state = before.map_or(GoodsState::Draft, |kept| kept.state);
    let mut product = Product { id, ..old };
    let of_category = |raw: &str| sheet::category_of(&catalogue.frame, raw).map(str::to_owned);
    cells.read(Column::Category, &mut product.category, |raw| of_category(raw).ok_or(CellFault::Category));
    cells.read(Column::NameZh, &mut product.name.zh, |raw| Ok(raw.trim().to_owned()));
    cells.read(Column::NameEn, &mut product.name.en, |raw| Ok(raw.trim().to_owned()));
    cells.read(Column::Price, &mut product.price_fen, price);
    cells.read(Column::Stock, &mut product.stock, |raw| goods::parse_stock(raw).map_err(|_| CellFault::Stock));
    cells.read(Column::State, &mut state, |raw| sheet::state_of(raw).ok_or(CellFault::State));
    cells.read(Column::Tags, &mut product.tags, |raw| Ok(raw.split([' ', ',', '，', '、', '\n']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()));
    cells.read(Column::PointsZh, &mut product.selling_points.zh, |raw| Ok(lines(raw)));
    cells.read(Column::PointsEn, &mut product.selling_points.en, |raw| Ok(lines(raw)));
    cells.read(Column::DescriptionZh, &mut product.description.zh, |raw| Ok(raw.to_owned()));
    cells.read(Column::DescriptionEn, &mut product.description.en, |raw| Ok(raw.to_owned()));
    cells.read(Column::Properties, &mut product.attributes, |raw| sheet::properties_of(raw).ok_or(CellFault::Properties));
    cells.read(Column::Drawing, &mut product.illustration, |raw| Ok(raw.trim().to_owned()));
    if product.illustration.is_empty() {
        product.illustration = drawing(catalogue, &product.category);
    }
    if before.is_none() && !row.cells.contains_key(&Column::Price) {
        cells.fault(Column::Price, CellFault::PriceMissing);
    }
    product.name_properties(|label| catalogue.property_key(label));
    if cells.bad.is_empty() {
        match product.check(catalogue.frame.category_ids()) {
            Ok(()) => return Ok((product, state)),
            Err(error) => {
                let (column, fault) = place(error, &product);
                cells.fault(column, fault);
            }
        }
    }
    Err(cells.bad)
}

struct Cells<'a> {
    row: &'a Row,
    bad: Vec<BadCell>,
}

impl Cells<'_> {
    /// Reads a cell into its field, if the file has the column.
    fn read<T>(&mut self, column: Column, into: &mut T, parse: impl FnOnce(&str) -> Result<T, CellFault>) {
        match self.row.cells.get(&column).map(|raw| parse(raw)) {
            None => {}
            Some(Ok(value)) => *into = value,
            Some(Err(fault)) => self.fault(column, fault),
        }
    }
    fn fault(&mut self, column: Column, fault: CellFault) {
        let text = self.row.cells.get(&column).map_or("", |cell| cell.trim());
        self.bad.push(BadCell::new(self.row.line, Some(column), fault, text));
    }
}

fn lines(raw: &str) -> Vec<String> {
    raw.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn price(raw: &str) -> Result<i64, CellFault> {
    if raw.trim().is_empty() {
        return Err(CellFault::PriceMissing);
    }
    goods::parse_price(raw).map_err(price_fault)
}

const fn price_fault(error: PriceError) -> CellFault {
    match error {
        PriceError::NotANumber => CellFault::PriceNotANumber,
        PriceError::Decimals => CellFault::PriceDecimals,
        PriceError::Negative => CellFault::PriceNegative,
        PriceError::TooHigh => CellFault::PriceTooHigh,
    }
}

/// The cell that a refusal is about.
fn place(error: GoodsError, product: &Product) -> (Column, CellFault) {
    match error {
        GoodsError::Id => (Column::Id, CellFault::Id),
        GoodsError::Category | GoodsError::CategoryName | GoodsError::CategoryDeceptive => (Column::Category, CellFault::Category),
        GoodsError::Name if product.name.zh.trim().is_empty() => (Column::NameEn, CellFault::Name),
        GoodsError::Name => (Column::NameZh, CellFault::Name),
        GoodsError::Price(error) => (Column::Price, price_fault(error)),
        GoodsError::Stock | GoodsError::Reason => (Column::Stock, CellFault::Stock),
        GoodsError::Tags => (Column::Tags, CellFault::Tags),
        GoodsError::Illustration => (Column::Drawing, CellFault::Drawing),
        GoodsError::Attributes => (Column::Properties, CellFault::Properties),
        GoodsError::SellingPoints => (Column::PointsZh, CellFault::Points),
        GoodsError::Description => (Column::DescriptionZh, CellFault::Description),
    }
}
