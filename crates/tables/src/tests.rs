//! Tables as people save them.

use super::*;

const MOST: Most = Most { rows: 1000, text_bytes: 4 * 1024 * 1024 };

fn table(text: &str) -> Table {
    of_text(text, MOST).unwrap()
}
fn rows(table: &Table) -> Vec<(u64, String)> {
    table.rows.iter().map(|row| (row.line, row.cells.join("/"))).collect()
}

#[test]
fn a_table_is_read_however_it_was_saved() {
    let plain = [(2, "g-1/远帆/2999".to_owned()), (3, "g-2/近山/5".to_owned())];
    for delimiter in DELIMITERS {
        let text = "编号,名称（中文）,价格\r\ng-1,远帆,2999\r\ng-2,近山,5\r\n".replace(',', &delimiter.to_string());
        let wide = |mark: bool, unit: fn(u16) -> [u8; 2]| mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(unit).collect::<Vec<u8>>();
        let (gb18030, ..) = GB18030.encode(&text);
        for (form, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
            ("line feeds only", text.replace("\r\n", "\n").into_bytes()),
            ("UTF-16 LE", wide(true, u16::to_le_bytes)),
            ("UTF-16 BE", wide(true, u16::to_be_bytes)),
            ("UTF-16 LE without a mark", wide(false, u16::to_le_bytes)),
            ("UTF-16 BE without a mark", wide(false, u16::to_be_bytes)),
            ("GB 18030", gb18030.clone().into_owned()),
            ("empty rows", format!("{delimiter}{delimiter}\r\n{text}\r\n{delimiter}{delimiter}\r\n").into_bytes()),
        ] {
            let read = read(&bytes, MOST).unwrap();
            let shift = u64::from(form == "empty rows");
            let expected: Vec<_> = plain.iter().map(|(line, cells)| (line + shift, cells.clone())).collect();
            assert_eq!((read.head.join("/").as_str(), rows(&read)), ("编号/名称（中文）/价格", expected), "{form} {delimiter:?}");
        }
    }
}

#[test]
fn the_delimiter_is_the_one_of_the_header() {
    for (text, head) in [
        ("id;name, short;price\n", vec!["id", "name, short", "price"]),
        ("\"a,b,c\";d\n", vec!["a,b,c", "d"]),
        ("words\na;b;c\n", vec!["words"]),
        ("sep=;\nid;a,b,c,d\n", vec!["id", "a,b,c,d"]),
        ("sep=\t\r\nid\ta\r\n", vec!["id", "a"]),
        ("\n\nid\tname\n", vec!["id", "name"]),
    ] {
        assert_eq!(table(text).head, head, "{text:?}");
    }
    assert_eq!(rows(&table("sep=;\nid;b\n1;2\n")), [(3, "1/2".to_owned())]);
}

#[test]
fn quotes_keep_delimiters_and_lines_together_and_lines_are_counted() {
    let text = "ID,Name,Price\ng-1,\"a, \"\"b\"\"\r\nc\",1\n\ng-2,13\" d,2\n";
    assert_eq!(rows(&table(text)), [(2, "g-1/a, \"b\"\nc/1".to_owned()), (5, "g-2/13\" d/2".to_owned())]);
}

#[test]
fn a_quotation_mark_that_stays_open_is_named_by_its_line() {
    let read = table("ID,Price\ng-1,1\ng-2,\"2\ng-3,4\n");
    assert_eq!((read.head.len(), read.rows.len(), read.open_quote), (2, 0, Some((3, "g-2,\"2".to_owned()))));
    assert_eq!(table("ID,Size\ng-1,13\"\n").open_quote, None);
}

