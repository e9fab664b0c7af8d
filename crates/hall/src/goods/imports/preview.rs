//! `POST /api/v1/goods-imports` and `GET /api/v1/goods-imports/{id}`: preview what a file would do.

use axum::{Json, extract::State, http::StatusCode};
use content::goods;
use domain::{
    id::{ImportId, TenantId},
    policy::Permission,
    refusal::Code,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, WholeBody},
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use platform::one_each::InProgress;
use serde::Serialize;
use service::catalogue::{self, Catalogue};
use utoipa::ToSchema;

use super::{
    plan::{Change, Plan, fingerprint, plan},
    read::{self, BadCell, Table},
};
use crate::goods::fields::Column;

/// The most wrong cells that are reported.
const MOST_BAD: usize = 100;
/// The most changes that are reported.
const MOST_CHANGES: usize = 200;

/// After how many seconds another file may be processed: this one has been read by then.
const RETRY_S: u32 = 2;
fn too_many() -> Problem {
    Problem::conflict(
        Code::TooManyImports,
        format!("at most {} files can await confirmation; apply or discard one (the oldest is removed after a day)", goods::MAX_IMPORTS),
    )
}

/// The change that a row would make.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportChange {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The product's id.
    pub id: String,
    /// The product's name.
    pub name: Bilingual,
    /// Whether the product is new.
    pub new: bool,
    /// The columns that would change.
    pub columns: Vec<Column>,
    /// The current price in fen; `null` if the product is new.
    #[schema(required)]
    pub old_price_fen: Option<i64>,
    /// The new price in fen.
    pub price_fen: i64,
}

/// What a file would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoodsImport {
    /// The import's id.
    pub id: ImportId,
    /// The first hundred wrong cells. While there are any, the import cannot be applied.
    pub bad: Vec<BadCell>,
    /// The number of wrong cells in all.
    pub bad_total: usize,
    /// The number of products that would be added.
    pub new: usize,
    /// The number of products that would be changed.
    pub changed: usize,
    /// The number of rows that would change nothing.
    pub unchanged: usize,
    /// The first two hundred products that would be added or changed.
    pub changes: Vec<ImportChange>,
    /// Column headings that are not known; these columns are ignored.
    pub ignored: Vec<String>,
    /// A fingerprint of what the preview is based on; send it back to apply the import. If the catalogue has changed since, nothing is applied.
    pub seen: String,
}

impl From<&Change> for ImportChange {
    fn from(change: &Change) -> Self {
        let Change { line, kept, before, columns } = change;
        let product = &kept.product;
        Self {
            line: *line,
            id: product.id.clone(),
            name: product.name.clone(),
            new: before.is_none(),
            columns: columns.clone(),
            old_price_fen: before.as_ref().map(|before| before.product.price_fen),
            price_fen: product.price_fen,
        }
    }
}

/// A table, what it would do, and a fingerprint of what that is based on.
pub(super) struct Made {
    pub(super) table: Table,
    pub(super) plan: Plan,
    pub(super) catalogue: Catalogue,
    pub(super) seen: String,
}

/// Begins to process a company's file, or refuses it while another one is being processed.
pub(super) fn begin(app: &App, tenant: TenantId) -> Result<InProgress, Problem> {
    let running = || Problem {
        retry_after: Some(RETRY_S),
        ..Problem::conflict(Code::ImportRunning, "another file of the company is being processed; try again in a moment")
    };
    app.in_memory().imports.begin(tenant).ok_or_else(running)
}

/// Works out what a table would do to the catalogue as the record has it now. The company counts as busy until that is done, whether or not anybody waits for
/// it.
pub(super) async fn make(app: &App, actor: &StaffActor, table: Table, at_it: InProgress) -> Result<Made, Problem> {
    let (tenant, sets_prices) = (actor.tenant(), actor.staff.may(Permission::SetPrices));
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let stored = catalogue::load(&mut tx, tenant).await?;
    let versions = store_hall::goods::versions(&mut tx, tenant).await?;
    let last = store_hall::goods_numbers::last(&mut tx, tenant).await?;
    drop(tx);
    let now = app.env().now();
    let work = move || {
        let _until_done = at_it;
        let catalogue = stored.build()?;
        let plan = plan(&table, &catalogue, &versions, last, (now, sets_prices));
        let seen = fingerprint(&plan.ids, &versions, catalogue.frame_at);
        Ok(Made { table, plan, catalogue, seen })
    };
    Ok(catalogue::aside(work).await?)
}

