//! `GET /api/v1/question-kinds`

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::QuestionKindView;

/// All kinds of question of the company.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionKinds {
    /// In the order in which they were added; at most 100, archived ones included.
    pub items: Vec<QuestionKindView>,
}

/// Lists the company's kinds of question.
#[utoipa::path(get, path = "/question-kinds", tag = "queues", security(("staff" = [])), responses((status = 200, body = QuestionKinds), Problems))]
pub async fn list_question_kinds(State(app): State<App>, actor: StaffActor) -> Result<Json<QuestionKinds>, Problem> {
    let tenant = actor.tenant();
    let found = store::question_kinds::all(&mut app.db().read_of(tenant).await?, tenant).await?;
    Ok(Json(QuestionKinds { items: found.into_iter().map(QuestionKindView::from).collect() }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_company_s_kinds_of_question_are_those_of_its_own() {
        let app = TestApp::new().await;
        let (mira, ada, beta) = (app.manager("mira").await, app.agent("ada").await, app.other_company("beta").await);
        let made = mira.post("/api/v1/question-kinds", json!({"name": {"zh": "退费", "en": "Refund"}})).await.expect(201);
        assert_eq!(ada.get("/api/v1/question-kinds").await.expect(200)["items"], json!([made]));
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/question-kinds").await.expect(200)["items"], json!([]));
        app.get("/api/v1/question-kinds").await.problem(401, "not_signed_in");
    }
}