#[test]
fn cells_beyond_the_header_count_only_if_they_say_something() {
    let read = table("a,b\n1,2,,\n1,2,3\n1\n");
    assert_eq!(read.rows.iter().map(|row| row.fits(&read.head)).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn what_is_no_table_is_refused() {
    let few = Most { rows: 2, text_bytes: 10 };
    for (bytes, why) in [
        (b"".to_vec(), "Empty"),
        (b"\n,,\n \n".to_vec(), "Empty"),
        (b"ID\0\ng-1\n".to_vec(), "Unreadable"),
        (b"ID\n\xff\xff\xff\n".to_vec(), "Unreadable"),
        (b"PK\x03\x04 no book".to_vec(), "Broken"),
        (b"ID\n1\n2\n3\n".to_vec(), "TooManyRows { most: 2, line: 4 }"),
    ] {
        let error = format!("{:?}", read(&bytes, few).unwrap_err());
        assert!(error.starts_with(why), "{error}");
    }
    assert_eq!(of_text("ID\n1\n\n2\n", few).unwrap().rows.len(), 2);
}

#[test]
fn digits_are_kept_as_they_were_typed_and_computed_numbers_as_the_spreadsheet_shows_them() {
    let typed = "ID,Size\ng-1,0.30000000000000004\n6222021234567890,1699.1499999999999\n";
    let expected = [(2, "g-1/0.30000000000000004".to_owned()), (3, "6222021234567890/1699.1499999999999".to_owned())];
    assert_eq!(rows(&table(typed)), expected);
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (at, head) in (0..).zip(["ID", "Size"]) {
        page.write_string(0, at, head).unwrap();
    }
    page.write_string(1, 0, "6222021234567890").unwrap();
    page.write_number(1, 1, 0.1 + 0.2).unwrap();
    page.write_string(2, 0, "g-2").unwrap();
    page.write_string(2, 1, "0.30000000000000004").unwrap();
    let read = read(&book.save_to_buffer().unwrap(), MOST).unwrap();
    assert_eq!(rows(&read), [(2, "6222021234567890/0.3".to_owned()), (3, "g-2/0.30000000000000004".to_owned())]);
}

#[test]
fn a_workbook_is_read_like_text() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (at, head) in (0..).zip(["ID", "Name", "Price", "Stock", "Since"]) {
        page.write_string(1, at, head).unwrap();
    }
    page.write_string(2, 0, "g-1").unwrap();
    page.write_number(2, 2, 1999.0 * 0.85).unwrap();
    page.write_formula(2, 3, rust_xlsxwriter::Formula::new("=1.1*3+0.7").set_result("4.0000000000000009")).unwrap();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    page.write_number_with_format(2, 4, 46_296.0, &day).unwrap();
    page.write_string(4, 1, "=x").unwrap();
    page.write_string(4, 2, "'quoted'\r\ntwice").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let read = read(&bytes, MOST).unwrap();
    assert_eq!(read.head, ["ID", "Name", "Price", "Stock", "Since"]);
    assert_eq!(rows(&read), [(3, "g-1//1699.15/4/2026-10-01".to_owned()), (5, "/=x/'quoted'\ntwice//".to_owned())]);
    assert!(matches!(super::read(&bytes, Most { rows: 1, text_bytes: 100 }), Err(TableError::TooManyRows { most: 1, line: 5 })));
    assert!(matches!(super::read(&bytes, Most { rows: 9, text_bytes: 10 }), Err(TableError::TooMuchText(10))));
}

/// A workbook with what a part of it says replaced: what other programs write, and the library of these tests does not.
fn with(book: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut old = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut file = old.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == part {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn a_formula_without_a_result_is_no_empty_cell() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (at, head) in (0..).zip(["ID", "Name", "Note"]) {
        page.write_string(0, at, head).unwrap();
    }
    page.write_formula(1, 0, rust_xlsxwriter::Formula::new("=A9").set_result("g-1")).unwrap();
    page.write_formula(1, 1, rust_xlsxwriter::Formula::new("=B9").set_result("7777")).unwrap();
    page.write_formula(1, 2, rust_xlsxwriter::Formula::new("=C9").set_result("8888")).unwrap();
    page.write_string(2, 0, "g-2").unwrap();
    page.write_formula(2, 1, rust_xlsxwriter::Formula::new("=B10").set_result("9999")).unwrap();
    let book = book.save_to_buffer().unwrap();
    let book = with(&book, "xl/worksheets/sheet1.xml", "<v>7777</v>", "");
    let book = with(&book, "xl/worksheets/sheet1.xml", "<c r=\"C2\"><f>C9</f><v>8888</v>", "<c r=\"C2\" t=\"e\"><f>C9</f><v>#N/A</v>");
    let book = with(&book, "xl/worksheets/sheet1.xml", "<c r=\"B3\"><f>B10</f><v>9999</v>", "<c r=\"B3\" t=\"str\"><f>B10</f><v></v>");
    let bad = |table: &Table| table.rows.iter().map(|row| (row.cells.join("/"), row.bad.clone())).collect::<Vec<_>>();
    let expected = [("g-1//#N/A".to_owned(), vec![1, 2]), ("g-2//".to_owned(), vec![])];
    assert_eq!(bad(&read(&book, MOST).unwrap()), expected);
    assert_eq!(bad(&table("ID,Name,Note\ng-1,#REF!,fine\n")), [("g-1/#REF!/fine".to_owned(), vec![1])]);
}

#[test]
fn a_number_is_read_as_its_format_shows_it() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_string(0, 0, "Since").unwrap();
    let cells = [
        ("h:mm", 0.375, "09:00"),
        ("hh:mm:ss", 0.999_988_425_925_926, "23:59:59"),
        ("[h]:mm", 1.5, "36:00"),
        ("[mm]:ss", 0.001, "00:01:26"),
        ("yyyy-mm-dd hh:mm", 46_296.5, "2026-10-01 12:00:00"),
        ("[$-804]aaaa;@", 46_355.0, "2026-11-29"),
        ("[=0]\"-\";yyyy/m/d", 46_355.0, "2026-11-29"),
        ("[=0]\"-\";yyyy/m/d", 0.0, "0"),
        ("000000", 123.0, "000123"),
        ("\"SKU-\"000", 7.0, "SKU-007"),
        ("0.00", 2.5, "2.5"),
    ];
    for (row, (format, value, _)) in (1..).zip(cells) {
        page.write_number_with_format(row, 0, value, &rust_xlsxwriter::Format::new().set_num_format(format)).unwrap();
    }
    let read = read(&book.save_to_buffer().unwrap(), MOST).unwrap();
    assert_eq!(rows(&read).into_iter().map(|(_, cell)| cell).collect::<Vec<_>>(), cells.map(|(.., text)| text));
}

#[test]
fn the_sheet_that_is_read_is_the_first_that_can_be_seen() {
    let read = |is_seen: bool| {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().set_hidden(true).write_string(0, 0, "Old").unwrap();
        let mut chart = rust_xlsxwriter::Chart::new(rust_xlsxwriter::ChartType::Line);
        chart.add_series().set_values("Sheet2!$A$1:$A$2");
        book.add_chartsheet().set_active(true).insert_chart(0, 0, &chart).unwrap();
        book.add_worksheet().set_hidden(!is_seen).write_string(0, 0, "ID").unwrap();
        read(&book.save_to_buffer().unwrap(), MOST)
    };
    assert_eq!(read(true).unwrap().head, ["ID"]);
    assert_eq!(read(false).unwrap_err().to_string(), "the workbook has no visible sheet of cells");
}
