#!/bin/sh
# calamine: a day whose number format begins with a section for another value, or that is shown as a Chinese weekday, is read as a number.
#
# Seen with calamine 0.38.0 and rust_xlsxwriter 0.102.0. Of a number format, calamine looks at the first section alone, and an `a` in it only counts where `m`, `p` or `/`
# follows, as in am/pm. `[=0]"-";yyyy/m/d` (a dash for nothing, else the day) and `[$-804]aaaa;@` (the weekday in Chinese) are both in everyday use, and what a person sees as
# a day arrives as 46355 in an import. So does an identifier in a column formatted 000000: 123, not 000123. The format codes themselves are there
# (`XlsxCellReader::styles`, `next_style_id`): whoever imports workbooks has to choose the section by the value, as spreadsheets do.
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
use rust_xlsxwriter::{Format, Workbook};
use std::io::Cursor;

fn main() {
    let cells = [
        ("yyyy/m/d", 46355.0, "day"),
        ("[=0]\"-\";yyyy/m/d", 46355.0, "number 46355"),
        ("[$-804]aaaa;@", 46355.0, "number 46355"),
        ("000000", 123.0, "number 123"),
    ];
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (row, (format, value, _)) in (0..).zip(cells) {
        page.write_number_with_format(row, 0, value, &Format::new().set_num_format(format)).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&name).unwrap();
    let mut same = true;
    for (format, _, expected) in cells {
        let cell = reader.next_cell().unwrap().unwrap();
        let seen = match cell.get_value() {
            DataRef::DateTime(_) => "day".to_owned(),
            DataRef::Float(number) => format!("number {number}"),
            DataRef::Int(number) => format!("number {number}"),
            other => format!("{other:?}"),
        };
        println!("{format}: {seen}");
        same &= seen == expected;
    }
    if !same {
        println!("this has changed");
        std::process::exit(1);
    }
}
RUST
cd "$work"
cargo run --quiet
