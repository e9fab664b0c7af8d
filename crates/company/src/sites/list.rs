//! `GET /api/v1/company/sites`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App, addressed,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::CompanySiteView;

/// The sites of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanySites {
    /// Oldest first.
    pub items: Vec<CompanySiteView>,
}

/// Lists the company's sites.
#[utoipa::path(get, path = "/company/sites", tag = "company", security(("staff" = [])), responses((status = 200, body = CompanySites), Problems))]
pub async fn list_sites(State(app): State<App>, actor: StaffActor) -> Result<Json<CompanySites>, Problem> {
    actor.require(Permission::Settings)?;
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let brand = store::tenants::get(&mut tx, actor.tenant()).await?.brand;
    let sites = store::sites::list(&mut tx, actor.tenant()).await?;
    let items = sites.into_iter().map(|site| CompanySiteView::new(site, brand.as_deref(), &addressed::base(&app))).collect();
    Ok(Json(CompanySites { items }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_site_comes_with_what_is_pasted_into_a_page() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let listed = tara.get("/api/v1/company/sites").await.expect(200);
        let site = &listed["items"][0];
        assert_eq!((&site["key"], &site["asks_rating"], &site["origins"]), (&json!("alpha"), &json!(true), &json!([])));
        assert_eq!(site["snippet"], format!(r#"<script async src="{}/w.js" data-site="alpha"></script>"#, app.base));
        let company = tara.get("/api/v1/company").await.expect(200);
        tara.patch("/api/v1/company", json!({"brand": "#123456", "seen": company["updated_at"]})).await.expect(200);
        let coloured = tara.get("/api/v1/company/sites").await.expect(200);
        assert_eq!(coloured["items"][0]["snippet"], format!(r##"<script async src="{}/w.js" data-site="alpha" data-color="#123456"></script>"##, app.base));
        app.manager("mira").await.get("/api/v1/company/sites").await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/company/sites").await.expect(200);
        assert_eq!(foreign["items"].as_array().unwrap().iter().map(|site| site["key"].clone()).collect::<Vec<_>>(), ["beta"]);
    }
}
