//! `GET /api/v1/hall`: describes the hall of the company to which the request is ed.

use axum::{Json, extract::State};
use domain::{look::shown_of, site::Side, text::Bilingual};
use http_kit::{
    App, addressed,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The hall, and the company it belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hall {
    /// The key of the site its chat belongs to.
    pub site: String,
    /// The company's name.
    pub tenant: Bilingual,
    /// The colour of the chat's launcher, `#rrggbb`, dark enough for white text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub brand: Option<String>,
    /// The corner in which the launcher appears.
    pub side: Side,
    /// How many goods are on sale; without any, the hall has no store.
    pub goods: usize,
    /// How many plans are on sale.
    pub plans: usize,
}

/// Returns the hall, and the company it belongs to.
#[utoipa::path(get, path = "/hall", tag = "sites", responses((status = 200, body = Hall), Problems))]
pub async fn get_hall(State(app): State<App>) -> Result<Json<Hall>, Problem> {
    let company = addressed::company()?;
    let (site, tenant) = {
        let mut tx = app.db().read_of(company).await?;
        let site = store::sites::of_hall(&mut tx, company).await?.ok_or_else(Problem::not_found)?;
        (site, store::tenants::get(&mut tx, company).await?)
    };
    let brand = shown_of(site.settings.brand.as_deref(), tenant.brand.as_deref());
    let catalogue = app.catalogue(site.tenant).await?;
    let (goods, plans) = (catalogue.goods.len(), catalogue.plans.len());
    Ok(Json(Hall { site: site.key, tenant: tenant.name, brand, side: site.settings.side, goods, plans }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_hall_belongs_to_the_first_site() {
        let app = TestApp::new().await;
        app.other_company("beta").await;
        let hall = json!({"site": "alpha", "tenant": {"zh": "alpha", "en": "alpha"}, "side": "end", "goods": 0, "plans": 0});
        assert_eq!(app.get("/api/v1/hall").await.expect(200), hall);
    }

    #[tokio::test]
    async fn its_launcher_looks_as_the_site_and_else_as_the_company_says() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let company = tara.get("/api/v1/company").await.expect(200);
        tara.patch("/api/v1/company", json!({"brand": "#123456", "seen": company["updated_at"]})).await.expect(200);
        assert_eq!(app.get("/api/v1/hall").await.expect(200)["brand"], "#123456");
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
        let path = format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap());
        tara.patch(&path, json!({"brand": "#654321", "side": "start", "seen": site["updated_at"]})).await.expect(200);
        let hall = app.get("/api/v1/hall").await.expect(200);
        assert_eq!((&hall["brand"], &hall["side"]), (&json!("#654321"), &json!("start")));
    }
}
