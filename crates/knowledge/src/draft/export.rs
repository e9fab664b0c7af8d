//! `GET /api/v1/knowledge/export.csv`

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use crate::draft::table;

/// Exports the draft as a CSV file: UTF-8 with a byte order mark, one row per entry.
#[utoipa::path(get, path = "/knowledge/export.csv", tag = "knowledge", security(("staff" = [])),
    responses((status = 200, description = "The draft, a line for each entry", body = String, content_type = "text/csv"), Problems))]
pub async fn export_knowledge(State(app): State<App>, actor: StaffActor) -> Result<Response, Problem> {
    actor.require(Permission::EditKnowledge)?.note(&app).await?;
    let drafts = store_knowledge::knowledge_drafts::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let entries: Vec<_> = drafts.into_iter().filter(|draft| !draft.removed).map(|draft| draft.entry).collect();
    let file = table::to_csv(&entries).map_err(|error| Problem::internal(&error))?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"knowledge.csv\"")];
    Ok((headers, file).into_response())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_spreadsheet_opens_the_draft() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "怎么换套餐", "en": "=1"}})).await.expect(201);
        let file = mira.get("/api/v1/knowledge/export.csv").await;
        assert_eq!((file.header("content-type"), file.header("content-disposition")), ("text/csv; charset=utf-8", "attachment; filename=\"knowledge.csv\""));
        let text = String::from_utf8(file.body).unwrap();
        assert!(text.starts_with("\u{feff}\"id\",\"category\",\"question_zh\"") && text.contains(r#","plans","怎么换套餐","'=1","#), "{text}");
        app.agent("ada").await.get("/api/v1/knowledge/export.csv").await.problem(403, "not_permitted");
    }
}
