//! `PATCH /api/v1/boards/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    board::{self, Board},
    entry::Changed,
    id::{AgentId, BoardId},
    policy::Permission,
    revision::Revision,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    has_room, seen_by,
    view::{BoardView, NewTile, tiles_of},
};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether to share it. Only who created it makes it private again.
    #[serde(default)]
    pub shared: Option<bool>,
    /// Everything that is to be on it.
    #[serde(default)]
    pub tiles: Option<Vec<NewTile>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl BoardChange {
    fn apply(self, to: Board, by: AgentId, now: Ts) -> Result<Board, Problem> {
        let Self { name, shared, tiles, seen: _ } = self;
        if shared == Some(false) && to.shared && to.owner != by {
            return Err(Problem::not_permitted());
        }
        let name = name.map_or(Ok(to.name), |raw| board::name(&raw))?;
        let tiles = tiles.map_or(Ok(to.tiles), tiles_of)?;
        Ok(Board { name, shared: shared.unwrap_or(to.shared), tiles, updated_at: Revision(to.updated_at).next(now), ..to })
    }
}

/// Changes a board, unless somebody else has changed it in the meantime.
///
/// Everybody who sees a shared board may change it.
#[utoipa::path(patch, path = "/boards/{id}", tag = "boards", security(("staff" = [])), params(("id" = BoardId, Path), OnceHeader),
    request_body = BoardChange, responses((status = 200, body = BoardView), Problems))]
pub async fn update_board(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<BoardId>,
    OnceJson(once, change): OnceJson<BoardChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let (tenant, member, seen, now) = (actor.tenant(), actor.staff.agent, change.seen, app.env().now());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let found = seen_by(tx, tenant, member, id).await?;
            if found.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            let was_shared = found.shared;
            let changed = change.apply(found, member, now)?;
            if changed.shared != was_shared {
                has_room(tx, &changed).await?;
            }
            store::boards::update(tx, tenant, &changed, seen).await?;
            tx.announce(Changed::Boards).await?;
            Answer::json(StatusCode::OK, &BoardView::to(member, changed))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn made(who: &StaffClient, shared: bool) -> (String, Value) {
        let tiles = json!([{"indicator": "dialogue", "form": "number", "range": "today"}]);
        let board = who.post("/api/v1/boards", json!({"name": "Bot", "shared": shared, "tiles": tiles})).await.expect(201);
        (format!("/api/v1/boards/{}", board["id"].as_str().unwrap()), board["updated_at"].clone())
    }

    #[tokio::test]
    async fn what_is_left_out_stays_and_two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let (mira, grace) = (app.manager("mira").await, app.manager("grace").await);
        let (path, seen) = made(&mira, true).await;
        let renamed = grace.patch(&path, json!({"name": "Robots", "seen": seen})).await.expect(200);
        assert_eq!((&renamed["name"], &renamed["shared"], &renamed["own"]), (&json!("Robots"), &json!(true), &json!(false)));
        assert_eq!(renamed["tiles"].as_array().unwrap().len(), 1);
        mira.patch(&path, json!({"tiles": [], "seen": seen})).await.problem(409, "conflict");
        let emptied = mira.patch(&path, json!({"tiles": [], "seen": renamed["updated_at"]})).await.expect(200);
        assert_eq!((&emptied["tiles"], &emptied["name"]), (&json!([]), &json!("Robots")));
        mira.patch(&path, json!({"tiles": [{"indicator": "x", "form": "number", "range": "today"}], "seen": emptied["updated_at"]})).await.problem_at(
            422,
            "invalid_value",
            "tiles[0].indicator",
        );
    }

    #[tokio::test]
    async fn a_shared_board_is_made_private_by_who_created_it_and_then_nobody_else_finds_it() {
        let app = TestApp::new().await;
        let (mira, tara) = (app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        let (path, seen) = made(&mira, true).await;
        tara.patch(&path, json!({"shared": false, "seen": seen})).await.problem(403, "not_permitted");
        let private = mira.patch(&path, json!({"shared": false, "seen": seen})).await.expect(200);
        tara.patch(&path, json!({"name": "x", "seen": private["updated_at"]})).await.problem(404, "not_found");
        tara.get(&path).await.problem(404, "not_found");
        assert_eq!(mira.get(&path).await.expect(200), private);
    }

    #[tokio::test]
    async fn another_companys_board_is_as_good_as_none() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let (path, seen) = made(&mira, true).await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        bob.patch(&path, json!({"name": "stolen", "seen": seen})).await.problem(404, "not_found");
        app.agent("ada").await.patch(&path, json!({"name": "x", "seen": seen})).await.problem(403, "not_permitted");
        assert_eq!(mira.get(&path).await.expect(200)["name"], json!("Bot"));
    }
}
