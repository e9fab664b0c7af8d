//! `PUT /api/v1/conversations/{id}/block`

use axum::{extract::State, http::StatusCode};
use domain::{id::ConversationId, policy::OverConversations, time::Ts, visitor_block};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::VisitorBlockView;

/// Why a visitor is blocked, and until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisitorBlock {
    /// Why: one line, at most 200 characters. The customer does not read it.
    pub reason: String,
    /// Until when, within a year; null means for good.
    #[serde(default)]
    pub until: Option<Ts>,
}

/// Blocks the visitor of a conversation that one may serve: whatever the visitor sends is refused, and no conversation begins. What was said can still be read.
#[utoipa::path(put, path = "/conversations/{id}/block", tag = "conversations", security(("staff" = [])), params(("id" = ConversationId, Path), OnceHeader),
    request_body = NewVisitorBlock, responses((status = 200, body = VisitorBlockView), Problems))]
pub async fn block_visitor(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    OnceJson(once, new): OnceJson<NewVisitorBlock>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let (staff, reason, until) = (actor.staff.clone(), new.reason.trim().to_owned(), new.until);
    visitor_block::check(&reason, until, app.env().now()).map_err(|error| Problem::invalid(error.field(), error.code(), error.to_string()))?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (before, now) = service::visitor_blocks::block(tx, &staff, id, reason, until).await?;
            let (before, view) = (before.map(VisitorBlockView::from), VisitorBlockView::from(now));
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_block_has_a_reason_and_replaces_the_one_before() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/block");
        mira.put(&path, json!({"reason": "a\nb"})).await.problem_at(422, "invalid_value", "reason");
        for reason in ["spam", "insults"] {
            assert_eq!(mira.put(&path, json!({"reason": reason})).await.expect(200)["reason"], reason);
        }
        assert_eq!(mira.get("/api/v1/visitor-blocks").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
