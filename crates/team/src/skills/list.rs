//! `GET /api/v1/skills`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::SkillView;

/// A company's skills.
#[derive(Debug, Serialize, ToSchema)]
pub struct Skills {
    /// Oldest first.
    pub items: Vec<SkillView>,
}

/// Lists skills.
#[utoipa::path(get, path = "/skills", tag = "queues", security(("staff" = [])), responses((status = 200, body = Skills), Problems))]
pub async fn list_skills(State(app): State<App>, actor: StaffActor) -> Result<Json<Skills>, Problem> {
    actor.require(Permission::ManageQueues)?;
    let items = SkillView::all(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(Skills { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_the_skills_of_the_company_are_listed_and_only_to_those_who_manage_queues() {
        let app = TestApp::new().await;
        let (mira, beta) = (app.manager("mira").await, app.other_company("beta").await);
        let made = mira.post("/api/v1/skills", json!({"name": {"zh": "英语", "en": "English"}})).await.expect(201);
        assert_eq!(mira.get("/api/v1/skills").await.expect(200)["items"], json!([made]));
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/skills").await.expect(200)["items"], json!([]));
        app.agent("ada").await.get("/api/v1/skills").await.problem(403, "not_permitted");
    }
}
