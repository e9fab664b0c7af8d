//! Tables in files, as spreadsheets write and read them. Every import uses this one reader, so that what one of them accepts, all do.
//!
//! - [`read`]: CSV in any of the usual encodings and with any of the usual delimiters, or a workbook
//! - [`write`]: CSV in which no cell is run as a formula

mod formats;
mod unpacked;
mod workbook;
pub mod write;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use normal::hidden::is_hidden;

use crate::write::plain;

/// How much of a file is read at most.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Rows below the header.
    pub rows: usize,
    /// Text in all cells of a workbook together, in bytes.
    pub text_bytes: usize,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which the row begins, counting from 1.
    pub line: u64,
    /// The cells, without what made them harmless, and with `\n` between their lines.
    pub cells: Vec<String>,
    /// The places of cells that say nothing although they should: a formula whose result the file does not hold, or that ended in an error.
    pub bad: Vec<usize>,
}

impl Row {
    /// Whether the row has as many cells as the header; empty ones beyond it do not count.
    pub fn fits(&self, head: &[String]) -> bool {
        self.cells.get(head.len()..).is_some_and(is_blank)
    }
}

/// The content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The cells of the first line that is not empty: the names of the columns.
    pub head: Vec<String>,
    /// The rows below it that are not empty.
    pub rows: Vec<Row>,
    /// The line on which a quotation mark is opened that is never closed, and its text; nothing below the header is read then.
    pub open_quote: Option<(u64, String)>,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is neither text in a known encoding nor a workbook.
    #[error("the file is neither a CSV in UTF-8, UTF-16 or GBK nor an .xlsx workbook")]
    Unreadable,
    /// It is a workbook that cannot be read.
    #[error("{0}")]
    Broken(String),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It has more rows than are read; the line of the first one too many.
    #[error("more than {most} rows; import them in parts")]
    TooManyRows {
        /// The most rows that are read.
        most: usize,
        /// The line of the first row that is not.
        line: u64,
    },
    /// It unpacks to too much.
    #[error("an unpacked workbook can have at most 32 MB; remove pictures, other sheets and empty formatted cells, or save it as CSV")]
    TooLargeUnpacked,
    /// Its cells have too much text.
    #[error("the cells can have at most {0} bytes of text in total; split the rows into two files")]
    TooMuchText(usize),
}

/// A cell without what cannot be seen at its ends, and with `\n` between its lines.
fn cell(text: &str) -> String {
    text.trim_matches(is_hidden).replace("\r\n", "\n")
}

/// What a spreadsheet writes where a formula ended in an error.
const ERRORS: [&str; 7] = ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"];

/// Whether no cell says anything.
fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// Reads a file, whatever its name says it is.
///
/// # Errors
/// What prevents it from being read at all.
pub fn read(bytes: &[u8], most: Most) -> Result<Table, TableError> {
    if bytes.starts_with(b"PK\x03\x04") {
        let mut rows = workbook::rows(bytes, most)?.into_iter();
        let head = rows.next().ok_or(TableError::Empty)?.cells;
        return Ok(Table { head, rows: rows.collect(), open_quote: None });
    }
    let text = text(bytes).filter(|text| !text.contains('\0')).ok_or(TableError::Unreadable)?;
    of_text(&text, most)
}

/// The share of the bytes in UTF-16 without a mark, as one in so many, that are zero at least, if it is a table: letters, digits and delimiters have one each.
const ZEROS: usize = 6;
/// How much of a file is looked at for zeros, in bytes.
const SAMPLE: usize = 4096;

/// Decodes a file: by its byte order mark, else as UTF-8, else as GB 18030, which includes GBK and GB 2312; `None` if it is none of these. UTF-16 without a mark
/// is known by its zeros.
pub fn text(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (encoding_without_mark(bytes), 0));
    let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    (!broken).then(|| text.into_owned())
}

fn encoding_without_mark(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let [even, odd] = [0, 1].map(|first| sample.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count());
    let is_wide = bytes.len().is_multiple_of(2) && (even + odd) * ZEROS >= sample.len();
    match () {
        // Some Chinese characters have a zero as well.
        () if is_wide && odd > 4 * even => UTF_16LE,
        () if is_wide && even > 4 * odd => UTF_16BE,
        () if std::str::from_utf8(bytes).is_ok() => UTF_8,
        () => GB18030,
    }
}

