//! `GET /api/v1/sites/{key}/goods/{id}`: returns a product.

use axum::{Json, extract::State};
use http_kit::{
    App,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use crate::goods::fields::Goods;

/// Returns a product with its data sheet.
#[utoipa::path(get, path = "/sites/{key}/goods/{id}", tag = "sites", params(("key" = String, Path), ("id" = String, Path)), responses((status = 200, body = Goods), Problems))]
pub async fn get_goods(State(app): State<App>, ValidPath((key, id)): ValidPath<(String, String)>) -> Result<Json<Goods>, Problem> {
    let site = super::site(&app, &key).await?;
    let catalogue = app.catalogue(site.tenant).await?;
    catalogue.goods(&id).map(|goods| Json(goods.into())).ok_or_else(Problem::not_found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn goods_come_with_their_data_sheet() {
        let app = TestApp::with_demo().await;
        let goods = app.get("/api/v1/sites/demo/goods/g-001").await.expect(200);
        assert_eq!((&goods["id"], &goods["price_fen"]), (&json!("g-001"), &json!(499_900)));
        assert_eq!(goods["attributes"][0]["unit"], "in");
        app.get("/api/v1/sites/demo/goods/g-999").await.problem(404, "not_found");
        app.get("/api/v1/sites/alpha/goods/g-001").await.problem(404, "not_found");
    }
}
