//! Reads the first sheet of a workbook that can be seen.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use normal::decimal;

use crate::{Most, Row, TableError, cell, unpacked};

/// The most columns that are read.
const MAX_COLUMNS: u32 = 64;

/// The rows of the first visible sheet of cells that are not empty, all as wide as the first: a workbook omits empty cells.
pub fn rows(bytes: &[u8], most: Most) -> Result<Vec<Row>, TableError> {
    unpacked::check(bytes)?;
    let broken = |error: XlsxError| TableError::Broken(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let seen = book.sheets_metadata().iter().find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let name = seen.ok_or_else(|| TableError::Broken("the workbook has no visible sheet of cells".to_owned()))?.name.clone();
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    let mut bytes = 0;
    while let Some(next) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let ((at, column), text) = (next.pos, text(&next.value));
        // Programs that write workbooks may leave the results of formulas to the spreadsheet.
        let is_bad = matches!((&next.value, next.formula), (DataRef::Error(_), _) | (DataRef::Empty, Some(_)));
        if (text.trim().is_empty() && !is_bad) || column >= MAX_COLUMNS {
            continue;
        }
        bytes += text.len();
        let row = rows.entry(at).or_insert_with(|| Row { line: u64::from(at) + 1, cells: Vec::new(), bad: Vec::new() });
        let column = column as usize;
        row.cells.resize(row.cells.len().max(column + 1), String::new());
        if let Some(place) = row.cells.get_mut(column) {
            *place = text;
        }
        if is_bad {
            row.bad.push(column);
        }
        // The first of them is the header.
        if rows.len() > most.rows + 1 {
            return Err(TableError::TooManyRows { most: most.rows, line: u64::from(at) + 1 });
        }
        if bytes > most.text_bytes {
            return Err(TableError::TooMuchText(most.text_bytes));
        }
    }
    let width = rows.values().next().map_or(0, |head| head.cells.len());
    let wide = |mut row: Row| {
        row.cells.resize(row.cells.len().max(width), String::new());
        row
    };
    Ok(rows.into_values().map(wide).collect())
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

/// A day, a day with its time, or a time, as ISO 8601 writes them; a duration in hours, minutes and seconds.
fn time(at: &ExcelDateTime) -> String {
    let days = at.as_f64();
    if at.is_datetime() && days >= 1.0 {
        let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
        let date = format!("{year:04}-{month:02}-{day:02}");
        return if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") };
    }
    // No date is below one day: it is a time, or as long as something takes.
    let seconds = (days.abs() * 86_400.0).round();
    let (sign, minutes) = (if days < 0.0 { "-" } else { "" }, (seconds / 60.0).floor());
    let (hour, minute, second) = ((minutes / 60.0).floor(), minutes % 60.0, seconds % 60.0);
    if second == 0.0 { format!("{sign}{hour:02}:{minute:02}") } else { format!("{sign}{hour:02}:{minute:02}:{second:02}") }
}
