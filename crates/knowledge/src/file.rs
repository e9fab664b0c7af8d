//! What a file of synonyms or of names would do, row by row, and how it is applied: entirely or not at all.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::refusal::Code;
use http_kit::problem::Problem;
use serde::{Deserialize, Serialize};
use tables::write::{self, harmless};
use utoipa::{IntoParams, ToSchema};

use crate::draft::{import::ImportError, table::CellError, view::DraftState};

/// The largest file, in bytes.
pub const MAX_FILE_BYTES: usize = 2 * 1024 * 1024;
/// The most rows that one file may change or add: they are written in one transaction, which must not take long.
pub const MAX_CHANGED: usize = 500;

/// Whether the file is only previewed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplyFile {
    /// `false` shows what would happen; `true` applies it, if no row has errors.
    #[serde(default)]
    pub apply: bool,
}

/// What a file does.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// Rows in the file's order, without those that change nothing.
    pub rows: Vec<FileRow>,
    /// The number of rows that add something.
    pub new: usize,
    /// The number of rows that change something.
    pub changed: usize,
    /// The number of rows that change nothing.
    pub same: usize,
    /// The number of rows with errors.
    pub bad: usize,
    /// Whether the file was applied.
    pub applied: bool,
}

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileRow {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// What the row is about: the words of a group, or the name of an item.
    pub name: String,
    /// What the row does: `new`, `changed` or `same`.
    pub change: DraftState,
    /// Words that something else has as well.
    pub elsewhere: Vec<String>,
    /// The errors in the row.
    pub errors: Vec<ImportError>,
}

/// A row that was read, with what it would store.
#[derive(Debug, Clone)]
pub struct Planned<T> {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// What the row is about.
    pub name: String,
    /// What the row does.
    pub change: DraftState,
    /// Words that something else has as well.
    pub elsewhere: Vec<String>,
    /// The errors in the row.
    pub errors: Vec<CellError>,
    /// What it would store.
    pub value: T,
}

impl<T> Planned<T> {
    /// Adds an error in a cell.
    pub fn wrong(&mut self, column: &str, code: &'static str, what: impl ToString) {
        self.errors.push(CellError { column: column.to_owned(), code, what: what.to_string() });
    }
}

/// Shows what these rows would do; with `apply`, refuses them if one has errors or there are too many.
pub fn view<T>(rows: &[Planned<T>], apply: bool) -> Result<FileView, Problem> {
    let mut view = FileView { rows: Vec::new(), new: 0, changed: 0, same: 0, bad: 0, applied: apply };
    for row in rows {
        match row.change {
            _ if !row.errors.is_empty() => view.bad += 1,
            DraftState::New => view.new += 1,
            DraftState::Same => view.same += 1,
            _ => view.changed += 1,
        }
        if row.change == DraftState::Same && row.errors.is_empty() {
            continue;
        }
        let errors = row.errors.iter().map(|e| ImportError { column: e.column.clone(), code: e.code, title: e.what.clone() }).collect();
        view.rows.push(FileRow { line: row.line, name: row.name.clone(), change: row.change, elsewhere: row.elsewhere.clone(), errors });
    }
    match view.rows.iter().find(|row| !row.errors.is_empty()) {
        Some(row) if apply => {
            Err(Problem::invalid(format!("line {}", row.line), Code::KnowledgeRows, format!("{} rows have errors; nothing was imported", view.bad)))
        }
        _ if apply && view.new + view.changed > MAX_CHANGED => {
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::KnowledgeTooMany, format!("at most {MAX_CHANGED} changes at a time")))
        }
        _ => Ok(view),
    }
}

/// A CSV file to download: UTF-8 with a byte order mark, and no cell that a spreadsheet would run.
pub fn download(name: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Response, Problem> {
    let mut out = write::csv(csv::Terminator::Any(b'\n'));
    let written = out.write_record(columns).and_then(|()| rows.into_iter().try_for_each(|row| out.write_record(row.iter().map(|cell| harmless(cell)))));
    written.map_err(|error| Problem::internal(&error))?;
    let file = out.into_inner().map_err(|error| Problem::internal(&error.into_error()))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], file).into_response())
}
