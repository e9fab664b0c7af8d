//! `GET /api/v1/knowledge/graph-export.csv` and `POST /api/v1/knowledge/graph-import`

use std::collections::HashMap;

use axum::{Json, extract::State, response::Response};
use content::graph::{Addition, GraphItem, Relation, RelationKind};
use db::Tx;
use domain::{id::TenantId, policy::Permission, revision::Revision, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidQuery, WholeBody},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use service::graph::{Names, addition_to, by_item};

use super::{Whole, check};
use crate::{
    draft::{
        table::{Record, records},
        view::DraftState,
    },
    file::{self, ApplyFile, FileView, Planned},
    sheet, teach,
};

const COLUMNS: [&str; 6] = ["item", "aliases_zh", "aliases_en", "compatible_with", "upgrade_of", "faqs"];
/// The most rows of a file: a row for each product.
const MAX_ROWS: usize = 20_000;

fn to(addition: &Addition, kind: RelationKind) -> String {
    addition.relations.iter().filter(|relation| relation.kind == kind).map(|relation| relation.to.as_str()).collect::<Vec<_>>().join(" ")
}

/// Exports what is added to goods, plans, categories and tags as a CSV file: UTF-8 with a byte order mark, one row per item that has something.
#[utoipa::path(get, path = "/knowledge/graph-export.csv", tag = "knowledge", security(("staff" = [])),
    responses((status = 200, description = "What is added, a row for each item", body = String, content_type = "text/csv"), Problems))]
