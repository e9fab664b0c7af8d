//! `GET /api/v1/boards`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::BoardView;

/// The boards that a member of staff sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct Boards {
    /// Their own and those that are shared, sorted by name.
    pub items: Vec<BoardView>,
}

/// Lists one's own boards and those that are shared.
#[utoipa::path(get, path = "/boards", tag = "boards", security(("staff" = [])), responses((status = 200, body = Boards), Problems))]
pub async fn list_boards(State(app): State<App>, actor: StaffActor) -> Result<Json<Boards>, Problem> {
    actor.require(Permission::Panel)?;
    let member = actor.staff.agent;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let boards = store::boards::list(&mut tx, actor.tenant(), member).await?;
    Ok(Json(Boards { items: boards.into_iter().map(|board| BoardView::to(member, board)).collect() }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn names(boards: &Value) -> Vec<&str> {
        boards["items"].as_array().unwrap().iter().map(|board| board["name"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn everybody_sees_their_own_boards_and_those_that_are_shared() {
        let app = TestApp::new().await;
        let (mira, grace) = (app.manager("mira").await, app.manager("grace").await);
        for (who, name, shared) in [(&mira, "b", false), (&mira, "c", true), (&grace, "a", true), (&grace, "d", false)] {
            who.post("/api/v1/boards", json!({"name": name, "shared": shared, "tiles": []})).await.expect(201);
        }
        let listed = mira.get("/api/v1/boards").await.expect(200);
        assert_eq!(names(&listed), ["a", "b", "c"]);
        assert_eq!(listed["items"].as_array().unwrap().iter().map(|board| board["own"].clone()).collect::<Vec<_>>(), [false, true, true].map(|own| json!(own)));
        assert_eq!(names(&grace.get("/api/v1/boards").await.expect(200)), ["a", "c", "d"]);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/boards").await.expect(200)["items"], json!([]));
        app.agent("ada").await.get("/api/v1/boards").await.problem(403, "not_permitted");
        app.get("/api/v1/boards").await.problem(401, "not_signed_in");
    }
}
