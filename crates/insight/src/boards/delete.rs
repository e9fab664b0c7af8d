//! `DELETE /api/v1/boards/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::BoardId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::seen_by;

/// Deletes a board.
///
/// Everybody who sees a shared board may delete it.
#[utoipa::path(delete, path = "/boards/{id}", tag = "boards", security(("staff" = [])), params(("id" = BoardId, Path), OnceHeader),
    responses((status = 204, description = "The board was deleted"), Problems))]
pub async fn delete_board(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<BoardId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let (tenant, member) = (actor.tenant(), actor.staff.agent);
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            seen_by(tx, tenant, member, id).await?;
            store::boards::delete(tx, tenant, id).await?;
            tx.announce(Changed::Boards).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_board_is_deleted_once_by_somebody_who_sees_it() {
        let app = TestApp::new().await;
        let (mira, grace) = (app.manager("mira").await, app.manager("grace").await);
        let made = mira.post("/api/v1/boards", json!({"name": "Mine", "tiles": []})).await.expect(201);
        let path = format!("/api/v1/boards/{}", made["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        grace.delete(&path).await.problem(404, "not_found");
        app.agent("ada").await.delete(&path).await.problem(403, "not_permitted");
        mira.patch(&path, json!({"shared": true, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(grace.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        assert_eq!(mira.get("/api/v1/boards").await.expect(200)["items"], json!([]));
    }
}
