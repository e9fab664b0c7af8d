//! Reads a spreadsheet: CSV in UTF-8, UTF-16 or the encoding Excel uses in China, or a workbook.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use calamine::{DataRef, Reader as _, Xlsx};
use domain::{graphemes, refusal::Code};
use http_kit::{problem::Problem, spreadsheet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::unpacked::{self, UnpackError};
use crate::goods::fields::{CellFault, Column};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most rows of goods.
pub const MAX_ROWS: usize = 1000;
/// The most columns that are read.
const MAX_COLUMNS: u32 = 64;
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

/// Reads a file, whatever its name says it is.
pub fn read(bytes: &[u8]) -> Result<Table, Problem> {
    if bytes.starts_with(b"PK\x03\x04") {
        return table(workbook(bytes)?, Vec::new(), str::to_owned);
    }
    let unreadable = || file_problem(Code::ImportUnreadable, "the file is neither a CSV in UTF-8 or GBK nor an .xlsx workbook");
    let text = spreadsheet::text(bytes).filter(|text| !text.contains('\0')).ok_or_else(unreadable)?;
    let mut bad = Vec::new();
    let rows = records(&text, &mut bad)?;
    table(rows, bad, |cell| spreadsheet::plain(cell).to_owned())
}

/// The line on which a quotation mark is opened and never closed.
fn open_quote(text: &str) -> Option<u64> {
    let (mut line, mut opened) = (1, None);
    for c in text.chars() {
        match c {
            '"' => opened = if opened.is_some() { None } else { Some(line) },
            '\n' => line += 1,
            _ => {}
        }
    }
    opened
}

/// The delimiter: comma, semicolon or tab, whichever the header contains most often.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| head.bytes().filter(|b| b == byte).count()).unwrap_or(b',')
}

type Record = (u64, Vec<String>);

