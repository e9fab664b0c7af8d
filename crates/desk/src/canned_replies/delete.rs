//! `DELETE /api/v1/canned-replies/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::CannedReplyId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::CannedReplyView;

/// Removes a canned reply and notifies every desk.
#[utoipa::path(delete, path = "/canned-replies/{id}", tag = "canned_replies", security(("staff" = [])), params(("id" = CannedReplyId, Path), OnceHeader),
    responses((status = 204, description = "The reply was deleted"), Problems))]
pub async fn delete_canned_reply(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<CannedReplyId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditCannedReplies)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store_desk::canned_replies::get(tx, tenant, id).await?;
            store_desk::canned_replies::delete(tx, tenant, id).await?;
            tx.note_change(&CannedReplyView::from(before), &());
            tx.announce(Changed::CannedReplies).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_reply_is_removed_once() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let one = ada.post("/api/v1/canned-replies", json!({"shortcode": "one", "title": "t", "body": {"en": "x"}})).await.expect(201);
        let path = format!("/api/v1/canned-replies/{}", one["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        assert_eq!(ada.delete(&path).await.status.as_u16(), 204);
        ada.delete(&path).await.problem(404, "not_found");
        ada.delete("/api/v1/canned-replies/nonsense").await.problem(404, "not_found");
        assert_eq!(ada.get("/api/v1/canned-replies").await.expect(200)["items"], json!([]));
    }
}
