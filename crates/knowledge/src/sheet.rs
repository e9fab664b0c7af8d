//! Reads the files of all imports of knowledge.

use axum::body::Bytes;
use domain::{id::TenantId, refusal::Code};
use http_kit::{App, problem::Problem};
use tables::{Most, Table};

use crate::draft::table::TableError;

/// The most text in all cells of a workbook together, in bytes.
const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;

/// Reads a file of at most so many rows.
///
/// # Errors
/// It cannot be read, or other files are being read and the company has to wait.
pub async fn read(app: &App, tenant: TenantId, bytes: Bytes, rows: usize) -> Result<Table, Problem> {
    let most = Most { rows, text_bytes: MAX_TEXT_BYTES };
    // One file at a time: a workbook takes memory while it is read.
    let sheets = &app.in_memory().sheets;
    let read = sheets.run(sheets.place(tenant)?, move || tables::read(&bytes, most)).await?;
    read.map_err(|error| {
        let what = error.to_string();
        match error {
            tables::TableError::Empty => unreadable(TableError { line: 1, what }),
            tables::TableError::TooManyRows { line, .. } => unreadable(TableError { line, what }),
            tables::TableError::TooLargeUnpacked | tables::TableError::TooMuchText(_) => Problem::invalid("file", Code::ImportTooLargeUnpacked, what),
            tables::TableError::Unreadable | tables::TableError::Broken(_) => Problem::invalid("file", Code::InvalidValue, what),
        }
    })
}

/// The problem with a file that cannot be read.
pub fn unreadable(error: TableError) -> Problem {
    Problem::invalid(format!("line {}", error.line), Code::KnowledgeFile, error.to_string())
}
