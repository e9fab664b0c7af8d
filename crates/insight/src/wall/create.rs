//! `POST /api/v1/wall-links`

use axum::{extract::State, http::StatusCode};
use domain::{
    id::WallLinkId,
    policy::Permission,
    refusal::Code,
    wall_link::{self, DEFAULT_DAYS, MAX_WALL_LINKS, WallLink},
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use platform::env;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::WallLinkWithToken;

/// A link to be created for a screen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWallLink {
    /// The screen it is for, 1 to 60 characters.
    pub name: String,
    /// For how many days it is valid, 1 to 365.
    #[serde(default = "default_days")]
    pub days: i64,
}

const fn default_days() -> i64 {
    DEFAULT_DAYS
}

/// Creates a link for a screen.
///
/// The answer contains its secret, which is never shown again.
#[utoipa::path(post, path = "/wall-links", tag = "wall", security(("staff" = [])), params(OnceHeader), request_body = NewWallLink,
    responses((status = 201, body = WallLinkWithToken), Problems))]
pub async fn create_wall_link(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewWallLink>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageWalls)?;
    let (tenant, now, made_by) = (actor.tenant(), app.env().now(), actor.staff.name.clone());
    let (name, expires_at) = (wall_link::name(&new.name)?, wall_link::expiry(now, new.days)?);
    let token = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let (id, maker) = (WallLinkId::new(app.env().uuid()), Some(actor.staff.agent));
    let link = WallLink { id, tenant, name, maker, made_by, created_at: now, expires_at, last_seen_at: None };
    let made = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            if store::wall_links::list(tx, tenant).await?.len() >= MAX_WALL_LINKS {
                // Expired links stay visible in the list until their place is needed.
                if store::wall_links::forget_expired(tx, tenant).await? == 0 {
                    let title = format!("a company can have at most {MAX_WALL_LINKS} links; revoke one first");
                    return Err(Problem::conflict(Code::TooManyWallLinks, title).into());
                }
            }
            store::wall_links::insert(tx, tenant, &link, &env::hash(&token)).await?;
            Answer::json(StatusCode::CREATED, &WallLinkWithToken { link: link.into(), token })
        })
    });
    made.await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::DAY};
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_links_secret_is_shown_once_and_kept_by_its_hash() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/wall-links", json!({"name": " 三楼大厅 "})).await.expect(201);
        let token = made["token"].as_str().unwrap();
        assert_eq!((&made["name"], token.len()), (&json!("三楼大厅"), 64));
        let listed = mira.get("/api/v1/wall-links").await.expect(200);
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["last_seen_at"]), (&made["id"], &json!(null)));
        assert!(!listed.to_string().contains(token));
        app.with_token(token).get("/api/v1/wall").await.expect(200);
        assert!(mira.get("/api/v1/wall-links").await.expect(200)["items"][0]["last_seen_at"].is_i64());
    }

    #[tokio::test]
    async fn a_screen_needs_a_name_and_there_is_room_for_fifty() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for name in ["", "  ", "a\nb", &"x".repeat(61)] {
            mira.post("/api/v1/wall-links", json!({"name": name})).await.problem_at(422, "invalid_value", "name");
        }
        app.agent("ada").await.post("/api/v1/wall-links", json!({"name": "x"})).await.problem(403, "not_permitted");
        for n in 0..50 {
            mira.post("/api/v1/wall-links", json!({"name": format!("{n}")})).await.expect(201);
        }
        mira.post("/api/v1/wall-links", json!({"name": "51"})).await.problem(409, "too_many_wall_links");
    }

    #[tokio::test]
    async fn a_link_runs_out_after_the_days_that_were_chosen() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        app.set_password(&tara.member, "long enough").await;
        for (body, days) in [(json!({"name": "a"}), 90), (json!({"name": "b", "days": 7}), 7)] {
            let made = tara.post("/api/v1/wall-links", body).await.expect(201);
            assert_eq!(made["expires_at"], json!(app.env().now().plus(days * DAY)));
        }
        for days in [0, 366] {
            tara.post("/api/v1/wall-links", json!({"name": "c", "days": days})).await.problem_at(422, "invalid_value", "days");
        }
        let made = tara.post("/api/v1/wall-links", json!({"name": "c", "days": 1})).await.expect(201);
        let screen = app.with_token(made["token"].as_str().unwrap());
        app.clock.advance(DAY - 1);
        screen.get("/api/v1/wall").await.expect(200);
        app.clock.advance(1);
        screen.get("/api/v1/wall").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn links_that_have_run_out_make_room() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for n in 0..50 {
            mira.post("/api/v1/wall-links", json!({"name": format!("{n}"), "days": 1 + n / 49})).await.expect(201);
        }
        mira.post("/api/v1/wall-links", json!({"name": "51"})).await.problem(409, "too_many_wall_links");
        app.clock.advance(DAY);
        let mira = app.manager("grace").await;
        assert_eq!(mira.get("/api/v1/wall-links").await.expect(200)["items"].as_array().unwrap().len(), 50);
        mira.post("/api/v1/wall-links", json!({"name": "51"})).await.expect(201);
        assert_eq!(mira.get("/api/v1/wall-links").await.expect(200)["items"].as_array().unwrap().len(), 2);
    }
}
