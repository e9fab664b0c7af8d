//! CSV that spreadsheets open with the right characters, and in which no cell is run as a formula.

/// Makes spreadsheets read a file as UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Whether a spreadsheet would take a cell for a formula, or for one that we made harmless. Some accept full-width signs in place of the usual ones, and drop
/// white space (OWASP, CSV Injection).
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that no spreadsheet runs: one that begins like a formula gets an apostrophe in front.
pub fn harmless(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// A CSV writer with the given line ending. The byte order mark makes spreadsheets read UTF-8. Every cell is quoted, so that a semicolon in it does not start a
/// new cell in languages that separate cells by semicolons.
pub fn csv(ends: csv::Terminator) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).terminator(ends).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec())
}

/// A row of text cells for a file that is written piece by piece: each quoted and harmless.
pub fn row(cells: impl IntoIterator<Item = String>) -> String {
    let quoted: Vec<String> = cells.into_iter().map(|cell| format!("\"{}\"", harmless(&cell).replace('"', "\"\""))).collect();
    format!("{}\r\n", quoted.join(","))
}

/// A cell as it was before [`harmless`].
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_made_harmless_and_comes_back() {
        for (cell, safe) in [
            ("=HYPERLINK(\"http://evil\")", "'=HYPERLINK(\"http://evil\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\n=1", "'\n=1"),
            ("\r\n=1", "'\r\n=1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("'=1", "''=1"),
            ("plain", "plain"),
            ("'quoted'", "'quoted'"),
            ("", ""),
        ] {
            assert_eq!((harmless(cell).as_str(), plain(&harmless(cell))), (safe, cell), "{cell}");
        }
    }
}
