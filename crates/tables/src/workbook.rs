//! Reads the first sheet of a workbook.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use normal::decimal;

use crate::{Most, Row, TableError, cell, unpacked};

/// The most columns that are read.
const MAX_COLUMNS: u32 = 64;

/// The rows of the first sheet that are not empty, all as wide as the first: a workbook omits empty cells.
pub fn rows(bytes: &[u8], most: Most) -> Result<Vec<Row>, TableError> {
    unpacked::check(bytes)?;
    let broken = |error: XlsxError| TableError::Broken(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = book.sheet_names().first().cloned().ok_or(TableError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut bytes = 0;
    while let Some(next) = cells.next_cell().map_err(broken)? {
        let ((at, column), text) = (next.get_position(), text(next.get_value()));
        if text.trim().is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        bytes += text.len();
        let row = rows.entry(at).or_default();
        row.resize(row.len().max(column as usize + 1), String::new());
        if let Some(place) = row.get_mut(column as usize) {
            *place = text;
        }
        // The first of them is the header.
        if rows.len() > most.rows + 1 {
            return Err(TableError::TooManyRows { most: most.rows, line: line(at) });
        }
        if bytes > most.text_bytes {
            return Err(TableError::TooMuchText(most.text_bytes));
        }
    }
    let width = rows.values().next().map_or(0, Vec::len);
    let wide = |(at, mut cells): (u32, Vec<String>)| {
        cells.resize(cells.len().max(width), String::new());
        Row { line: line(at), cells }
    };
    Ok(rows.into_iter().map(wide).collect())
}

fn line(row: u32) -> u64 {
    u64::from(row) + 1
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => decimal::of_number(*n),
        DataRef::String(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(at) => time(at),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day, or a day with its time, as ISO 8601 writes them; a duration in days.
fn time(at: &ExcelDateTime) -> String {
    if !at.is_datetime() {
        return decimal::of_number(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}
