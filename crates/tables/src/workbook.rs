//! Reads the first sheet of a workbook that can be seen.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};
use normal::decimal;

use crate::formats::{Shown, is_telling, shown};
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
    let formats = Formats::read(&mut book, &name, most).map_err(broken)?;
    let is_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    let mut bytes = 0;
    while let Some(next) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let (at, column) = next.pos;
        let text = text(&next.value, formats.of(next.pos), is_1904);
        // Programs that write workbooks may leave the results of formulas to the spreadsheet.
        let is_bad = matches!((&next.value, next.formula), (DataRef::Error(_), _) | (DataRef::Empty, Some(_)));
        if (text.trim().is_empty() && !is_bad) || column >= MAX_COLUMNS {
            continue;
        }
        bytes += text.len();
        let row = rows.entry(at).or_insert_with(|| Row { line: line(at), cells: Vec::new(), bad: Vec::new() });
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
            return Err(TableError::TooManyRows { most: most.rows, line: line(at) });
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

/// The line of a row.
fn line(row: u32) -> u64 {
    u64::from(row) + 1
}

/// The cells by whose formats a number is shown as more than its value.
#[derive(Default)]
struct Formats {
    /// The formats by the styles of the workbook; `None` for the usual ones.
    codes: Vec<Option<String>>,
    /// The styles of the cells.
    styles: HashMap<(u32, u32), usize>,
}

impl Formats {
    /// Reads them; in a workbook without such formats, nothing is read twice.
    fn read(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, most: Most) -> Result<Formats, XlsxError> {
        let mut cells = book.worksheet_cells_reader(sheet)?;
        let code = |style: &Style| style.number_format.as_ref().map(|format| format.format_code.clone()).filter(|code| is_telling(code));
        let codes: Vec<Option<String>> = cells.styles().iter().map(code).collect();
        let mut styles = HashMap::new();
        if codes.iter().any(Option::is_some) {
            let most = most.rows.saturating_mul(MAX_COLUMNS as usize);
            while let Some((row, column, style)) = cells.next_style_id()? {
                if codes.get(style).is_some_and(Option::is_some) && column < MAX_COLUMNS && styles.len() < most {
                    styles.insert((row, column), style);
                }
            }
        }
        Ok(Formats { codes, styles })
    }

    fn of(&self, place: (u32, u32)) -> Option<&str> {
        self.codes.get(*self.styles.get(&place)?)?.as_deref()
    }
}

fn text(value: &DataRef<'_>, format: Option<&str>, is_1904: bool) -> String {
    let number = match value {
        DataRef::Int(n) => Some(*n as f64),
        DataRef::Float(n) => Some(*n),
        _ => None,
    };
    let of_kind = |number: f64, kind: ExcelDateTimeType| time(&ExcelDateTime::new(number, kind, is_1904));
    match number.and_then(|number| Some((number, shown(format?, number)?))) {
        Some((_, Shown::Digits(digits))) => return digits,
        Some((number, Shown::Time)) => return of_kind(number, ExcelDateTimeType::DateTime),
        Some((number, Shown::Duration)) => return of_kind(number, ExcelDateTimeType::TimeDelta),
        None => {}
    }
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