/// Reads a stored table.
pub(super) async fn read_table(app: &App, tenant: TenantId, id: ImportId) -> Result<Table, Problem> {
    let json = store_hall::goods_imports::get(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    serde_json::from_str(&json).map_err(|error| Problem::internal(&error))
}

fn view(id: ImportId, made: Made) -> GoodsImport {
    let Plan { bad, changes, unchanged, ids: _ } = &made.plan;
    let new = changes.iter().filter(|change| change.before.is_none()).count();
    GoodsImport {
        id,
        bad: bad.iter().take(MOST_BAD).cloned().collect(),
        bad_total: bad.len(),
        new,
        changed: changes.len() - new,
        unchanged: *unchanged,
        changes: changes.iter().take(MOST_CHANGES).map(ImportChange::from).collect(),
        ignored: made.table.ignored,
        seen: made.seen,
    }
}

/// Reads a file of goods and returns what it would do, without doing it yet.
///
/// The file has at most 2 MB and 1,000 rows: CSV in UTF-8, UTF-16 or GBK, or an .xlsx workbook, with the headings of the export in either language. Fields for
/// which a column is missing stay as they are. The file is kept for a day.
#[utoipa::path(post, path = "/goods-imports", tag = "goods", security(("staff" = [])),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 201, body = GoodsImport), Problems))]
pub async fn prepare_import(State(app): State<App>, actor: StaffActor, WholeBody(body): WholeBody) -> Result<(StatusCode, Json<GoodsImport>), Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, id, now) = (actor.tenant(), ImportId::new(app.env().uuid()), app.env().now());
    let at_it = begin(&app, tenant)?;
    if store_hall::goods_imports::count(&mut app.db().read_of(actor.tenant()).await?, tenant).await? >= goods::MAX_IMPORTS {
        return Err(too_many());
    }
    let permitted = permitted.of_upload(&body).making(&id);
    // One file at a time: a workbook takes memory while it is read.
    let sheets = &app.in_memory().sheets;
    let (read, at_it) = sheets.run(sheets.place(tenant)?, move || (read::read(&body), at_it)).await?;
    let table = read.map_err(Problem::of_this_request)?;
    let made = make(&app, &actor, table, at_it).await?;
    let json = serde_json::to_string(&made.table).map_err(|error| Problem::internal(&error))?;
    let kept = permitted.write(&app, move |tx| {
        Box::pin(async move {
            if store_hall::goods_imports::count(tx, tenant).await? >= goods::MAX_IMPORTS {
                return Err(too_many().into());
            }
            Ok(store_hall::goods_imports::insert(tx, tenant, id, &json, now).await?)
        })
    });
    kept.await?;
    Ok((StatusCode::CREATED, Json(view(id, made))))
}

/// Returns what a file would do to the catalogue as it is now.
#[utoipa::path(get, path = "/goods-imports/{id}", tag = "goods", security(("staff" = [])), params(("id" = ImportId, Path)), responses((status = 200, body = GoodsImport), Problems))]
pub async fn get_import(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ImportId>) -> Result<Json<GoodsImport>, Problem> {
    actor.require(Permission::EditGoods)?;
    let at_it = begin(&app, actor.tenant())?;
    let table = read_table(&app, actor.tenant(), id).await?;
    Ok(Json(view(id, make(&app, &actor, table, at_it).await?)))
}

/// Discards a file that nobody needs any more; nothing else changes.
#[utoipa::path(delete, path = "/goods-imports/{id}", tag = "goods", security(("staff" = [])), params(("id" = ImportId, Path), OnceHeader),
    responses((status = 204, description = "The file is forgotten"), Problems))]