pub async fn export_graph(State(app): State<App>, actor: StaffActor) -> Result<Response, Problem> {
    actor.require(Permission::CurateKnowledge)?.note(&app).await?;
    let items = store_knowledge::graph::items(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let row = |GraphItem { id, addition, .. }: GraphItem| {
        let (with, upgrade) = (to(&addition, RelationKind::CompatibleWith), to(&addition, RelationKind::UpgradeOf));
        vec![id, addition.aliases.zh.join("\n"), addition.aliases.en.join("\n"), with, upgrade, addition.faqs.join(" ")]
    };
    file::download("names.csv", &COLUMNS, items.into_iter().filter(|item| !item.addition.is_empty()).map(row))
}

/// What an item has when the cells of a row are filled in; what the file has no column for stays as it is.
fn filled(row: &Record, mut addition: Addition) -> Addition {
    let ids = |column: &str| row.cell(column).map(|cell| cell.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    if let Some(names) = row.lines("aliases_zh") {
        addition.aliases.zh = names;
    }
    if let Some(names) = row.lines("aliases_en") {
        addition.aliases.en = names;
    }
    for (column, kind) in [("compatible_with", RelationKind::CompatibleWith), ("upgrade_of", RelationKind::UpgradeOf)] {
        if let Some(ids) = ids(column) {
            addition.relations.retain(|relation| relation.kind != kind);
            addition.relations.extend(ids.into_iter().map(|to| Relation { kind, to }));
        }
    }
    addition.faqs = ids("faqs").unwrap_or(addition.faqs);
    addition.tidied()
}

/// The column for an error.
fn column(error: &content::graph::GraphError, addition: &Addition) -> &'static str {
    match error.field {
        "aliases.zh" => "aliases_zh",
        "aliases.en" => "aliases_en",
        "relations" if addition.relations.iter().all(|relation| relation.kind == RelationKind::UpgradeOf) => "upgrade_of",
        "relations" => "compatible_with",
        field => field,
    }
}

/// What the rows of a file would store.
async fn plan(tx: &mut Tx, tenant: TenantId, whole: &Whole, rows: Vec<Record>) -> store::Result<Vec<Planned<GraphItem>>> {
    let mut planned = Vec::with_capacity(rows.len());
    let (mut lines, mut after) = (HashMap::new(), whole.additions.clone());
    for row in rows {
        let id = row.cell("item").unwrap_or_default().to_owned();
        let before = addition_to(&whole.additions, &id);
        let value = GraphItem { addition: filled(&row, before.addition.clone()), ..before.clone() };
        let change = match (value == before, before.addition.is_empty()) {
            (true, _) => DraftState::Same,
            (false, true) => DraftState::New,
            (false, false) => DraftState::Changed,
        };
        let name = whole.item(&id).map_or_else(|_| id.clone(), |item| item.name.get(Lang::Zh).to_owned());
        let mut plan = Planned { line: row.line, name, change, elsewhere: Vec::new(), errors: row.errors.clone(), value };
        if whole.item(&id).is_err() {
            plan.wrong("item", "item", format!("there is no product, plan, category or tag {id:?}"));
        } else if let Err(error) = check(tx, tenant, &whole.items, &id, &plan.value.addition).await? {
            plan.wrong(column(&error, &plan.value.addition), error.code, &error);
        }
        if let Some(line) = lines.insert(id.clone(), row.line) {
            plan.wrong("item", "twice", format!("line {line} has the same item"));
        }
        after.insert(id, plan.value.clone());
        planned.push(plan);
    }
    let names = Names::of(&whole.items, &by_item(after.into_values().collect()));
    for plan in planned.iter_mut().filter(|plan| plan.change != DraftState::Same) {
        plan.elsewhere = names.ambiguous(&plan.value.addition);
    }
    Ok(planned)
}

/// Shows what a file would change in what is added to the catalogue, with each bad cell by line and column; with `apply`, makes the changes.
///
/// The file is CSV, or an .xlsx workbook. Items that the file does not name stay as they are. Names that another item has are shown in the preview, and imported.
#[utoipa::path(post, path = "/knowledge/graph-import", tag = "knowledge", security(("staff" = [])), params(ApplyFile),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 200, body = FileView), Problems))]
pub async fn import_graph(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ApplyFile>,
    WholeBody(body): WholeBody,
) -> Result<Json<FileView>, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let table = sheet::read(&app, tenant, body.clone(), MAX_ROWS).await?;
    let rows = records(table, &COLUMNS, &["item"]).map_err(sheet::unreadable)?;
    let whole = Whole::read(&app, tenant).await?;
    let planned = plan(&mut app.db().snapshot_of(actor.tenant()).await?, tenant, &whole, rows).await?;
    let view = file::view(&planned, query.apply)?;
    if query.apply {
        let changing: Vec<GraphItem> = planned.into_iter().filter(|plan| plan.change != DraftState::Same).map(|plan| plan.value).collect();
        let write = permitted.of_upload(&body).write(&app, move |tx| {
            Box::pin(async move {
                teach(tx).await?;
                for item in changing {
                    let seen = item.updated_at;
                    store_knowledge::graph::put_item(tx, tenant, &GraphItem { updated_at: Revision(seen).next(now), ..item }, seen).await?;
                }
                Ok(())
            })
        });
        write.await?;
    }
    Ok(Json(view))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/graph-import";

    #[tokio::test]
    async fn a_file_is_shown_row_by_row_and_applied_as_a_whole_or_not_at_all() {
        let app = TestApp::with_demo().await;
        let ada = app.staff_of(&app.demo().await, Role::Agent, "ada").await;
        let bad = "item,aliases_zh,compatible_with,faqs\ng-001,大哥大,g-001,\ng-002,小哥,,kb-none\ng-999,无,,\n";
        let shown = ada.upload(PATH, "text/csv", bad.as_bytes().to_vec()).await.expect(200);
        let errors: Vec<_> = (0..3).map(|at| (shown["rows"][at]["line"].clone(), shown["rows"][at]["errors"][0]["code"].clone())).collect();
        assert_eq!(errors, [(json!(2), json!("itself")), (json!(3), json!("entry")), (json!(4), json!("item"))]);
        ada.upload(&format!("{PATH}?apply=true"), "text/csv", bad.as_bytes().to_vec()).await.problem_at(422, "knowledge_rows", "line 2");
        ada.upload(PATH, "text/csv", b"colour\nred\n".to_vec()).await.problem_at(422, "knowledge_file", "line 1");

        let good = "item,aliases_zh,compatible_with,faqs\ng-001,\"大哥大\n砖头\",g-003 cloud-59,kb-002\ncategory:phone,手提电话,,\ng-002,砖头,,\n";
        let shown = ada.upload(PATH, "text/csv", good.as_bytes().to_vec()).await.expect(200);
        assert_eq!((&shown["bad"], &shown["applied"]), (&json!(0), &json!(false)), "{shown}");
        assert!(shown["rows"].as_array().unwrap().iter().any(|row| row["elsewhere"] == json!(["砖头"])), "{shown}");
        ada.upload(&format!("{PATH}?apply=true"), "text/csv", good.as_bytes().to_vec()).await.expect(200);
        let item = ada.get("/api/v1/knowledge/graph/g-001").await.expect(200);
        assert_eq!((&item["aliases"]["zh"], item["relates"].as_array().unwrap().len(), &item["faqs"]), (&json!(["大哥大", "砖头"]), 3, &json!(1)));
        let exported = ada.get("/api/v1/knowledge/graph-export.csv").await;
        assert!(exported.header("content-disposition").contains("names.csv"));
        let again = ada.upload(PATH, "text/csv", exported.body.to_vec()).await.expect(200);
        assert_eq!((&again["rows"], &again["bad"]), (&json!([]), &json!(0)));
    }
}
