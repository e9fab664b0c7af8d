#!/bin/sh
# rust_xlsxwriter: a formula whose result is set to an empty text is written with the result 0.
#
# Seen with rust_xlsxwriter 0.102.0, read back with calamine 0.38.0. `Formula::new("=A1").set_result("")` is how one would say that the formula shows nothing. The file then
# holds `<v>0</v>`: a reader that trusts the stored results takes 0 for it, and a test that writes such a file to try how empty results are read tries zeros instead.
# A formula with no result set is written as 0 as well. Programs other than this one leave `<v>` out; such a file has to be made by hand.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "seen"
version = "0.1.0"
edition = "2021"
[dependencies]
calamine = "=0.38.0"
rust_xlsxwriter = "=0.102.0"
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
use calamine::{DataRef, Reader, Xlsx};
use rust_xlsxwriter::{Formula, Workbook};
use std::io::Cursor;

fn main() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write_formula(0, 0, Formula::new("=\"\"").set_result("")).unwrap();
    page.write_formula(1, 0, Formula::new("=\"\"")).unwrap();
    page.write_formula(2, 0, Formula::new("=\"a\"").set_result("a")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&name).unwrap();
    let mut seen = Vec::new();
    while let Some(cell) = reader.next_cell().unwrap() {
        seen.push(match cell.get_value() {
            DataRef::Float(number) => format!("number {number}"),
            DataRef::Int(number) => format!("number {number}"),
            DataRef::String(text) => format!("text {text:?}"),
            other => format!("{other:?}"),
        });
    }
    println!("an empty result: {}; no result: {}; a result: {}", seen[0], seen[1], seen[2]);
    if seen != ["number 0", "number 0", "text \"a\""] {
        println!("this has changed");
        std::process::exit(1);
    }
}
RUST
cd "$work"
cargo run --quiet
