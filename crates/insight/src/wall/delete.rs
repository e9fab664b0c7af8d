//! `DELETE /api/v1/wall-links/{id}`

use axum::extract::State;
use domain::{id::WallLinkId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Revokes a link; its screen can no longer read the wall.
#[utoipa::path(delete, path = "/wall-links/{id}", tag = "wall", security(("staff" = [])), params(("id" = WallLinkId, Path), OnceHeader),
    responses((status = 204, description = "The link opens nothing any more"), Problems))]
pub async fn delete_wall_link(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<WallLinkId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageWalls)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::wall_links::delete(tx, tenant, id).await?;
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
    async fn a_revoked_link_opens_nothing_at_once() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/wall-links", json!({"name": "Floor 3"})).await.expect(201);
        let screen = app.with_token(made["token"].as_str().unwrap());
        screen.get("/api/v1/wall").await.expect(200);
        let path = format!("/api/v1/wall-links/{}", made["id"].as_str().unwrap());
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        screen.get("/api/v1/wall").await.expect(200);
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        screen.get("/api/v1/wall").await.problem(401, "not_signed_in");
        mira.delete(&path).await.problem(404, "not_found");
    }
}
