//! `POST /api/v1/boards`

use axum::{extract::State, http::StatusCode};
use domain::{
    board::{self, Board},
    entry::Changed,
    id::BoardId,
    policy::Permission,
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
    has_room,
    view::{BoardView, NewTile, tiles_of},
};

/// A board to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBoard {
    /// Its name, 1 to 60 characters.
    pub name: String,
    /// Whether everybody in the company who may see the panels sees it, and may change it.
    #[serde(default)]
    pub shared: bool,
    /// What is on it, at most 12 tiles.
    pub tiles: Vec<NewTile>,
}

/// Adds a board.
#[utoipa::path(post, path = "/boards", tag = "boards", security(("staff" = [])), params(OnceHeader), request_body = NewBoard,
    responses((status = 201, body = BoardView), Problems))]
pub async fn create_board(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewBoard>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let (tenant, owner) = (actor.tenant(), actor.staff.agent);
    let NewBoard { name, shared, tiles } = new;
    let (name, tiles) = (board::name(&name)?, tiles_of(tiles)?);
    let board = Board { id: BoardId::new(app.env().uuid()), tenant, owner, name, shared, tiles, updated_at: app.env().now() };
    let made = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            has_room(tx, &board).await?;
            store::boards::insert(tx, tenant, &board).await?;
            tx.announce(Changed::Boards).await?;
            Answer::json(StatusCode::CREATED, &BoardView::to(owner, board))
        })
    });
    made.await
}

#[cfg(test)]
mod tests {
    use domain::board::{MAX_BOARDS, MAX_OWN_BOARDS};
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    fn with(tile: Value) -> Value {
        json!({"name": "Night shift", "tiles": [{"indicator": "dialogue", "form": "number", "range": "today"}, tile]})
    }

    #[tokio::test]
    async fn a_board_keeps_its_tiles_in_order_and_is_announced() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let made = mira
            .post(
                "/api/v1/boards",
                json!({"name": " Night shift ", "shared": true, "tiles": [
                    {"indicator": "service_level", "form": "line", "range": "days_30", "split": "queue", "wide": true},
                    {"indicator": "first_reply_p90", "form": "number", "range": "days_7", "split": "agent", "part": "agt_1"},
                    {"indicator": "no_answer", "form": "bars", "range": "today", "split": "topic"},
                ]}),
            )
            .await
            .expect(201);
        assert!(made["id"].as_str().unwrap().starts_with("brd_"));
        assert_eq!((&made["name"], &made["shared"], &made["own"]), (&json!("Night shift"), &json!(true), &json!(true)));
        let keys: Vec<&Value> = made["tiles"].as_array().unwrap().iter().map(|tile| &tile["indicator"]).collect();
        assert_eq!(keys, [&json!("service_level"), &json!("first_reply_p90"), &json!("no_answer")]);
        assert_eq!(made["tiles"][0], json!({"indicator": "service_level", "form": "line", "range": "days_30", "split": "queue", "part": null, "wide": true}));
        let told = desk.until("entries").await;
        assert_eq!((&told["stream"], &told["entries"][0]["kind"]), (&json!(tenant), &json!("boards_changed")));
        assert_eq!(mira.get("/api/v1/boards").await.expect(200)["items"], json!([made]));
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let number = |change: Value| {
            let mut tile = json!({"indicator": "dialogue", "form": "number", "range": "today"});
            tile.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            with(tile)
        };
        let thirteen = vec![json!({"indicator": "dialogue", "form": "number", "range": "today"}); 13];
        for (body, code, field) in [
            (json!({"name": " ", "tiles": []}), "invalid_value", "name"),
            (json!({"name": "a\u{202e}b", "tiles": []}), "name_deceptive", "name"),
            (json!({"name": "a"}), "missing_field", "tiles"),
            (json!({"name": "a", "tiles": [], "owner": "x"}), "unknown_field", "owner"),
            (json!({"name": "a", "tiles": thirteen}), "invalid_value", "tiles"),
            (number(json!({"indicator": "happiness"})), "invalid_value", "tiles[1].indicator"),
            (number(json!({"indicator": "reply_ms"})), "invalid_value", "tiles[1].indicator"),
            (number(json!({"form": "pie"})), "invalid_value", "tiles[1].form"),
            (number(json!({"range": "week"})), "invalid_value", "tiles[1].range"),
            (number(json!({"split": "mood"})), "invalid_value", "tiles[1].split"),
            (number(json!({"split": "queue"})), "invalid_value", "tiles[1].split"),
            (number(json!({"form": "bars"})), "invalid_value", "tiles[1].split"),
            (number(json!({"part": "que_1"})), "invalid_value", "tiles[1].part"),
        ] {
            mira.post("/api/v1/boards", body).await.problem_at(422, code, field);
        }
        app.agent("ada").await.post("/api/v1/boards", json!({"name": "a", "tiles": []})).await.problem(403, "not_permitted");
        assert_eq!(mira.get("/api/v1/boards").await.expect(200)["items"], json!([]));
    }

    #[tokio::test]
    async fn what_members_keep_for_themselves_takes_no_room_of_what_is_shared() {
        let app = TestApp::new().await;
        let (mira, moe) = (app.manager("mira").await, app.manager("moe").await);
        let new = |shared: bool| json!({"name": "a", "shared": shared, "tiles": []});
        let mut own = json!(null);
        for _ in 0..MAX_OWN_BOARDS {
            own = mira.post("/api/v1/boards", new(false)).await.expect(201);
        }
        mira.post("/api/v1/boards", new(false)).await.problem(409, "too_many_boards");
        for _ in 0..MAX_BOARDS {
            moe.post("/api/v1/boards", new(true)).await.expect(201);
        }
        moe.post("/api/v1/boards", new(true)).await.problem(409, "too_many_boards");
        moe.post("/api/v1/boards", new(false)).await.expect(201);
        // Neither may one be shared while there is no room for it.
        let path = format!("/api/v1/boards/{}", own["id"].as_str().unwrap());
        mira.patch(&path, json!({"shared": true, "seen": own["updated_at"]})).await.problem(409, "too_many_boards");
        mira.patch(&path, json!({"name": "b", "seen": own["updated_at"]})).await.expect(200);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        bob.post("/api/v1/boards", new(true)).await.expect(201);
    }
}
