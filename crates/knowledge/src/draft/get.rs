//! `GET /api/v1/knowledge/entries/{id}`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use crate::draft::view::EntryView;

/// Returns an entry of the draft, beside what is live.
#[utoipa::path(get, path = "/knowledge/entries/{id}", tag = "knowledge", security(("staff" = [])), params(("id" = String, Path)),
    responses((status = 200, body = EntryView), Problems))]
pub async fn get_knowledge_entry(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<String>) -> Result<Json<EntryView>, Problem> {
    actor.require(Permission::CurateKnowledge)?;
    Ok(Json(store_knowledge::knowledge_drafts::get(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), &id).await?.into()))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn an_entry_is_read_by_editors_of_its_company() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/knowledge/entries", json!({"category": "plans", "question": {"zh": "问"}})).await.expect(201);
        let path = format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap());
        assert_eq!(mira.get(&path).await.expect(200), made);
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
        assert_eq!(app.agent("ada").await.get(&path).await.expect(200), made);
        mira.get("/api/v1/knowledge/entries/%00").await.problem(404, "not_found");
    }
}
