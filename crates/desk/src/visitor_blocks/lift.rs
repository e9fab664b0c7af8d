//! `DELETE /api/v1/visitor-blocks/{id}`

use axum::extract::State;
use domain::{id::VisitorId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::VisitorBlockView;

/// Lifts the block of a visitor. It is for those who set up the queues.
#[utoipa::path(delete, path = "/visitor-blocks/{id}", tag = "conversations", security(("staff" = [])), params(("id" = VisitorId, Path), OnceHeader),
    responses((status = 204, description = "The visitor is not blocked any more"), Problems))]
pub async fn lift_visitor_block(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<VisitorId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let block = service::visitor_blocks::lift(tx, id).await?;
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
    async fn it_is_lifted_by_those_who_set_up_queues() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/block");
        let blocked = mira.put(&path, json!({"reason": "spam"})).await.expect(200);
        let one = format!("/api/v1/visitor-blocks/{}", blocked["visitor"].as_str().unwrap());
        app.agent("ada").await.delete(&one).await.problem(403, "not_permitted");
        assert_eq!(mira.delete(&one).await.status.as_u16(), 204);
        assert_eq!(mira.get("/api/v1/visitor-blocks").await.expect(200)["items"], json!([]));
    }
}