/// The delimiters that spreadsheets use, the usual one last.
const DELIMITERS: [char; 3] = ['\t', ';', ','];

/// Reads CSV from text.
///
/// # Errors
/// The text is empty, or has too many rows.
pub fn of_text(text: &str, most: Most) -> Result<Table, TableError> {
    let text = text.trim_start_matches('\u{feff}');
    // Excel's way of naming the delimiter.
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim_end_matches('\r').strip_prefix("sep=").and_then(|named| DELIMITERS.into_iter().find(|one| named == one.to_string()));
    let (text, above, delimiter) = match named {
        Some(delimiter) => (below, 1, delimiter),
        None => (text, 0, delimiter(text)),
    };
    let open_quote = open_quote(text, delimiter).map(|line| {
        let place = usize::try_from(line - 1).unwrap_or(usize::MAX);
        (line + above, text.lines().nth(place).unwrap_or_default().to_owned())
    });
    // What follows an open quotation mark would all be one cell.
    let whole = if open_quote.is_some() { text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default() } else { text };
    let delimited = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimited).from_reader(whole.as_bytes());
    let (mut head, mut rows) = (None, Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| TableError::Broken(error.to_string()))?;
        let line = above + record.position().map_or(0, |at| line_of(whole, at));
        let cells: Vec<String> = record.iter().map(|text| cell(plain(text))).collect();
        if is_blank(&cells) {
            continue;
        }
        match head {
            None => head = Some(cells),
            Some(_) if rows.len() == most.rows => return Err(TableError::TooManyRows { most: most.rows, line }),
            Some(_) => {
                let bad = cells.iter().enumerate().filter(|(_, cell)| ERRORS.contains(&cell.as_str())).map(|(at, _)| at).collect();
                rows.push(Row { line, cells, bad });
            }
        }
    }
    Ok(Table { head: head.ok_or(TableError::Empty)?, rows, open_quote })
}

/// Walks through text as a reader of CSV does: each character outside quotation marks goes to `on_plain`, which returns whether to go on. Returns the line on
/// which a quotation mark is opened that is never closed.
fn walk(text: &str, is_delimiter: impl Fn(char) -> bool, mut on_plain: impl FnMut(char) -> bool) -> Option<u64> {
    let (mut line, mut opened, mut begins, mut chars) = (1, None, true, text.chars().peekable());
    while let Some(c) = chars.next() {
        line += u64::from(c == '\n');
        match (opened, c) {
            (Some(_), '"') if chars.peek() == Some(&'"') => {
                chars.next();
            }
            (Some(_), '"') => opened = None,
            (Some(_), _) => {}
            (None, '"') if begins => opened = Some(line),
            (None, c) => {
                begins = is_delimiter(c) || matches!(c, '\n' | '\r');
                if !on_plain(c) {
                    return None;
                }
            }
        }
        begins &= opened.is_none() && c != '"';
    }
    opened
}

/// The line on which a quotation mark is opened and never closed.
fn open_quote(text: &str, delimiter: char) -> Option<u64> {
    walk(text, |c| c == delimiter, |_| true)
}

/// The delimiter: comma, semicolon or tab, whichever the header contains most often outside quotation marks.
fn delimiter(text: &str) -> char {
    let (mut counts, mut is_blank) = ([0; DELIMITERS.len()], true);
    walk(
        text,
        |c| DELIMITERS.contains(&c),
        |c| {
            if let Some(count) = DELIMITERS.iter().position(|one| *one == c).and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
            is_blank &= c.is_whitespace();
            is_blank || !matches!(c, '\n' | '\r')
        },
    );
    DELIMITERS.into_iter().zip(counts).max_by_key(|(_, count)| *count).map_or(',', |(delimiter, _)| delimiter)
}

/// The line on which a record begins; the reader counts empty lines before a record as part of it.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let rest = usize::try_from(at.byte()).ok().and_then(|start| text.as_bytes().get(start..)).unwrap_or_default();
    at.line() + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests;
