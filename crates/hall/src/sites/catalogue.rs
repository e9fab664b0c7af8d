//! `GET /api/v1/sites/{key}/catalogue`: returns everything that is on sale.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use content::plan::Plan;
use domain::text::Bilingual;
use http_kit::{
    App,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use service::catalogue::Category;
use utoipa::ToSchema;

use crate::goods::fields::GoodsCard;

/// Everything that is on sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Catalogue {
    /// The currency, an ISO 4217 code.
    pub currency: String,
    /// Categories, in the order in which they are shown.
    pub categories: Vec<Category>,
    /// The names of tags that customers see, by the tag's id.
    pub tag_names: BTreeMap<String, Bilingual>,
    /// Goods, in the order in which they are shown.
    pub goods: Vec<GoodsCard>,
    /// Plans, in the order in which they are shown.
    pub plans: Vec<Plan>,
}

/// Returns everything that is on sale.
#[utoipa::path(get, path = "/sites/{key}/catalogue", tag = "sites", params(("key" = String, Path)), responses((status = 200, body = Catalogue), Problems))]
pub async fn get_catalogue(State(app): State<App>, ValidPath(key): ValidPath<String>) -> Result<Json<Catalogue>, Problem> {
    let site = super::site(&app, &key).await?;
    let catalogue = app.catalogue(site.tenant).await?;
    let frame = catalogue.frame.clone();
    let goods = catalogue.goods.iter().map(GoodsCard::from).collect();
    Ok(Json(Catalogue { currency: frame.currency, categories: frame.categories, tag_names: frame.tag_names, goods, plans: catalogue.plans.clone() }))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_demo_sells_goods_in_five_categories_and_plans() {
        let app = TestApp::with_demo().await;
        let catalogue = app.get("/api/v1/sites/demo/catalogue").await.expect(200);
        let count = |list: &str| catalogue[list].as_array().unwrap().len();
        assert_eq!((count("categories"), count("goods"), count("plans")), (5, 44, 12));
        assert_eq!(catalogue["currency"], "CNY");
        for goods in catalogue["goods"].as_array().unwrap() {
            assert!(!goods["tagline"]["zh"].as_str().unwrap().is_empty() && goods.get("description").is_none(), "{goods}");
        }
    }

    #[tokio::test]
    async fn a_company_without_goods_sells_nothing() {
        let app = TestApp::with_demo().await;
        let catalogue = app.anyone_at(&app.company).get("/api/v1/sites/alpha/catalogue").await.expect(200);
        assert_eq!(catalogue["goods"], serde_json::json!([]));
    }
}
