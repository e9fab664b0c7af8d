//! `GET /api/v1/goods-export`: exports goods as a file for spreadsheets.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use content::goods::GoodsState;
use domain::{policy::Permission, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use service::catalogue::Frame;
use store_hall::goods::Kept;
use tables::write;
use utoipa::{IntoParams, ToSchema};

use super::{
    cells::Cell,
    fields::Column,
    list::{GoodsSort, ListGoods},
    sheet,
};

/// The format of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    /// Comma-separated text in UTF-8 with a byte order mark, as spreadsheets expect it.
    #[default]
    Csv,
    /// An .xlsx workbook.
    Xlsx,
}

/// Which goods to export, and in which format.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportGoods {
    /// The format of the file.
    #[serde(default)]
    #[param(inline)]
    pub format: SheetFormat,
    /// The language of headings, categories and states.
    #[serde(default)]
    pub lang: Lang,
    /// As in the list: words to find, at most 200 characters.
    #[serde(default)]
    pub q: String,
    /// As in the list: only goods of this category.
    #[serde(default)]
    pub category: Option<String>,
    /// As in the list: only goods in this state.
    #[serde(default)]
    pub state: Option<GoodsState>,
    /// As in the list: only goods with fewer than 10 pieces left.
    #[serde(default)]
    pub few: bool,
    /// As in the list: the order.
    #[serde(default)]
    #[param(inline)]
    pub sort: GoodsSort,
}

/// Exports goods as a file for spreadsheets, which the import accepts.
///
/// No cell contains a formula.
#[utoipa::path(get, path = "/goods-export", tag = "goods", security(("staff" = [])), params(ExportGoods),
    responses(
        (status = 200, description = "The goods: a line each, in the form that was asked for", content(
            (String = "text/csv"),
            (inline(RawBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        Problems,
    ))]
pub async fn export_goods(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ExportGoods>) -> Result<Response, Problem> {
    actor.require(Permission::EditGoods)?.note(&app).await?;
    let ExportGoods { format, lang, q, category, state, few, sort } = query;
    let catalogue = app.catalogue(actor.tenant()).await?;
    let query = ListGoods { q, category, state, few, deleted: false, sort, cursor: None };
    let (mime, name) = match format {
        SheetFormat::Csv => ("text/csv; charset=utf-8", "goods.csv"),
        SheetFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "goods.xlsx"),
    };
    // Writing ten thousand products takes a while.
    let written = tokio::task::spawn_blocking(move || {
        let chosen = query.choose(&catalogue)?;
        match format {
            SheetFormat::Csv => csv(&chosen, &catalogue.frame, lang).map_err(|error| Problem::internal(&error)),
            SheetFormat::Xlsx => xlsx(&chosen, &catalogue.frame, lang).map_err(|error| Problem::internal(&error)),
        }
    });
    let written = written.await.map_err(|error| Problem::internal(&error))?;
    let bytes = written.map_err(Problem::of_this_request)?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(|error| Problem::internal(&error))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    Ok(response)
}

fn csv(goods: &[&Kept], frame: &Frame, lang: Lang) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = write::csv(csv::Terminator::CRLF);
    writer.write_record(Column::EACH.iter().map(|column| column.head(lang)))?;
    for kept in goods {
        writer.write_record(sheet::cells(kept, frame, lang).map(|cell| write::harmless(&cell.to_string())))?;
    }
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

fn xlsx(goods: &[&Kept], frame: &Frame, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (head, price, wrapped) = (Format::new().set_bold(), Format::new().set_num_format("0.00"), Format::new().set_text_wrap());
    let page = book.add_worksheet();
    page.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(Column::EACH) {
        page.set_column_width(at, column.spec().width)?;
        page.write_string_with_format(0, at, column.head(lang), &head)?;
    }
    for (row, kept) in (1..).zip(goods) {
        for (at, cell) in (0..).zip(sheet::cells(kept, frame, lang)) {
            match cell {
                // A number of 15 digits is exact in a cell; the highest price has 11.
                Cell::Price(fen) => page.write_number_with_format(row, at, fen as f64 / 100.0, &price)?,
                Cell::Count(count) => page.write_number(row, at, count as f64)?,
                Cell::Text(text) if text.contains('\n') => page.write_string_with_format(row, at, text, &wrapped)?,
                Cell::Text(text) => page.write_string(row, at, text)?,
            };
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_file_holds_the_rows_of_the_list_and_no_formula() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = |zh: &str, price: i64| json!({"category": "phones", "name": {"zh": zh, "en": "=cmd|' /C calc'!A0"}, "price_fen": price, "stock": 3});
        ada.post("/api/v1/goods", new("远帆, \"F1\"", 299_900)).await.expect(201);
        ada.post("/api/v1/goods", new("近山;=1+1", 5)).await.expect(201);
        let answer = ada.get("/api/v1/goods-export?lang=zh-CN&sort=price_up").await;
        assert_eq!((answer.header("content-type"), answer.header("content-disposition")), ("text/csv; charset=utf-8", "attachment; filename=\"goods.csv\""));
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
        assert!(lines[0].starts_with(r#""编号","分类","名称（中文）","名称（英文）","价格","库存","状态","#), "{text}");
        assert!(lines[1].starts_with(r#""g-002","手机","近山;=1+1","'=cmd|' /C calc'!A0","0.05","3","草稿","#), "{text}");
        assert!(lines[2].starts_with(r#""g-001","手机","远帆, ""F1""","'=cmd|' /C calc'!A0","2999.00","3","草稿","#), "{text}");
        let english = ada.get("/api/v1/goods-export?lang=en&q=g-002").await;
        let english = String::from_utf8(english.body.to_vec()).unwrap();
        assert!(english.contains(r#""g-002","Phones","近山;=1+1","#) && !english.contains("g-001"), "{english}");

        let book = ada.get("/api/v1/goods-export?format=xlsx").await;
        assert!(book.body.starts_with(b"PK") && book.header("content-disposition").contains("goods.xlsx"));
        ada.get("/api/v1/goods-export?format=pdf").await.problem(422, "invalid_value");
        app.get("/api/v1/goods-export").await.problem(401, "not_signed_in");
    }
}
