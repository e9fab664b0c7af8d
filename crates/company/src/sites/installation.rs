//! `GET /api/v1/company/sites/{id}/installation`

use axum::{Json, extract::State};
use domain::{id::SiteId, policy::Permission, site::LOADER_VERSION, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::site_sightings::Sighting;
use utoipa::ToSchema;

/// Where a site's snippet was seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteInstallation {
    /// The version of the loader that this server hands out.
    pub loader: i64,
    /// The pages on which the chat was loaded, latest first, at most 20; empty if it was not seen yet.
    pub pages: Vec<SeenPage>,
}

/// A page on which the chat was loaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeenPage {
    /// The page's address, without its query.
    pub page: String,
    /// The version of the loader there; an older one than the server's stands in somebody's cache, or in a copy of it.
    pub loader: i64,
    /// When it was first seen there.
    pub first_at: Ts,
    /// When it was last seen there, to the minute.
    pub last_at: Ts,
}

/// Says whether the snippet of a site was seen, and where.
#[utoipa::path(get, path = "/company/sites/{id}/installation", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path)),
    responses((status = 200, body = SiteInstallation), Problems))]
pub async fn get_installation(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SiteId>) -> Result<Json<SiteInstallation>, Problem> {
    actor.require(Permission::Settings)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    store::sites::get(&mut tx, actor.tenant(), id).await?;
    let seen = |Sighting { page, loader, first_at, last_at }| SeenPage { page, loader, first_at: Ts(first_at), last_at: Ts(last_at) };
    let pages = store::site_sightings::list(&mut tx, actor.tenant(), id).await?.into_iter().map(seen).collect();
    Ok(Json(SiteInstallation { loader: LOADER_VERSION, pages }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_page_of_a_site_says_where_its_snippet_was_seen() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
        let path = format!("/api/v1/company/sites/{}/installation", site["id"].as_str().unwrap());
        let seen = async || tara.get(&path).await.expect(200)["pages"].clone();
        assert_eq!(seen().await, json!([]));
        let say = async |page: &str, loader: i64| app.post("/api/v1/sites/alpha/sightings", json!({"page": page, "loader": loader})).await;
        assert_eq!(say("https://Shop.example/cart?token=secret#top", 1).await.status.as_u16(), 204);
        assert_eq!(say("http://localhost:5173/", 2).await.status.as_u16(), 204);
        let now = app.env().now();
        let page = |page: &str, loader: i64| json!({"page": page, "loader": loader, "first_at": now, "last_at": now});
        assert_eq!(seen().await, json!([page("http://localhost:5173/", 2), page("https://shop.example/cart", 1)]));
        // The same page counts once a minute.
        say("https://shop.example/cart?x", 2).await;
        assert_eq!(seen().await[1]["loader"], 1);
        app.clock.advance(60_001);
        say("https://shop.example/cart?x", 2).await;
        assert_eq!((&seen().await[0]["loader"], &seen().await[0]["first_at"]), (&json!(2), &json!(now)));
        for wrong in ["", "file:///home/x", "javascript:alert(1)", "shop.example", &format!("https://a.example/{}", "x".repeat(400))] {
            say(wrong, 2).await.problem_at(422, "invalid_value", "page");
        }
        say("https://a.example/", 0).await.problem_at(422, "invalid_value", "loader");
        let change = json!({"origins": ["https://shop.example"], "seen": site["updated_at"]});
        tara.patch(&format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap()), change).await.expect(200);
        say("https://elsewhere.example/", 2).await.problem_at(422, "invalid_value", "page");
        app.post("/api/v1/sites/nothing/sightings", json!({"page": "https://a.example/", "loader": 2})).await.problem(404, "not_found");
        app.manager("mira").await.get(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.get(&path).await.problem(404, "not_found");
    }
}
