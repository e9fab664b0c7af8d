//! Files that people import: whatever one import accepts, all do.

use domain::staff::Role;
use rust_xlsxwriter::Workbook;
use serde_json::json;
use testkit_app::TestApp;

/// A table in every form in which spreadsheets save it.
fn forms(rows: [&[&str]; 2]) -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for delimiter in [",", ";", "\t"] {
        let text = rows.map(|cells| cells.join(delimiter)).join("\r\n") + "\r\n";
        let wide = |unit: fn(u16) -> [u8; 2]| std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect::<Vec<u8>>();
        let (gb18030, ..) = encoding_rs::GB18030.encode(&text);
        for (encoding, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
            ("UTF-16 LE", wide(u16::to_le_bytes)),
            ("UTF-16 BE", wide(u16::to_be_bytes)),
            ("GB 18030", gb18030.into_owned()),
        ] {
            forms.push((format!("{encoding}, {delimiter:?}"), bytes));
        }
    }
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            page.write_string(row, column, *cell).unwrap();
        }
    }
    forms.push(("a workbook".to_owned(), book.save_to_buffer().unwrap()));
    forms
}

#[tokio::test]
async fn every_import_reads_every_form_of_a_table() {
    let app = TestApp::with_demo().await;
    let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
    for (path, status, change, rows) in [
        ("/api/v1/goods-imports", 201, "new", [&["ID", "分类", "名称（中文）", "价格"][..], &["x-1", "phone", "远帆", "1699.1499999999999"]]),
        ("/api/v1/knowledge/import", 200, "new", [&["id", "category", "question_zh", "answer_zh"], &["x-1", "plans", "能把手机寄到月球吗", "不能。"]]),
        ("/api/v1/knowledge/synonyms-import", 200, "new", [&["id", "lang", "words"], &["", "zh-CN", "月球、月亮"]]),
        ("/api/v1/knowledge/graph-import", 200, "changed", [&["item", "aliases_zh", "faqs"], &["g-001", "大哥大", ""]]),
    ] {
        for (form, bytes) in forms(rows) {
            let seen = mira.upload(path, "application/octet-stream", bytes).await.expect(status);
            let bad = if status == 201 { &seen["bad_total"] } else { &seen["bad"] };
            assert_eq!((&seen[change], bad), (&json!(1), &json!(0)), "{path}, {form}: {seen}");
            if let Some(id) = seen["id"].as_str() {
                mira.delete(&format!("{path}/{id}")).await.expect(204);
            }
        }
    }
}

#[tokio::test]
async fn a_number_that_a_workbook_computed_is_the_one_it_shows() {
    let app = TestApp::with_demo().await;
    let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, head) in (0..).zip(["ID", "Category", "Name (English)", "Price", "Stock"]) {
        page.write_string(0, column, head).unwrap();
    }
    for (row, (price, stock)) in (1..).zip([(1999.0 * 0.85, 1.1 * 30.0 - 1e-14), (0.1 + 0.2, 12.0), (29.99 * 3.0, 0.07 * 100.0)]) {
        page.write_string(row, 0, format!("x-{row}")).unwrap();
        page.write_string(row, 1, "phone").unwrap();
        page.write_string(row, 2, format!("Computed {row}")).unwrap();
        page.write_number(row, 3, price).unwrap();
        page.write_number(row, 4, stock).unwrap();
    }
    let seen = mira.upload("/api/v1/goods-imports", "application/octet-stream", book.save_to_buffer().unwrap()).await.expect(201);
    let prices: Vec<_> = seen["changes"].as_array().unwrap().iter().map(|change| change["price_fen"].clone()).collect();
    assert_eq!((&seen["bad"], prices), (&json!([]), vec![json!(169_915), json!(30), json!(8_997)]), "{seen}");
}
