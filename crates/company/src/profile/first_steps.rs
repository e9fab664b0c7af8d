//! `GET /api/v1/company/first-steps`: how far a company has come that was opened a moment ago.

use axum::{Json, extract::State};
use domain::{id::SiteId, policy::Permission, time::Ts};
use http_kit::{
    App, addressed,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store::tenants::Beginnings;
use utoipa::ToSchema;

use crate::sites::view::CompanySiteView;

/// How far a company has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstSteps {
    /// Its first site.
    pub site: FirstSite,
    /// How many members it has besides the one who asks.
    pub colleagues: i64,
    /// How many questions its knowledge has, the draft included.
    pub answers: i64,
    /// How many conversations it has had, at most 100.
    pub conversations: i64,
}

/// The first site of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstSite {
    /// The site.
    pub id: SiteId,
    /// Its key.
    pub key: String,
    /// What to put into a page.
    pub snippet: String,
    /// When it was last seen on a page; `null` before that.
    #[schema(required)]
    pub seen_at: Option<Ts>,
    /// That page.
    #[schema(required)]
    pub page: Option<String>,
}

/// Says how far a company has come: its snippet seen on a page, a colleague, the first questions, the first conversation.
#[utoipa::path(get, path = "/company/first-steps", tag = "company", security(("staff" = [])), responses((status = 200, body = FirstSteps), Problems))]
pub async fn get_first_steps(State(app): State<App>, actor: StaffActor) -> Result<Json<FirstSteps>, Problem> {
    actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    let site = store::sites::of_hall(&mut tx, tenant).await?.ok_or_else(Problem::not_found)?;
    let seen = store::site_sightings::list(&mut tx, tenant, site.id).await?.into_iter().next();
    let Beginnings { members, conversations } = store::tenants::beginnings(&mut tx, tenant).await?;
    let answers = store_knowledge::knowledge_drafts::count(&mut tx, tenant).await?;
    let brand = store::tenants::get(&mut tx, tenant).await?.brand;
    let CompanySiteView { id, key, snippet, .. } = CompanySiteView::new(site, brand.as_deref(), &addressed::base(&app));
    let (seen_at, page) = seen.map_or((None, None), |seen| (Some(Ts(seen.last_at)), Some(seen.page)));
    Ok(Json(FirstSteps { site: FirstSite { id, key, snippet, seen_at, page }, colleagues: (members - 1).max(0), answers, conversations }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn each_step_is_seen_once_it_is_done() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let steps = async || tara.get("/api/v1/company/first-steps").await.expect(200);
        let first = steps().await;
        assert_eq!(
            (&first["site"]["key"], &first["site"]["seen_at"], &first["colleagues"], &first["answers"], &first["conversations"]),
            (&json!("alpha"), &json!(null), &json!(0), &json!(0), &json!(0))
        );
        app.agent("ada").await;
        tara.post("/api/v1/knowledge/templates", json!({"trade": "shop"})).await.expect(201);
        app.post("/api/v1/sites/alpha/sightings", json!({"page": "https://shop.example/", "loader": 2})).await;
        app.visitor().await.open("hello").await;
        let then = steps().await;
        assert_eq!(
            (&then["site"]["page"], &then["colleagues"], &then["answers"], &then["conversations"]),
            (&json!("https://shop.example/"), &json!(1), &json!(20), &json!(1))
        );
        app.manager("mira").await.get("/api/v1/company/first-steps").await.problem(403, "not_permitted");
    }
}
