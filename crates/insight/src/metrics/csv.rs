//! Writes tables as CSV (RFC 4180) in which no spreadsheet takes a cell for a formula.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use tables::write::harmless;

/// Whether the client wants CSV.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepts.flat_map(|value| value.split(',')).any(|one| one.split(';').next().is_some_and(|mime| mime.trim().eq_ignore_ascii_case("text/csv")))
}

/// A row with its line end.
pub fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut row = cells.map(cell).collect::<Vec<_>>().join(",");
    row.push_str("\r\n");
    row
}

/// A quoted cell. A formula gets a leading apostrophe; the quotes keep a semicolon from starting a new cell in locales that separate cells by semicolons.
fn cell(text: &str) -> String {
    let safe = if text.parse::<f64>().is_ok() { text.to_owned() } else { harmless(text) };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

/// Returns a table as a file of this name.
pub fn file(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_table_is_a_formula() {
        let cells = ["=1+1", "+86 10", "-3", "-0.5", "-cmd", "@x", "a,b", "a;=1+1", "say \"hi\"", "", "2026-11-20"];
        let expected = r#""'=1+1","'+86 10","-3","-0.5","'-cmd","'@x","a,b","a;=1+1","say ""hi""","","2026-11-20""#;
        assert_eq!(row(cells.into_iter()), format!("{expected}\r\n"));
    }

    #[test]
    fn csv_is_wanted_by_who_accepts_it_by_name() {
        let accepting = |value: &'static str| HeaderMap::from_iter([(header::ACCEPT, axum::http::HeaderValue::from_static(value))]);
        assert!(is_wanted(&accepting("text/csv")) && is_wanted(&accepting("application/json;q=0.5, Text/CSV; header=present")));
        assert!(!is_wanted(&accepting("*/*")) && !is_wanted(&HeaderMap::new()));
    }
}
