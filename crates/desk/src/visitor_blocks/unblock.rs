//! `DELETE /api/v1/conversations/{id}/block`

use axum::extract::State;
use domain::{id::ConversationId, policy::OverConversations};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::VisitorBlockView;

/// Lifts the block of the visitor of a conversation that one may serve.
#[utoipa::path(delete, path = "/conversations/{id}/block", tag = "conversations", security(("staff" = [])),
    params(("id" = ConversationId, Path), OnceHeader), responses((status = 204, description = "The visitor is not blocked any more"), Problems))]
pub async fn unblock_visitor(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<ConversationId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let staff = actor.staff.clone();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let block = service::visitor_blocks::unblock(tx, &staff, id).await?;
            tx.note_change(&VisitorBlockView::from(block), &());
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_block_is_lifted_once_and_not_by_who_does_not_see_the_conversation() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/block");
        mira.put(&path, json!({"reason": "spam"})).await.expect(200);
        app.agent("eve").await.delete(&path).await.problem(404, "not_found");
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
    }
}
