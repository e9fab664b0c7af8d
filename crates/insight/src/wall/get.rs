//! `GET /api/v1/wall`

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{header, request::Parts},
};
use domain::{id::TenantId, policy::Permission, time::MINUTE};
use http_kit::{
    App,
    auth::{StaffActor, program},
    permitted::Permitted,
    problem::{Problem, Problems},
    request_company,
};
use platform::env;

use super::view::{self, WallView};

/// How old "last seen" may get before it is updated.
const TOUCH_AFTER_MS: i64 = MINUTE;

/// A caller who may read the wall: a screen with a link, or a member of staff who may see the panels.
#[derive(Debug, Clone, Copy)]
pub struct WallReader {
    tenant: TenantId,
}

impl FromRequestParts<App> for WallReader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
        // A program sends its token in the same place.
        let Some(token) = token.filter(|_| program::token(&parts.headers).is_none()) else {
            let actor = StaffActor::from_request_parts(parts, app).await?;
            actor.require(Permission::Panel)?;
            return Ok(Self { tenant: actor.tenant() });
        };
        let found = store::entry_points::wall_link(app.db(), &env::hash(token.trim())).await?;
        let (tenant, link, seen) = found.filter(|&(tenant, ..)| request_company::enter(tenant)).ok_or_else(Problem::not_signed_in)?;
        if seen.is_none_or(|seen| app.env().now().since(seen) > TOUCH_AFTER_MS) {
            let touched = Permitted::as_system(tenant).write(app, move |tx| Box::pin(async move { Ok(store::wall_links::touch(tx, tenant, link).await?) }));
            touched.await?;
        }
        Ok(Self { tenant })
    }
}

/// Returns what a screen on the wall shows.
///
/// A link gives access to this and nothing else.
#[utoipa::path(get, path = "/wall", tag = "wall", security(("wall" = []), ("staff" = [])), responses((status = 200, body = WallView), Problems))]
pub async fn get_wall(State(app): State<App>, reader: WallReader) -> Result<Json<WallView>, Problem> {
    Ok(Json(view::view(&app, reader.tenant).await?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;

    async fn screen(app: &TestApp) -> (testkit_server::Client, Value) {
        let made = app.manager("mira").await.post("/api/v1/wall-links", json!({"name": "Floor 3"})).await.expect(201);
        (app.with_token(made["token"].as_str().unwrap()), made)
    }

    #[tokio::test]
    async fn a_screen_with_a_link_sees_who_waits_and_nobodys_name() {
        let app = TestApp::new().await;
        let (screen, _) = screen(&app).await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("my secret words").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let wall = eventually("the request is counted", async || {
            let wall = screen.get("/api/v1/wall").await.expect(200);
            (wall["today"]["transfer_request"] == 1).then_some(wall)
        })
        .await;
        assert_eq!((&wall["waiting"], wall["queues"][0]["since"].as_array().unwrap().len()), (&json!(1), 1));
        assert_eq!((&wall["longest_wait_since"], &wall["today"]["good_ratio"]), (&wall["queues"][0]["since"][0], &Value::Null));
        let told = wall.to_string();
        for private in ["secret words", &conversation, "Mira", "mira", "cnv_", "vst_", "agt_"] {
            assert!(!told.contains(private), "{private} in {told}");
        }
    }

    #[tokio::test]
    async fn a_link_reads_the_wall_and_nothing_else() {
        let app = TestApp::new().await;
        let (screen, made) = screen(&app).await;
        screen.get("/api/v1/wall").await.expect(200);
        let own = format!("/api/v1/wall-links/{}", made["id"].as_str().unwrap());
        let document = app.get("/api/v1/openapi.json").await.expect(200);
        let mut refused = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            if path == "/api/v1/wall" {
                continue;
            }
            let path = path.replace("{key}", "dialogue").replace("{indicator}", "dialogue").replace(['{', '}'], "");
            // Operations that need no credentials are open to everybody.
            let needs_some = |operation: &Value| operation["security"].as_array().is_some_and(|ways| ways.iter().all(|way| *way != json!({})));
            for (method, _) in operations.as_object().unwrap().iter().filter(|(_, operation)| needs_some(operation)) {
                let method = method.to_uppercase().parse::<reqwest::Method>().unwrap();
                let answer = screen.send(screen.request(method.clone(), &path).json(&json!({}))).await;
                assert!([401, 404].contains(&answer.status.as_u16()), "{method} {path}: {answer:?}");
                refused += 1;
            }
        }
        assert!(refused > 20);
        screen.delete(&own).await.problem(401, "not_signed_in");
        screen.get("/api/v1/auth/sessions").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn who_has_no_link_sees_no_wall() {
        let app = TestApp::new().await;
        app.get("/api/v1/wall").await.problem(401, "not_signed_in");
        app.with_token(&"0".repeat(64)).get("/api/v1/wall").await.problem(401, "not_signed_in");
        app.visitor().await.get("/api/v1/wall").await.problem(401, "not_signed_in");
        app.agent("ada").await.get("/api/v1/wall").await.problem(403, "not_permitted");
        app.manager("grace").await.get("/api/v1/wall").await.expect(200);
    }
}
