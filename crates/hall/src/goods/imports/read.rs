//! Reads a file of goods.

use std::collections::{BTreeMap, BTreeSet};

use domain::{graphemes, refusal::Code};
use http_kit::problem::Problem;
use serde::{Deserialize, Serialize};
use tables::{Most, TableError};
use utoipa::ToSchema;

use crate::goods::fields::{CellFault, Column};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most rows of goods.
pub const MAX_ROWS: usize = 1000;
/// The longest cell, in bytes: a description in two languages fits.
const MAX_CELL_BYTES: usize = 32 * 1024;
/// The most text in all cells of a workbook together, in bytes.
const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// How much of a wrong cell is reported, in characters.
const TOLD: usize = 60;

/// A wrong cell, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BadCell {
    /// The line of the file on which its row begins, counting from 1; the header is line 1.
    pub line: u64,
    /// The column; `null` if the whole row is wrong.
    #[schema(required)]
    pub column: Option<Column>,
    /// What is wrong with the cell.
    pub fault: CellFault,
    /// The content of the cell, at most 60 characters.
    pub text: String,
}

impl BadCell {
    /// A wrong cell of a row.
    pub fn new(line: u64, column: Option<Column>, fault: CellFault, text: &str) -> Self {
        Self { line, column, fault, text: graphemes::within(text, TOLD).to_owned() }
    }
}

/// A row of goods as it is in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The content of the known columns.
    pub cells: BTreeMap<Column, String>,
}

/// The content of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The rows of the file.
    pub rows: Vec<Row>,
    /// Column headings that are not known.
    pub ignored: Vec<String>,
    /// What is wrong with it as a table.
    pub bad: Vec<BadCell>,
}

fn file_problem(code: Code, title: impl Into<String>) -> Problem {
    Problem::invalid("file", code, title)
}

fn unreadable(error: &TableError) -> Problem {
    let code = match error {
        TableError::Unreadable | TableError::Broken(_) => Code::ImportUnreadable,
        TableError::Empty => Code::ImportNoRows,
        TableError::TooManyRows { .. } => Code::ImportTooMany,
        TableError::TooLargeUnpacked | TableError::TooMuchText(_) => Code::ImportTooLargeUnpacked,
    };
    file_problem(code, error.to_string())
}

/// Reads a file, whatever its name says it is.
pub fn read(bytes: &[u8]) -> Result<Table, Problem> {
    let most = Most { rows: MAX_ROWS, text_bytes: MAX_TEXT_BYTES };
    let tables::Table { head, rows, open_quote } = tables::read(bytes, most).map_err(|error| unreadable(&error))?;
    let mut bad: Vec<BadCell> = open_quote.iter().map(|(line, text)| BadCell::new(*line, None, CellFault::QuoteOpen, text)).collect();
    let columns: Vec<Option<Column>> = head.iter().map(|name| Column::with_heading(name)).collect();
    let known: Vec<Column> = columns.iter().flatten().copied().collect();
    if let Some(twice) = known.iter().enumerate().find(|(at, column)| known[..*at].contains(column)) {
        return Err(file_problem(Code::ImportColumnTwice, format!("the column {} appears twice", twice.1.spec().heads.1)));
    }
    if !known.contains(&Column::Id) && !known.contains(&Column::NameZh) && !known.contains(&Column::NameEn) {
        return Err(file_problem(Code::ImportNoColumns, "the first line has no column for the id or the name; an export shows the column headings"));
    }
    let ignored =
        head.iter().zip(&columns).filter(|(name, column)| column.is_none() && !name.trim().is_empty()).map(|(name, _)| name.trim().to_owned()).collect();
    let mut read = Vec::new();
    for row in rows {
        if !row.fits(&head) {
            bad.push(BadCell::new(row.line, None, CellFault::CellCount, &row.cells.join(" ")));
            continue;
        }
        let without = row.bad.iter().filter_map(|at| Some((columns.get(*at).copied().flatten()?, row.cells.get(*at)?)));
        bad.extend(without.map(|(column, cell)| BadCell::new(row.line, Some(column), CellFault::NoValue, cell)));
        let known = columns.iter().zip(row.cells).filter_map(|(column, cell)| column.map(|column| (column, cell)));
        let row = Row { line: row.line, cells: known.collect() };
        let too_long = row.cells.iter().filter(|(_, cell)| cell.len() > MAX_CELL_BYTES);
        bad.extend(too_long.map(|(column, cell)| BadCell::new(row.line, Some(*column), CellFault::TooLong, cell)));
        read.push(row);
    }
    if read.is_empty() && bad.is_empty() {
        return Err(file_problem(Code::ImportNoRows, "there are no rows below the header"));
    }
    bad.extend(twice(&read));
    Ok(Table { rows: read, ignored, bad })
}

