//! Reads labelled lines from tables with a header that names the columns.

use bot::suspects::Row;
use tables::{Most, TableError};

/// Why a file is not a valid set of labelled lines. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// The file is empty, so there is no header.
    #[error("line 1: the file is empty; it needs a header with the columns text and label")]
    Empty,
    /// A column is missing from the header.
    #[error("line 1: the header has no column {0:?}; it needs text and label")]
    NoColumn(&'static str),
    /// The header names a column twice.
    #[error("line 1: the header names the column {0:?} more than once")]
    ColumnTwice(&'static str),
    /// A row has a different number of fields from the header.
    #[error("line {line}: {found} fields where the header has {expected}")]
    Fields { line: usize, found: usize, expected: usize },
    /// A field that must not be empty is empty.
    #[error("line {line}, column {column} ({name}): the field is empty")]
    EmptyField { line: usize, column: usize, name: &'static str },
    /// A quote that is never closed.
    #[error("line {line}: the quoted field is never closed")]
    OpenQuote { line: usize },
    /// The table cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The file has a header, but no rows below it.
    #[error("line 1: there are no rows below the header")]
    NoRows,
}

/// Reads the columns `text` and `label` (or `category`), found by their names in the header; other columns are ignored.
///
/// # Errors
/// The first fault, with its line.
pub(crate) fn labelled_rows(csv: &str) -> Result<Vec<Row>, CsvError> {
    let (header, records) = records(csv)?;
    let (text, label) = (column(&header, "text", &["text"])?, column(&header, "label", &["label", "category"])?);
    let mut rows = Vec::new();
    for (line, mut fields) in records {
        if fields.len() != header.len() {
            return Err(CsvError::Fields { line, found: fields.len(), expected: header.len() });
        }
        for (at, name) in [(text, "text"), (label, "label")] {
            if fields[at].trim().is_empty() {
                return Err(CsvError::EmptyField { line, column: at + 1, name });
            }
        }
        rows.push((std::mem::take(&mut fields[text]), fields[label].trim().to_owned()));
    }
    if rows.is_empty() { Err(CsvError::NoRows) } else { Ok(rows) }
}

/// The column `text`, or `None` if the first line is no header that names one.
///
/// # Errors
/// The first fault, with its line.
pub(crate) fn texts(csv: &str) -> Option<Result<Vec<String>, CsvError>> {
    let first = csv.lines().next()?;
    let (header, _) = records(first).ok()?;
    let at = column(&header, "text", &["text"]).ok()?;
    Some(records(csv).and_then(|(_, records)| {
        let fields = records.into_iter().map(|(line, mut fields)| {
            if fields.len() != header.len() {
                return Err(CsvError::Fields { line, found: fields.len(), expected: header.len() });
            }
            let text = std::mem::take(&mut fields[at]);
            if text.trim().is_empty() { Err(CsvError::EmptyField { line, column: at + 1, name: "text" }) } else { Ok(text) }
        });
        fields.collect()
    }))
}

fn column(header: &[String], name: &'static str, aliases: &[&str]) -> Result<usize, CsvError> {
    for alias in aliases {
        let mut found = header.iter().enumerate().filter(|(_, field)| field.trim().eq_ignore_ascii_case(alias));
        if let Some((at, _)) = found.next() {
            return if found.next().is_some() { Err(CsvError::ColumnTwice(name)) } else { Ok(at) };
        }
    }
    Err(CsvError::NoColumn(name))
}

/// A record with the line on which it begins.
type Record = (usize, Vec<String>);

/// The header, and all records below it; empty lines are skipped.
fn records(csv: &str) -> Result<(Vec<String>, Vec<Record>), CsvError> {
    let table = tables::of_text(csv, Most { rows: usize::MAX, text_bytes: usize::MAX }).map_err(|error| match error {
        TableError::Empty => CsvError::Empty,
        other => CsvError::Unreadable(other.to_string()),
    })?;
    let number = |line: u64| usize::try_from(line).unwrap_or(usize::MAX);
    match table.open_quote {
        Some((line, _)) => Err(CsvError::OpenQuote { line: number(line) }),
        None => Ok((table.head, table.rows.into_iter().map(|row| (number(row.line), row.cells)).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_keep_commas_quotes_and_line_breaks() {
        let rows = labelled_rows("id,text,label\r\n1,\"a, \"\"b\"\"\nc\",x\r\n\r\n2,plain,y").unwrap();
        assert_eq!(rows, [("a, \"b\"\nc".to_owned(), "x".to_owned()), ("plain".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn category_stands_for_label_and_columns_go_by_name() {
        assert_eq!(labelled_rows("category,text\nx,a\n").unwrap(), [("a".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn what_is_wrong_is_named_with_line_and_column() {
        let message = |csv: &str| labelled_rows(csv).unwrap_err().to_string();
        assert!(message("").contains("empty"));
        assert!(message("text,intent\na,b\n").contains("no column \"label\""));
        assert!(message("text,label,label\na,b,c\n").contains("more than once"));
        assert_eq!(message("text,label\na,b\na\n"), "line 3: 1 fields where the header has 2");
        assert_eq!(message("text,label\n\"a\nb\",x\nc,\n"), "line 4, column 2 (label): the field is empty");
        assert_eq!(message("text,label\na,\"b\n"), "line 2: the quoted field is never closed");
        assert!(message("text,label\n").contains("no rows"));
    }
}
