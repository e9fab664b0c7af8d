//! `POST /api/v1/knowledge/import`: imports a file, which is shown row by row and applied entirely or not at all.

use std::collections::HashMap;

use axum::{Json, extract::State, http::StatusCode};
use content::knowledge::{KnowledgeEntry, MAX_ENTRIES};
use domain::{id::AgentId, policy::Permission, refusal::Code, revision::Revision, text::Bilingual};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidQuery, WholeBody},
    permitted::Permitted,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use serde::{Deserialize, Serialize};
use store_knowledge::knowledge_drafts::{Draft, NewDraft};
use utoipa::{IntoParams, ToSchema};

use crate::{
    draft::{
        categories, create, effort,
        table::{self, Row},
        view::DraftState,
    },
    sheet,
};

/// The largest file, in bytes.
pub const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;
/// The most entries that one file may change or add: they are written in one transaction, which must not take long.
pub const MAX_CHANGED_ROWS: usize = 500;

/// Whether the file is only previewed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// `false` shows what would happen; `true` applies it, if no row has errors.
    #[serde(default)]
    pub apply: bool,
}

/// What a file contains.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    /// Rows in the file's order, without those that would change nothing.
    pub rows: Vec<ImportRow>,
    /// The number of entries that are added.
    pub new: usize,
    /// The number of entries that are changed.
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
pub struct ImportRow {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The id of its entry.
    pub id: String,
    /// The question of its entry.
    pub question: Bilingual,
    /// What the row does: `new`, `changed` or `same`.
    pub change: DraftState,
    /// The fields that change.
    pub fields: Vec<&'static str>,
    /// The errors in the row.
    pub errors: Vec<ImportError>,
}

/// An error in a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportError {
    /// The column's name; `row` for an error in the whole row.
    pub column: String,
    /// The error's code: `cells`, `id`, `twice`, `category`, `value` or `heavy`.
    pub code: &'static str,
    /// A description in English.
    pub title: String,
}

/// Drafts by id.
type ById<'a> = HashMap<&'a str, &'a Draft>;

fn change(row: &Row, drafts: &ById<'_>) -> (DraftState, Vec<&'static str>) {
    match drafts.get(row.entry.id.as_str()).filter(|_| row.known) {
        None => (DraftState::New, Vec::new()),
        Some(draft) => {
            let fields = row.entry.differences(&draft.entry);
            (if fields.is_empty() && !draft.removed { DraftState::Same } else { DraftState::Changed }, fields)
        }
    }
}

fn view_of(rows: Vec<Row>, drafts: &ById<'_>) -> ImportView {
    let mut view = ImportView { rows: Vec::new(), new: 0, changed: 0, same: 0, bad: 0, applied: false };
    for row in rows {
        let (change, fields) = change(&row, drafts);
        match change {
            _ if !row.errors.is_empty() => view.bad += 1,
            DraftState::New => view.new += 1,
            DraftState::Same => view.same += 1,
            _ => view.changed += 1,
        }
        if change == DraftState::Same && row.errors.is_empty() {
            continue;
        }
        let errors = row.errors.into_iter().map(|e| ImportError { column: e.column, code: e.code, title: e.what }).collect();
        view.rows.push(ImportRow { line: row.line, id: row.entry.id, question: row.entry.question, change, fields, errors });
    }
    view
}

/// The rows, with how much work those are to learn that change something. This takes a while for a large file.
async fn estimate_all(rows: Vec<(bool, Row)>) -> Result<Vec<Row>, Problem> {
    let estimate = move || rows.into_iter().map(|(is_changed, row)| if is_changed { row.estimate() } else { row }).collect();
    tokio::task::spawn_blocking(estimate).await.map_err(|error| Problem::internal(&error))
}

/// Shows what a file would change in the draft, with each bad cell by line and column; with `apply`, makes the changes.
///
/// The file is CSV in UTF-8, UTF-16 or GBK with commas, semicolons or tabs, or an .xlsx workbook. The columns are those of the export; whatever the file does
/// not name stays as it is. A repeated import changes nothing, because rows are matched by id or question.
#[utoipa::path(post, path = "/knowledge/import", tag = "knowledge", security(("staff" = [])), params(ImportQuery),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 200, body = ImportView), Problems))]
pub async fn import_knowledge(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ImportQuery>,
    WholeBody(body): WholeBody,
) -> Result<Json<ImportView>, Problem> {
    let permitted = actor.require(Permission::EditKnowledge)?;
    let tenant = actor.tenant();
    let table = sheet::read(&app, tenant, body.clone(), MAX_ENTRIES).await?;
    let (drafts, categories) = {
        let mut tx = app.db().snapshot_of(tenant).await?;
        (store_knowledge::knowledge_drafts::list(&mut tx, tenant).await?, categories::all(&mut tx, tenant).await?)
    };
    let known: Vec<KnowledgeEntry> = drafts.iter().map(|draft| draft.entry.clone()).collect();
    let rows = table::read(table, &known, &categories, || create::new_id(&app));
    let rows = rows.map_err(sheet::unreadable)?;
    let by_id: ById<'_> = drafts.iter().map(|draft| (draft.entry.id.as_str(), draft)).collect();
    let rows = rows.into_iter().map(|row| (change(&row, &by_id).0 != DraftState::Same, row)).collect();
    let rows = estimate_all(rows).await?;
    let changing: Vec<Row> = rows.iter().filter(|row| change(row, &by_id).0 != DraftState::Same).cloned().collect();
    let mut view = view_of(rows, &by_id);
    if !query.apply {
        return Ok(Json(view));
    }
    if let Some(row) = view.rows.iter().find(|row| !row.errors.is_empty()) {
        let (field, title) = (format!("line {}", row.line), format!("{} rows have errors; nothing was imported", view.bad));
        return Err(Problem::invalid(field, Code::KnowledgeRows, title));
    }
    if changing.len() > MAX_CHANGED_ROWS || view.new + drafts.len() > MAX_ENTRIES {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Code::KnowledgeTooMany,
            format!("at most {MAX_CHANGED_ROWS} changes at a time, {MAX_ENTRIES} entries in total"),
        ));
    }
    take_over(&app, permitted.of_upload(&body), actor.staff.agent, changing, drafts).await?;
    view.applied = true;
    Ok(Json(view))
}

