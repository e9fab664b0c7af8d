//! `POST /api/v1/question-kinds`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{QuestionKindId, QueueId},
    policy::Permission,
    question_kind::{DetailField, QuestionKind},
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    refuse_unknown,
    view::{QuestionKindView, trimmed},
};

/// A kind of question to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestionKind {
    /// The name, which customers see: in at least one language, at most 30 characters each, not used by another kind.
    pub name: Bilingual,
    /// The queue in which such questions wait; if omitted, that of the site.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// What customers are asked to add, at most 3.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub details: Vec<DetailField>,
}

/// Adds a kind of question; a company has at most 100, archived ones included.
#[utoipa::path(post, path = "/question-kinds", tag = "queues", security(("staff" = [])), params(OnceHeader), request_body = NewQuestionKind,
    responses((status = 201, body = QuestionKindView), Problems))]
pub async fn create_question_kind(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewQuestionKind>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let kind = QuestionKind {
        id: QuestionKindId::new(app.env().uuid()),
        name: new.name.trimmed(),
        queue: new.queue,
        details: trimmed(new.details),
        archived_at: None,
        updated_at: now,
    };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            kind.check(&store::question_kinds::all(tx, tenant).await?).map_err(Problem::from)?;
            refuse_unknown(tx, tenant, kind.queue).await?;
            store::question_kinds::insert(tx, tenant, &kind).await?;
            tx.announce(Changed::Queues).await?;
            Answer::json(StatusCode::CREATED, &QuestionKindView::from(kind))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_adds_nothing() {
        let app = TestApp::new().await;
        let (mira, beta) = (app.manager("mira").await, app.other_company("beta").await);
        let made = mira.post("/api/v1/question-kinds", json!({"name": {"zh": "退费", "en": "Refund"}})).await.expect(201);
        let field = |zh: &str| json!({"label": {"zh": zh}, "required": false});
        for (body, status, code, at) in [
            (json!({"name": {"zh": "", "en": "REFUND"}}), 409, "question_kind_name_taken", "name"),
            (json!({"name": {"zh": " "}}), 422, "invalid_value", "name"),
            (json!({"name": {"zh": "x"}, "queue": beta.queue.to_string()}), 422, "invalid_value", "queue"),
            (json!({"name": {"zh": "x"}, "details": [field("一"), field("一")]}), 422, "invalid_value", "details.1.label"),
            (json!({"name": {"zh": "x"}, "details": [field("一"), field("二"), field("三"), field("四")]}), 422, "invalid_value", "details"),
        ] {
            mira.post("/api/v1/question-kinds", body).await.problem_at(status, code, at);
        }
        assert_eq!(mira.get("/api/v1/question-kinds").await.expect(200)["items"], json!([made]));
        app.agent("ada").await.post("/api/v1/question-kinds", json!({"name": {"zh": "x"}})).await.problem(403, "not_permitted");
    }
}
