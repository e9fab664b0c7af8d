//! `GET /api/v1/boards/{id}`

use axum::{Json, extract::State};
use domain::{id::BoardId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::{seen_by, view::BoardView};

/// Returns a board.
#[utoipa::path(get, path = "/boards/{id}", tag = "boards", security(("staff" = [])), params(("id" = BoardId, Path)),
    responses((status = 200, body = BoardView), Problems))]
pub async fn get_board(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<BoardId>) -> Result<Json<BoardView>, Problem> {
    actor.require(Permission::Panel)?;
    let member = actor.staff.agent;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    Ok(Json(BoardView::to(member, seen_by(&mut tx, actor.tenant(), member, id).await?)))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_private_board_of_somebody_else_is_as_good_as_none() {
        let app = TestApp::new().await;
        let (mira, tara) = (app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        let (private, shared) = (json!({"name": "Mine", "tiles": []}), json!({"name": "Ours", "shared": true, "tiles": []}));
        let (private, shared) = (mira.post("/api/v1/boards", private).await.expect(201), mira.post("/api/v1/boards", shared).await.expect(201));
        let path = |board: &serde_json::Value| format!("/api/v1/boards/{}", board["id"].as_str().unwrap());
        assert_eq!(mira.get(&path(&private)).await.expect(200), private);
        tara.get(&path(&private)).await.problem(404, "not_found");
        assert_eq!(tara.get(&path(&shared)).await.expect(200)["own"], json!(false));
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path(&shared)).await.problem(404, "not_found");
        app.agent("ada").await.get(&path(&shared)).await.problem(403, "not_permitted");
        mira.get("/api/v1/boards/nonsense").await.problem(404, "not_found");
    }
}