pub async fn discard_import(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ImportId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let tenant = actor.tenant();
    let gone = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store_hall::goods_imports::delete(tx, tenant, id).await?;
            Ok(Answer::nothing())
        })
    });
    gone.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Answer;

    async fn shop(app: &TestApp) -> StaffClient {
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": "phones", "name": {"zh": "远帆", "en": "Farsail"}, "price_fen": 299_900, "stock": 3});
        ada.post("/api/v1/goods", new).await.expect(201);
        ada
    }
    const GOOD: &str = "ID,Category,Name (English),Price\n,Phones,Nearhill,99\n";
    async fn upload(who: &StaffClient, text: &str) -> Answer {
        who.upload("/api/v1/goods-imports", "text/csv", text.as_bytes().to_vec()).await
    }

    #[tokio::test]
    async fn each_wrong_cell_is_named_by_line_column_and_reason() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let text = "编号,分类,名称（中文）,价格,库存,状态,参数\n\
            g-001,手机,远帆,2999.999,3,在售,\n\
            ,手机,近山,abc,1,草稿,\n\
            ,手机,近山,,1,草稿,\n\
            ,飞机,近山,1,-1,sold,a|b\n\
            ,手机,,1,1,草稿,\n\
            a b,手机,近山,1,1,草稿,\n\
            g-9,手机,近山,-5,1,草稿\n";
        let preview = upload(&ada, text).await.expect(201);
        let told: Vec<(u64, &str, &str)> = preview["bad"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bad| (bad["line"].as_u64().unwrap(), bad["column"].as_str().unwrap_or("-"), bad["fault"].as_str().unwrap()))
            .collect();
        let expected = [
            (2, "price", "price_decimals"),
            (3, "price", "price_not_a_number"),
            (4, "price", "price_missing"),
            (5, "category", "category"),
            (5, "stock", "stock"),
            (5, "state", "state"),
            (5, "properties", "properties"),
            (6, "name_zh", "name"),
            (7, "id", "id"),
            (8, "-", "cell_count"),
        ];
        let mut expected = expected.to_vec();
        // Both names are empty: the error is reported under the English name, for which the file has no column.
        expected[7].1 = "name_en";
        assert_eq!(told, expected);
        assert_eq!((&preview["bad_total"], &preview["bad"][1]["text"]), (&json!(10), &json!("abc")));
        assert_eq!(ada.get("/api/v1/goods").await.expect(200)["total"], 1);
    }

    #[tokio::test]
    async fn a_preview_counts_what_is_new_changed_and_as_it_was() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let export = ada.get("/api/v1/goods-export?lang=zh-CN").await.body.to_vec();
        let same = ada.upload("/api/v1/goods-imports", "text/csv", export).await.expect(201);
        assert_eq!((&same["new"], &same["changed"], &same["unchanged"]), (&json!(0), &json!(0), &json!(1)));
        let book = ada.get("/api/v1/goods-export?format=xlsx&lang=en").await.body.to_vec();
        assert_eq!(ada.upload("/api/v1/goods-imports", "text/csv", book).await.expect(201)["unchanged"], 1);

        let preview =
            upload(&ada, "ID,Category,Name (English),Price,Colour\ng-001,Phones,Farsail,\"2,599.00\",red\n,phones,Nearhill,¥99,blue\n").await.expect(201);
        assert_eq!((&preview["new"], &preview["changed"], &preview["ignored"]), (&json!(1), &json!(1), &json!(["Colour"])));
        let change = &preview["changes"][0];
        assert_eq!((&change["columns"], &change["old_price_fen"], &change["price_fen"]), (&json!(["price"]), &json!(299_900), &json!(259_900)));
        assert_eq!((&preview["changes"][1]["id"], &preview["changes"][1]["new"]), (&json!("g-002"), &json!(true)));
        let path = format!("/api/v1/goods-imports/{}", preview["id"].as_str().unwrap());
        assert_eq!(ada.get(&path).await.expect(200), preview);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.get(&path).await.problem(404, "not_found");
    }

    /// A file of some kilobytes that unpacks to far more than any workbook of goods.
    fn bomb() -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &vec![b' '; 64 * 1024 * 1024]).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[tokio::test]
    async fn a_company_looks_through_one_file_at_a_time() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let preview = upload(&ada, GOOD).await.expect(201);
        let path = format!("/api/v1/goods-imports/{}", preview["id"].as_str().unwrap());
        let at_it = app.app().in_memory().imports.begin(app.company.tenant).unwrap();
        for answer in [upload(&ada, GOOD).await, ada.get(&path).await, ada.post(&format!("{path}/apply"), json!({"seen": preview["seen"]})).await] {
            assert_eq!(answer.header("retry-after"), "2");
            answer.problem(409, "import_running");
        }
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
        upload(&bob, GOOD).await.expect(201);
        drop(at_it);
        assert_eq!(ada.get(&path).await.expect(200), preview);
        upload(&ada, "hello").await.problem(422, "import_no_columns");
        ada.post(&format!("{path}/apply"), json!({"seen": preview["seen"]})).await.expect(200);
        upload(&ada, GOOD).await.expect(201);
    }

    #[tokio::test]
    async fn files_that_wait_are_few_and_can_be_discarded() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let mut first = None;
        for _ in 0..content::goods::MAX_IMPORTS {
            let made = upload(&ada, GOOD).await.expect(201);
            first.get_or_insert(format!("/api/v1/goods-imports/{}", made["id"].as_str().unwrap()));
        }
        let refused = upload(&ada, GOOD).await.problem(409, "too_many_imports");
        assert!(refused["title"].as_str().unwrap().contains("discard one"), "{refused}");
        let first = first.unwrap();
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.delete(&first).await.problem(404, "not_found");
        assert_eq!(ada.delete(&first).await.status.as_u16(), 204);
        ada.get(&first).await.problem(404, "not_found");
        ada.delete(&first).await.problem(404, "not_found");
        upload(&ada, GOOD).await.expect(201);
    }

    #[tokio::test]
    async fn what_is_no_file_of_goods_is_refused() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        upload(&ada, "hello").await.problem_at(422, "import_no_columns", "file");
        upload(&ada, "").await.problem_at(422, "import_no_rows", "file");
        ada.upload("/api/v1/goods-imports", "text/csv", vec![b'x'; 2 * 1024 * 1024 + 1]).await.problem(413, "too_large");
        app.upload("/api/v1/goods-imports", "text/csv", b"ID\n1\n".to_vec()).await.problem(401, "not_signed_in");
        let bomb = bomb();
        assert!(bomb.len() < 100 * 1024);
        let refused = ada.upload("/api/v1/goods-imports", "text/csv", bomb).await.problem(422, "import_too_large_unpacked");
        assert!(refused["field"] == "file" && refused["title"].as_str().unwrap().contains("32 MB"), "{refused}");
        let none: Value = ada.get("/api/v1/goods-imports/imp_00000000000000000000000000000001").await.problem(404, "not_found");
        assert_eq!(none["status"], 404);
    }
}