/// Rows whose id an earlier row already has.
fn twice(rows: &[Row]) -> Vec<BadCell> {
    let mut seen = BTreeSet::new();
    let id = |row: &Row| row.cells.get(&Column::Id).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    let again = rows.iter().filter_map(|row| id(row).map(|id| (row.line, id))).filter(|(_, id)| !seen.insert(id.clone()));
    again.map(|(line, id)| BadCell::new(line, Some(Column::Id), CellFault::IdTwice, &id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(u64, String)> {
        let table = read(bytes).unwrap();
        assert_eq!(table.bad, []);
        table.rows.iter().map(|row| (row.line, row.cells.values().cloned().collect::<Vec<_>>().join("/"))).collect()
    }

    #[test]
    fn columns_are_known_by_their_headings_in_either_language() {
        for text in [
            "编号,名称（中文）,价格\r\ng-1,远帆,2999\r\n",
            "編號;名稱（中文）;價格\r\ng-1;远帆;2999\r\n",
            "ID\tName (Chinese)\tPrice\r\ng-1\t远帆\t2999\r\n",
            "\u{200b}ID,NAME（Chinese）,\u{feff}price\ng-1,远帆,2999\n",
        ] {
            assert_eq!(cells(text.as_bytes()), [(2, "g-1/远帆/2999".to_owned())], "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_table_names_its_line() {
        for (text, line, column, fault) in [
            ("ID,Price\ng-1,1\ng-2\n", 3, None, CellFault::CellCount),
            ("ID,Price\ng-1,1,2\n", 2, None, CellFault::CellCount),
            ("ID,Price\ng-1,1\ng-2,\"2\n", 3, None, CellFault::QuoteOpen),
            ("ID,Price\ng-1,1\n g-1 ,2\n", 3, Some(Column::Id), CellFault::IdTwice),
            ("ID,Name (English),Note\ng-1,#REF!,#N/A\n", 2, Some(Column::NameEn), CellFault::NoValue),
        ] {
            let bad = read(text.as_bytes()).unwrap().bad;
            assert_eq!(bad.iter().map(|bad| (bad.line, bad.column, bad.fault)).collect::<Vec<_>>(), [(line, column, fault)], "{text}");
        }
    }

    #[test]
    fn what_is_no_table_of_goods_is_refused() {
        let rows: String = (0..=MAX_ROWS).map(|n| format!("g-{n}\n")).collect();
        for (bytes, code) in [
            (b"".to_vec(), Code::ImportNoRows),
            (b"\n\n".to_vec(), Code::ImportNoRows),
            (b"ID,Price\n".to_vec(), Code::ImportNoRows),
            (b"colour,size\nred,2\n".to_vec(), Code::ImportNoColumns),
            (b"ID,Price,price\n1,2,3\n".to_vec(), Code::ImportColumnTwice),
            (b"ID\0\ng-1\n".to_vec(), Code::ImportUnreadable),
            (b"ID\n\xff\xff\xff\n".to_vec(), Code::ImportUnreadable),
            (b"PK\x03\x04 no book".to_vec(), Code::ImportUnreadable),
            (format!("ID\n{rows}").into_bytes(), Code::ImportTooMany),
        ] {
            assert_eq!(read(&bytes).unwrap_err().code, code);
        }
    }
}