fn records(text: &str, bad: &mut Vec<BadCell>) -> Result<Vec<Record>, Problem> {
    if let Some(line) = open_quote(text) {
        bad.push(BadCell::new(line, None, CellFault::QuoteOpen, text.lines().nth(usize::try_from(line - 1).unwrap_or_default()).unwrap_or_default()));
        return Ok(text.lines().next().map(|head| vec![(1, head.split(char::from(delimiter(text))).map(str::to_owned).collect())]).unwrap_or_default());
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let (mut rows, mut line, mut counted) = (Vec::new(), 1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| file_problem(Code::ImportUnreadable, error.to_string()))?;
        // A record begins after the line ends that precede it.
        let said = record.position().map_or(counted, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
        let begins = text.bytes().skip(said).take_while(|byte| matches!(byte, b'\r' | b'\n')).count() + said;
        line += text.bytes().take(begins).skip(counted).filter(|byte| *byte == b'\n').count() as u64;
        counted = begins;
        rows.push((line, record.iter().map(str::to_owned).collect()));
        if rows.len() > MAX_ROWS + 1 {
            return Err(too_many());
        }
    }
    Ok(rows)
}

fn too_many() -> Problem {
    file_problem(Code::ImportTooMany, format!("at most {MAX_ROWS} rows"))
}

fn workbook(bytes: &[u8]) -> Result<Vec<Record>, Problem> {
    unpacked::check(bytes).map_err(|error| match error {
        UnpackError::Broken(error) => file_problem(Code::ImportUnreadable, error.to_string()),
        UnpackError::TooMuch => file_problem(Code::ImportTooLargeUnpacked, error.to_string()),
    })?;
    let unreadable = |error: calamine::XlsxError| file_problem(Code::ImportUnreadable, error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned().ok_or_else(|| file_problem(Code::ImportNoRows, "the workbook has no sheet"))?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut bytes = 0;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let ((row, column), text) = (cell.get_position(), cell_text(cell.get_value()));
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        bytes += text.len();
        let row = rows.entry(row).or_default();
        row.resize(row.len().max(column as usize + 1), String::new());
        if let Some(place) = row.get_mut(column as usize) {
            *place = text;
        }
        if rows.len() > MAX_ROWS + 1 {
            return Err(too_many());
        }
        if bytes > MAX_TEXT_BYTES {
            return Err(file_problem(Code::ImportTooLargeUnpacked, "the cells can have at most 4 MB of text in total; split the rows into two files"));
        }
    }
    // A workbook omits empty cells, so every row is made as wide as the header.
    let width = rows.values().next().map_or(0, Vec::len);
    let wide = |mut row: Vec<String>| {
        row.resize(row.len().max(width), String::new());
        row
    };
    Ok(rows.into_iter().map(|(at, row)| (u64::from(at) + 1, wide(row))).collect())
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        // This is the shortest text of the number: 2999.9 is not 2999.900000000001.
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn table(rows: Vec<Record>, mut bad: Vec<BadCell>, plain: impl Fn(&str) -> String) -> Result<Table, Problem> {
    let is_blank = |cells: &[String]| cells.iter().all(|cell| cell.trim().is_empty());
    let mut rows = rows.into_iter().filter(|(_, cells)| !is_blank(cells));
    let (_, head) = rows.next().ok_or_else(|| file_problem(Code::ImportNoRows, "the file is empty"))?;
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
    for (line, cells) in rows {
        if cells.len() != columns.len() && cells.get(columns.len()..).is_none_or(|more| !is_blank(more)) {
            bad.push(BadCell::new(line, None, CellFault::CellCount, &cells.join(" ")));
            continue;
        }
        let known = columns.iter().zip(&cells).filter_map(|(column, cell)| column.map(|column| (column, plain(cell).replace("\r\n", "\n"))));
        let row = Row { line, cells: known.collect() };
        bad.extend(
            row.cells.iter().filter(|(_, cell)| cell.len() > MAX_CELL_BYTES).map(|(column, cell)| BadCell::new(line, Some(*column), CellFault::TooLong, cell)),
        );
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
    fn a_csv_is_read_as_people_write_it() {
        let plain = vec![(2, "g-1/远帆/2999".to_owned()), (3, "g-2/近山/5".to_owned())];
        let text = "编号,名称（中文）,价格\r\ng-1,远帆,2999\r\ng-2,近山,5\r\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            text.replace("\r\n", "\n").into_bytes(),
            text.replace(',', ";").into_bytes(),
            text.replace(',', "\t").into_bytes(),
            format!("{text}\r\n,,\r\n").into_bytes(),
            gbk.into_owned(),
            wide,
        ] {
            assert_eq!(cells(&bytes), plain);
        }
    }

    #[test]
    fn quotes_keep_commas_and_lines_together_and_lines_are_counted() {
        let text = "ID,Name (English),Price\ng-1,\"a, \"\"b\"\"\nc\",1\ng-2,d,2\n";
        assert_eq!(cells(text.as_bytes()), [(2, "g-1/a, \"b\"\nc/1".to_owned()), (4, "g-2/d/2".to_owned())]);
    }

    #[test]
    fn what_is_wrong_with_a_table_names_its_line() {
        for (text, line, column, fault) in [
            ("ID,Price\ng-1,1\ng-2\n", 3, None, CellFault::CellCount),
            ("ID,Price\ng-1,1,2\n", 2, None, CellFault::CellCount),
            ("ID,Price\ng-1,1\ng-2,\"2\n", 3, None, CellFault::QuoteOpen),
            ("ID,Price\ng-1,1\n g-1 ,2\n", 3, Some(Column::Id), CellFault::IdTwice),
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

    #[test]
    fn a_workbook_is_read_like_the_text() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        for (at, head) in (0..).zip(["ID", "Name (English)", "Price", "Stock", "Note"]) {
            page.write_string(0, at, head).unwrap();
        }
        page.write_string(1, 0, "g-1").unwrap();
        page.write_number(1, 2, 2999.9).unwrap();
        page.write_number(1, 3, 12.0).unwrap();
        page.write_string(3, 1, "=x").unwrap();
        let table = read(&book.save_to_buffer().unwrap()).unwrap();
        let told: Vec<(u64, Vec<&str>)> = table.rows.iter().map(|row| (row.line, row.cells.values().map(String::as_str).collect())).collect();
        assert_eq!(told, [(2, vec!["g-1", "", "2999.9", "12"]), (4, vec!["", "=x", "", ""])]);
        assert_eq!(table.ignored, ["Note"]);
    }
}