/// Writes all rows, or none if somebody has changed one of the entries in the meantime.
async fn take_over(app: &App, permitted: Permitted, agent: AgentId, rows: Vec<Row>, drafts: Vec<Draft>) -> Result<(), Problem> {
    let now = app.env().now();
    let write = permitted.write(app, move |tx| {
        Box::pin(async move {
            let tenant = tx.tenant();
            crate::edit(tx).await?;
            categories::must_be_there(tx, tenant, &rows.iter().map(|row| &row.entry).collect::<Vec<_>>()).await?;
            let all = store_knowledge::knowledge_drafts::effort(tx, tenant).await?;
            let mut new = Vec::new();
            for row in rows {
                let Some(before) = drafts.iter().find(|draft| draft.entry.id == row.entry.id) else {
                    new.push(NewDraft { entry: row.entry, effort: row.effort });
                    continue;
                };
                let seen = before.updated_at;
                let draft = Draft { entry: row.entry, effort: row.effort, removed: false, updated_at: Revision(seen).next(now), ..before.clone() };
                store_knowledge::knowledge_drafts::update(tx, tenant, &draft, seen, Some(agent)).await?;
            }
            store_knowledge::knowledge_drafts::insert(tx, tenant, &new, Some(agent), now).await?;
            effort::must_fit(tx, all).await
        })
    });
    write.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/import";

    #[tokio::test]
    async fn a_bad_line_is_named_and_nothing_is_imported() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        let before = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        let file = "category,question_zh,answer_zh\nplans,能把手机寄到月球吗,不能。\nno such,第二个问题,答\n".as_bytes().to_vec();
        let shown = mira.upload(PATH, "text/csv", file.clone()).await.expect(200);
        assert_eq!((&shown["new"], &shown["bad"], &shown["applied"]), (&json!(1), &json!(1), &json!(false)));
        assert_eq!(
            (&shown["rows"][1]["line"], &shown["rows"][1]["errors"][0]["column"], &shown["rows"][1]["errors"][0]["code"]),
            (&json!(3), &json!("category"), &json!("category"))
        );
        mira.upload(&format!("{PATH}?apply=true"), "text/csv", file).await.problem_at(422, "knowledge_rows", "line 3");
        assert_eq!(mira.get("/api/v1/knowledge").await.expect(200)["revision"], before);
        mira.upload(PATH, "text/csv", b"id|question\n".to_vec()).await.problem_at(422, "knowledge_file", "line 1");
        mira.upload(PATH, "text/csv", b"\xff\xff\xff".to_vec()).await.problem_at(422, "invalid_value", "file");
        app.agent("ada").await.upload(PATH, "text/csv", Vec::new()).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn what_was_exported_changes_nothing_and_a_changed_cell_one_entry() {
        let app = TestApp::with_demo().await;
        let mira = app.staff_of(&app.demo().await, Role::Manager, "mira").await;
        let file = mira.get("/api/v1/knowledge/export.csv").await.body;
        let shown = mira.upload(PATH, "text/csv", file).await.expect(200);
        assert_eq!((&shown["same"], &shown["rows"]), (&json!(180), &json!([])));
        let one = "id,answer_en\nkb-002,Changed in a spreadsheet\n".as_bytes().to_vec();
        let applied = mira.upload(&format!("{PATH}?apply=true"), "text/csv", one.clone()).await.expect(200);
        assert_eq!((&applied["changed"], &applied["applied"], &applied["rows"][0]["fields"]), (&json!(1), &json!(true), &json!(["answer"])));
        let entry = mira.get("/api/v1/knowledge/entries/kb-002").await.expect(200);
        assert_eq!((&entry["draft"]["answer"]["en"], &entry["state"]), (&json!("Changed in a spreadsheet"), &json!("changed")));
        assert_eq!(mira.upload(&format!("{PATH}?apply=true"), "text/csv", one).await.expect(200)["changed"], 0);
    }
}
